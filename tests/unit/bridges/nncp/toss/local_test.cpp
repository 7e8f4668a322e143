// SPDX-License-Identifier: Apache-2.0
// What is done on this machine: programs, incoming files, answers, mails that say so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "bridges/nncp/toss/chunks.h"
#include "bridges/nncp/toss/notice_mail.h"
#include "gateway/base/program.h"
#include "tests/unit/bridges/nncp/toss/rx_stage.h"

namespace waypost::nncp {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Files = std::map<std::string, std::string>;
namespace fs = std::filesystem;

PlainHeader file(const std::string& name) { return {PacketType::File, 96, name}; }

TEST(NncpLocal, ANameThatIsTakenGetsANumber) {
    RxStage relay("relay");
    for (const char* text : {"first", "second", "third"}) {
        relay.put(file("docs/a.txt"), text);
        EXPECT_EQ(relay.toss().done, 1u);
    }
    EXPECT_EQ(
        relay.files("incoming"),
        (Files{{"docs/a.txt", "first"}, {"docs/a.txt.0", "second"}, {"docs/a.txt.1", "third"}}));
}

TEST(NncpLocal, ALargeFileArrivesWithoutACopy) {
    RxStage relay("relay");
    relay.put(file("a.bin"), mth_pattern(1'000'000));
    EXPECT_EQ(relay.toss().done, 1u);
    EXPECT_TRUE(relay.files("incoming").at("a.bin") == mth_pattern(1'000'000));
    EXPECT_EQ(relay.files("incoming").size(), 1u);
}

TEST(NncpLocal, NoNameLeadsOutOfTheFolder) {
    const std::string nul("a\0b", 3);
    for (const std::string& bad :
         {std::string(), std::string("/etc/x"), std::string("../x"), std::string("a/../../x"),
          std::string("a/.."), std::string("."), std::string("../incoming-evil/x"), nul}) {
        RxStage relay("relay");
        const auto packet = relay.put(file(bad), "text");
        const auto ask = relay.put({PacketType::Freq, 96, bad}, "back");
        EXPECT_EQ(relay.toss().put_aside, 2u) << bad;
        EXPECT_TRUE(relay.put_aside(packet) && relay.put_aside(ask));
        EXPECT_THAT(relay.files("incoming"), IsEmpty());
    }
}

TEST(NncpLocal, LinksAreNotFollowed) {
    RxStage relay("relay");
    relay.write("secret/key", "secret");
    fs::create_directory_symlink(relay / "secret", relay / "incoming/out");
    fs::create_directory_symlink(relay / "secret", relay / "freq/out");
    fs::create_symlink(relay / "secret/key", relay / "freq/key");
    fs::create_symlink(relay / "secret/key", relay / "incoming/key");
    relay.put(file("out/x"), "text");
    relay.put({PacketType::Freq, 96, "out/key"}, "back");
    relay.put({PacketType::Freq, 96, "key"}, "back");
    EXPECT_EQ(relay.toss().kept, 3u);
    EXPECT_EQ(relay.files("secret"), (Files{{"key", "secret"}}));
    EXPECT_THAT(relay.queued_for("village"), IsEmpty());
    relay.put(file("key"), "text");
    EXPECT_EQ(relay.toss().done, 1u) << "beside the link";
    EXPECT_EQ(relay.files("secret"), (Files{{"key", "secret"}}));
    EXPECT_EQ(slurp(relay / "incoming/key.0"), "text");
}

TEST(NncpLocal, WhatIsNotAllowedStaysUntilItIs) {
    RxStage relay("relay");
    Node& village = relay.config().nodes.at("village");
    const auto incoming = village.incoming;
    village.incoming.clear();
    village.exec.clear();
    village.freq_path.clear();
    relay.put(file("a"), "text");
    relay.put({PacketType::Exec, 96, std::string("rmail\0a", 7)}, packed("mail"));
    relay.put({PacketType::Freq, 96, "a"}, "b");
    EXPECT_EQ(relay.toss().kept, 3u);
    for (const Tossed& each : relay.told()) EXPECT_THAT(each.why, HasSubstr("village"));
    village.incoming = incoming;
    EXPECT_EQ(relay.toss().done, 1u);
}

TEST(NncpLocal, AProgramThatFailsRunsAgain) {
    RxStage relay("relay");
    relay.let_programs_end_with(75);
    const auto packet = relay.put(vector_of("exec-zstd"));
    EXPECT_EQ(relay.toss().kept, 1u);
    EXPECT_EQ(relay.told()[0].why, "sendmail ended with status 75");
    EXPECT_TRUE(relay.in_rx(packet));
    relay.let_programs_end_with(0);
    EXPECT_EQ(relay.toss().done, 1u);
    ASSERT_EQ(relay.runs().size(), 2u);
    EXPECT_EQ(relay.runs()[1].input, vector_of("exec-zstd").content);
}

// They run at the same time; each answers for its own packet.
TEST(NncpLocal, OfManyProgramsTheOneThatFailsIsKept) {
    RxStage relay("relay");
    relay.config().nodes.at("village").exec["pick"] = {
        "/bin/sh", "-c", "read text; [ \"$text\" = \"of $1\" ] && [ $1 != 7 ]", "sh"};
    std::vector<SpoolPacket> packets;
    for (int i = 0; i < 20; ++i) {
        const std::string number = std::to_string(i);
        packets.push_back(relay.put({PacketType::Exec, 96, std::string("pick\0", 5) + number},
                                    packed("of " + number + "\n")));
    }
    const TossCounts counts = relay.toss();
    EXPECT_EQ(counts.done, 19u);
    EXPECT_EQ(counts.kept, 1u);
    for (std::size_t i = 0; i < packets.size(); ++i) EXPECT_EQ(relay.in_rx(packets[i]), i == 7);
    EXPECT_EQ(relay.told_of(packets[7])->why, "pick ended with status 1");
    EXPECT_EQ(relay.said().size(), 19u);
}

TEST(NncpLocal, OnlyProgramsThatRunNowRunTwiceIfTheTossIsKilled) {
    struct Killed : LocalHandlers {
        using LocalHandlers::LocalHandlers;
        Result<void> settle(std::vector<Failure>& failed) override {
            for (const auto& each : packets) seen += spool().seen(each.node, each.name) ? 1u : 0u;
            return LocalHandlers::settle(failed);
        }
        std::vector<SpoolPacket> packets;
        std::size_t seen = 0;
    };
    RxStage relay("relay");
    LocalOptions options;
    options.sync = false;
    Killed local(relay.config(), relay.spool(), options);
    for (int i = 0; i < 20; ++i)
        local.packets.push_back(
            relay.put({PacketType::ExecFat, 1, "rmail"}, "mail " + std::to_string(i)));
    EXPECT_EQ(relay.toss(local).done, 20u);
    EXPECT_GE(local.seen, 13u) << "at most 7 are still running when it asks";
}

TEST(NncpLocal, EmptyInputIsEmpty) {
    RxStage relay("relay");
    relay.put({PacketType::Exec, 96, "rmail"}, "");
    EXPECT_EQ(relay.toss().done, 1u);
    ASSERT_EQ(relay.runs("fakermail").size(), 1u);
    EXPECT_EQ(relay.runs("fakermail")[0].input, "");
    EXPECT_EQ(relay.runs("fakermail")[0].arguments, "");
}

TEST(NncpLocal, AProgramThatDoesNotEndIsEnded) {
    Program program;
    program.words = {"/bin/sh", "-c", "echo begun; exec sleep 1000"};
    program.patience = std::chrono::seconds(0);
    const auto ended = run_program(program);
    ASSERT_TRUE(ended.ok());
    EXPECT_TRUE(ended->too_slow);
    EXPECT_EQ(ended->status, -1);
    program.words = {"/no/such/program"};
    EXPECT_FALSE(run_program(program).ok());
    program.words = {"sh", "-c", "echo out; echo err >&2; kill -9 $$"};
    program.patience = std::chrono::seconds(60);
    const auto killed = run_program(program);
    ASSERT_TRUE(killed.ok());
    EXPECT_EQ(killed->status, -1);
    EXPECT_EQ(killed->output, "out\nerr\n");
}

TEST(NncpLocal, OutputIsBoundedAndTheBackgroundIsNotWaitedFor) {
    Program program;
    program.words = {"/bin/sh", "-c", "sleep 1000 & echo $! >&2; yes | head -c 1000000"};
    const auto ended = run_program(program);
    ASSERT_TRUE(ended.ok());
    EXPECT_EQ(ended->status, 0);
    EXPECT_EQ(ended->output.size(), 64u * 1024);
    ::kill(std::stoi(ended->output), SIGKILL);
}

TEST(NncpLocal, AFolderIsAnsweredWithATar) {
    RxStage relay("relay");
    relay.write("freq/pub/a.txt", "a");
    relay.write("freq/pub/sub/b.txt", "b");
    fs::create_symlink("/etc/passwd", relay / "freq/pub/link");
    relay.put({PacketType::Freq, 200, "pub"}, "pub.tar");
    EXPECT_EQ(relay.toss().done, 1u);
    const auto queued = relay.queued_for("village");
    ASSERT_EQ(queued.size(), 1u);
    RxStage village("village");
    village.put(queued[0], "relay");
    EXPECT_EQ(village.toss().done, 1u);
    Program list;
    list.words = {"tar", "-tf", (village / "incoming/pub.tar").string()};
    const auto listed = run_program(list);
    ASSERT_TRUE(listed.ok());
    EXPECT_EQ(listed->output, "pub/\npub/a.txt\npub/sub/\npub/sub/b.txt\n");
}

TEST(NncpLocal, TheTarIsOneThatOthersUnpack) {
    const std::string deep = "pub/" + std::string(120, 'd') + "/" + std::string(150, 'n');
    RxStage relay("relay");
    relay.write("freq/" + deep, mth_pattern(100'000));
    relay.write("freq/pub/" + std::string(512, 'x').substr(0, 100), std::string(1024, 'x'));
    relay.write("freq/pub/empty", "");
    relay.put({PacketType::Freq, 200, "pub"}, "pub.tar");
    EXPECT_EQ(relay.toss().done, 1u);
    RxStage village("village");
    village.put(relay.queued_for("village").at(0), "relay");
    EXPECT_EQ(village.toss().done, 1u);
    const auto unpacked = run_program({{"tar", "-xf", (village / "incoming/pub.tar").string(), "-C",
                                        (village / "incoming").string()},
                                       {}});
    ASSERT_TRUE(unpacked.ok());
    EXPECT_EQ(unpacked->status, 0) << unpacked->output;
    EXPECT_EQ(unpacked->output, "");
    const auto same = run_program(
        {{"diff", "-r", (relay / "freq/pub").string(), (village / "incoming/pub").string()}, {}});
    ASSERT_TRUE(same.ok());
    EXPECT_EQ(same->status, 0) << same->output;
    struct stat here {
    }, there{};
    ASSERT_EQ(::stat((relay / "freq" / deep).c_str(), &here), 0);
    ASSERT_EQ(::stat((village / "incoming" / deep).c_str(), &there), 0);
    EXPECT_EQ(here.st_mtime, there.st_mtime);
}

TEST(NncpLocal, ALargeFileIsAnsweredInChunksAndAsTheOperatorLimitsIt) {
    RxStage relay("relay");
    Node& asker = relay.config().nodes.at("village");
    asker.freq_chunk = 1000;
    relay.write("freq/a.bin", mth_pattern(2500));
    relay.put({PacketType::Freq, 200, "a.bin"}, "b.bin");
    EXPECT_EQ(relay.toss().done, 1u);
    const auto queued = relay.queued_for("village");
    EXPECT_EQ(queued.size(), 4u);
    RxStage village("village");
    for (const std::string& each : queued) village.put(each, "relay");
    EXPECT_EQ(village.toss().done, 4u);
    EXPECT_EQ(village.files("incoming"), (Files{{"b.bin", mth_pattern(2500)}}));
    asker.freq_maxsize = 2000;
    relay.put({PacketType::Freq, 200, "a.bin"}, "c.bin");
    EXPECT_EQ(relay.toss().kept, 1u);
    asker.freq_maxsize = 0;
    asker.freq_chunk = 0;
    asker.freq_minsize = 10'000;
    EXPECT_EQ(relay.toss().done, 1u);
    std::size_t largest = 0;
    for (const std::string& each : relay.queued_for("village")) {
        largest = std::max(largest, each.size());
    }
    EXPECT_EQ(largest, 10'000u);
}

TEST(NncpLocal, ChunksThatAreNotWhatTheMetaSaysStay) {
    RxStage relay("relay");
    for (const char* name : {"file-chunked.chunk0", "file-chunked.chunk2", "file-chunked.meta"}) {
        relay.put(vector_of(name));
    }
    relay.put(file("chunky.bin.nncp.chunk1"), std::string(1024, 'x'));
    EXPECT_EQ(relay.toss().done, 4u);
    EXPECT_EQ(relay.files("incoming").size(), 4u);
    EXPECT_EQ(relay.files("incoming").count("chunky.bin"), 0u);
}

TEST(NncpLocal, MetaFilesAreReadStrictly) {
    const ChunkMeta meta{2500, 1000, std::vector<Mth>(3)};
    const std::string good = encode(meta);
    ASSERT_TRUE(decode_chunk_meta(good).ok());
    EXPECT_EQ(decode_chunk_meta(good)->bytes_of(2), 500u);
    EXPECT_EQ(decode_chunk_meta(vector_of("file-chunked.meta").content)->chunks.size(), 3u);
    EXPECT_FALSE(decode_chunk_meta("").ok());
    EXPECT_FALSE(decode_chunk_meta(good.substr(0, good.size() - 1)).ok());
    EXPECT_FALSE(decode_chunk_meta(good + 'x').ok());
    EXPECT_FALSE(decode_chunk_meta(encode({2500, 0, std::vector<Mth>(3)})).ok());
    EXPECT_FALSE(decode_chunk_meta(encode({2500, 1000, std::vector<Mth>(2)})).ok());
    EXPECT_FALSE(decode_chunk_meta(encode({~0ull, 1000, std::vector<Mth>(3)})).ok());
    EXPECT_FALSE(decode_chunk_meta(encode({2500, ~0ull, std::vector<Mth>(3)})).ok());
    EXPECT_EQ(name_of_chunked("a/b.nncp.chunk10"), "a/b");
    EXPECT_EQ(name_of_chunked("b.nncp.meta"), "b");
    for (const char* other : {"b.nncp.chunk01", "b.nncp.chunk", "b.nncp.chunkx", ".nncp.meta",
                              ".nncp.chunk0", "b.nncp.chunk0.0", "b"}) {
        EXPECT_EQ(name_of_chunked(other), std::nullopt) << other;
    }
}

TEST(NncpLocal, MailsSayWhatCame) {
    RxStage relay("relay", [](NodeConfig& config) {
        config.notify_file = config.notify_freq = Notice{"post@relay.test", "ana@relay.test"};
        config.notify_exec["village.rmail"] = Notice{"post@relay.test", "kofi@relay.test"};
        config.nodes.at("self").exec["sendmail"] = config.nodes.at("village").exec.at("sendmail");
    });
    relay.write("freq/a", "a");
    relay.put(file("a.txt"), "text", "village", 1);
    relay.put({PacketType::Freq, 200, "a"}, "b", "village", 2);
    relay.put(vector_of("exec-fat"));
    EXPECT_EQ(relay.toss().done, 3u);
    const auto mails = relay.runs();
    ASSERT_EQ(mails.size(), 3u);
    EXPECT_EQ(mails[0].arguments, "ana@relay.test\n");
    EXPECT_THAT(mails[0].input, HasSubstr("To: ana@relay.test\nSubject: =?UTF-8?B?"));
    EXPECT_EQ(mails[2].arguments, "kofi@relay.test\n");
    EXPECT_THAT(mails[2].input, HasSubstr("c2FpZCB0byB0aGUgbG9nCg==")) << "what the program said";
    relay.let_programs_end_with(1);
    relay.put(file("b.txt"), "text");
    EXPECT_EQ(relay.toss().done, 1u) << "a mail that fails does not bring the file again";
}

TEST(NncpLocal, ANoticeIsAMailWhateverTheSubjectSays) {
    const std::string mail = notice_mail({"a@x.test", "b@x.test"},
                                         "file x\r\nBcc: all@x.test " + std::string(1000, 'y'), "");
    EXPECT_EQ(mail.find("Bcc"), std::string::npos);
    std::size_t longest = 0;
    for (std::size_t at = 0; at < mail.size(); at = mail.find('\n', at) + 1) {
        longest = std::max(longest, mail.find('\n', at) - at);
    }
    EXPECT_LE(longest, 76u);
}

}  // namespace
}  // namespace waypost::nncp
