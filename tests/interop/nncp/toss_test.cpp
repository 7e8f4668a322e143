// SPDX-License-Identifier: Apache-2.0
// Packets of ours in nncp-toss, packets of nncp-* in our toss, and the same packets in both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/interop/nncp/both_tools.h"

namespace waypost::nncp {
namespace {

using ::testing::IsEmpty;
using Files = std::map<std::string, std::string>;
namespace fs = std::filesystem;

Ended real_toss(const RxStage& stage) { return real_nncp(stage, "toss", {}); }

// What nncp queued at `from` for `to`, into the other's rx/.
void carry(const RxStage& from, const std::string& from_name, RxStage& to,
           const std::string& to_name) {
    for (const std::string& each : from.queued_for(to_name)) to.put(each, from_name);
}

// Specification section 9.4.
TEST(NncpInteropToss, NncpTakesOurPacketsOfEverySize) {
    RxStage relay("relay");
    Files expected;
    for (const std::size_t size :
         {0u, 1u, 130779u, 130780u, 130781u, 130795u, 130796u, 130797u, 261868u, 393216u}) {
        for (const std::uint64_t minsize : {0u, 2000u, 300000u}) {
            const TestKeys& from = test_keys().at("village");
            const TestKeys& to = test_keys().at("relay");
            const Sealing sealing{.sender = from.id,
                                  .sign_secret = &from.signing,
                                  .recipient = to.id,
                                  .exchange_public = to.exchange_public,
                                  .nice = 96,
                                  .pad = pad_for(size, minsize, 0)};
            const std::string name = std::to_string(size) + "-" + std::to_string(minsize);
            const std::string text = mth_pattern(size);
            MemorySource source(text);
            MemorySink out(1'000'000);
            ASSERT_TRUE(seal(sealing, {PacketType::File, 96, name}, source, out).ok());
            relay.put(out.take());
            expected[name] = text;
        }
    }
    const Ended ended = real_toss(relay);
    EXPECT_EQ(ended.status, 0) << ended.output;
    EXPECT_TRUE(relay.files("incoming") == expected);
}

TEST(NncpInteropToss, NncpTakesOurExecPackets) {
    for (const std::string& input : {std::string(), std::string("mail\n"), mth_pattern(700'000)}) {
        RxStage relay("relay");
        relay.put({PacketType::Exec, 200, std::string("sendmail\0a@b.test", 17)}, packed(input));
        const Ended ended = real_toss(relay);
        EXPECT_EQ(ended.status, 0) << ended.output;
        ASSERT_EQ(relay.runs().size(), 1u);
        EXPECT_TRUE(relay.runs()[0].input == input);
        EXPECT_EQ(relay.runs()[0].arguments, "a@b.test\n");
    }
}

TEST(NncpInteropToss, WeTakeWhatItsToolsMakeNow) {
    RxStage village("village"), relay("relay");
    const std::string large = mth_pattern(600'000);
    village.write("large", large);
    const auto cfg = village.config_file();
    const auto made = [](const Ended& ended) { EXPECT_EQ(ended.status, 0) << ended.output; };
    made(run_tool(
        {"nncp-file", "-quiet", "-cfg", cfg, (village / "large").string(), "relay:in/large"}));
    made(run_tool({"nncp-file", "-quiet", "-cfg", cfg, "-minsize", "2000",
                   (village / "large").string(), "relay:padded"}));
    made(run_tool({"nncp-file", "-quiet", "-cfg", cfg, "-chunked", "128",
                   (village / "large").string(), "relay:chunked"}));
    made(run_tool({"nncp-exec", "-quiet", "-cfg", cfg, "relay", "sendmail", "a@b.test"}, "mail"));
    made(run_tool({"nncp-exec", "-quiet", "-cfg", cfg, "relay", "rmail"}, ""));
    made(run_tool({"nncp-exec", "-quiet", "-cfg", cfg, "-nocompress", "relay", "rmail", "x"},
                  large));
    carry(village, "village", relay, "relay");
    const TossCounts counts = relay.toss();
    EXPECT_EQ(counts.kept + counts.put_aside, 0u);
    EXPECT_TRUE(relay.files("incoming") ==
                (Files{{"in/large", large}, {"padded", large}, {"chunked", large}}));
    ASSERT_EQ(relay.runs().size(), 1u);
    EXPECT_EQ(relay.runs()[0].input, "mail");
    EXPECT_EQ(relay.runs("fakermail").size(), 2u);
}

TEST(NncpInteropToss, AnswersOfBothAreTheSame) {
    RxStage village("village");
    const auto cfg = village.config_file();
    run_tool({"nncp-freq", "-quiet", "-cfg", cfg, "-replynice", "77", "relay:pub", "got.tar"});
    run_tool({"nncp-freq", "-quiet", "-cfg", cfg, "relay:pub/a.txt", "got.txt"});
    Files contents[2];
    for (const bool ours : {false, true}) {
        RxStage relay("relay"), back("village");
        relay.write("freq/pub/a.txt", "a");
        relay.write("freq/pub/sub/b.txt", "b");
        carry(village, "village", relay, "relay");
        const bool done = ours ? relay.toss().done == 2 : real_toss(relay).status == 0;
        EXPECT_TRUE(done);
        carry(relay, "relay", back, "village");
        EXPECT_EQ(back.toss().done, 2u);
        std::map<std::string, Nice> nice;
        for (const Tossed& each : back.told()) nice[each.what] = each.packet.nice;
        EXPECT_EQ(nice, (std::map<std::string, Nice>{{"file got.tar", 77}, {"file got.txt", 224}}));
        const auto out = back / "unpacked";
        fs::create_directories(out);
        EXPECT_EQ(run_tool({"tar", "-xf", (back / "incoming/got.tar").string(), "-C", out.string()})
                      .status,
                  0);
        contents[ours] = back.files("unpacked");
        EXPECT_EQ(back.files("incoming").at("got.txt"), "a");
    }
    EXPECT_EQ(contents[1], (Files{{"pub/a.txt", "a"}, {"pub/sub/b.txt", "b"}}));
    EXPECT_EQ(contents[0], contents[1]);
}

// All that it and we do the same: what a node has after the same packets.
struct After {
    Files incoming;
    std::vector<std::string> programs, queued;
    bool operator==(const After&) const = default;
};

After after(const RxStage& stage) {
    After made{stage.files("incoming"), {}, stage.queued_for("city")};
    for (const char* program : {"fakesendmail", "fakermail"}) {
        for (const ProgramRun& each : stage.runs(program)) {
            made.programs.push_back(each.arguments + "|" + each.environment + "|" + each.input);
        }
    }
    std::sort(made.programs.begin(), made.programs.end());
    return made;
}

TEST(NncpInteropToss, BothDoTheSameWithGoodPackets) {
    for (const Vector& each : good_vectors()) {
        // Chunks stay in pieces there (nncp-reass is run by hand); areas are queued sealed anew.
        if (each.at != "relay" || each.name.rfind("file-chunked", 0) == 0) continue;
        RxStage theirs("relay"), ours("relay");
        for (RxStage* stage : {&theirs, &ours}) {
            stage->write("freq/pub/index.txt", "what there is");
            stage->write("incoming/pad.txt", "was there before");
            stage->put(each);
        }
        EXPECT_EQ(real_toss(theirs).status, 0) << each.name;
        EXPECT_EQ(ours.toss().done, 1u) << each.name;
        EXPECT_TRUE(after(ours) == after(theirs)) << each.name;
        EXPECT_EQ(ours.queued_for("village").size(), theirs.queued_for("village").size());
    }
}

// Those it refuses without any effect, as it should.
TEST(NncpInteropToss, BothRefuseBadPackets) {
    const std::set<std::string> kIts = {"bad-sibling-prefix", "bad-plain-v2", "bad-zstd",
                                        "cut at 131260"};
    for (const Vector& each : bad_vectors()) {
        RxStage theirs("relay"), ours("relay");
        for (RxStage* stage : {&theirs, &ours}) stage->put(each);
        (void)real_toss(theirs);
        EXPECT_EQ(ours.toss().done, 0u) << each.name;
        EXPECT_THAT(after(ours).incoming, IsEmpty()) << each.name;
        EXPECT_THAT(after(ours).programs, IsEmpty()) << each.name;
        EXPECT_TRUE(kIts.contains(each.name) || after(ours) == after(theirs)) << each.name;
    }
}

TEST(NncpInteropToss, AProgramThatFailsKeepsThePacketInBoth) {
    for (const int status : {1, 75}) {
        RxStage theirs("relay"), ours("relay");
        for (RxStage* stage : {&theirs, &ours}) stage->let_programs_end_with(status);
        const auto at_theirs = theirs.put(vector_of("exec-zstd"));
        const auto at_ours = ours.put(vector_of("exec-zstd"));
        EXPECT_NE(real_toss(theirs).status, 0);
        EXPECT_EQ(ours.toss().kept, 1u);
        EXPECT_TRUE(theirs.in_rx(at_theirs) && ours.in_rx(at_ours));
        EXPECT_TRUE(after(ours) == after(theirs));
    }
}

// One spool, both programs: what ours tossed theirs does not see again, and the other way round.
TEST(NncpInteropToss, OneSpoolServesBoth) {
    RxStage relay("relay");
    relay.put(vector_of("file-small"));
    EXPECT_EQ(relay.toss().done, 1u);
    EXPECT_EQ(real_toss(relay).status, 0);
    relay.put(vector_of("file-padded"));
    EXPECT_EQ(run_tool({"nncp-toss", "-quiet", "-seen", "-cfg", relay.config_file()}).status, 0);
    relay.put(vector_of("file-padded"));
    EXPECT_EQ(relay.toss().duplicates, 1u) << "its mark is ours";
    EXPECT_EQ(relay.files("incoming").size(), 2u);
    const auto lock = relay.spool().lock(test_keys().at("village").id, SpoolLock::Kind::Toss);
    const auto packet = relay.put(vector_of("exec-fat"));
    (void)real_toss(relay);
    EXPECT_TRUE(relay.in_rx(packet)) << "it respects our lock";
    EXPECT_THAT(relay.runs("fakermail"), IsEmpty());
}

// Posts over three nodes, each tossed by one or the other.
TEST(NncpInteropToss, AnAreaPostPassesThroughBoth) {
    for (int mask = 0; mask < 8; ++mask) {
        RxStage village("village"), relay("relay"), city("city");
        const auto toss = [&](RxStage& stage, int bit) {
            if (mask & bit)
                (void)stage.toss();
            else
                (void)real_toss(stage);
        };
        village.put(vector_of("area-file"));
        toss(village, 1);
        carry(village, "village", relay, "relay");
        toss(relay, 2);
        carry(relay, "relay", city, "city");
        toss(city, 4);
        EXPECT_EQ(city.files("area-in"), (Files{{"bulletin.txt", vector_of("area-file").content}}))
            << mask;
    }
}

}  // namespace
}  // namespace waypost::nncp
