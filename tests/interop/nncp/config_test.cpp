// SPDX-License-Identifier: Apache-2.0
// Configurations of nncp in ours and the other way round; what `inspect` says of real packets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/interop/nncp/both_tools.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class NncpConfigTest : public ::testing::Test {
  protected:
    ~NncpConfigTest() override { fs::remove_all(folder_); }
    Ended waypost(Words words, const std::string& input = {}) const {
        words.insert(words.begin(), {WAYPOST_BIN "/waypost", "nncp"});
        return run_tool(std::move(words), input);
    }
    // A new node of ours, its configuration.
    std::string made(const std::string& name) const {
        const std::string file = (folder_ / (name + ".json")).string();
        const Ended ended = waypost(
            {"init", "--nncp-config", file, "--spool", (folder_ / (name + "-spool")).string()});
        EXPECT_EQ(ended.status, 0) << ended.output;
        return file;
    }
    // Of theirs, as nncp-cfgnew writes it, comments and all.
    std::string their_own(const std::string& name) const {
        std::string text = run_tool({"nncp-cfgnew"}).output;
        const std::string spool = (folder_ / (name + "-spool")).string();
        for (auto at = text.find("/var/spool/nncp"); at != text.npos;
             at = text.find("/var/spool/nncp", at + spool.size()))
            text.replace(at, 15, spool);
        fs::create_directory(spool);
        const std::string file = (folder_ / (name + ".hjson")).string();
        std::ofstream(file) << text;
        return file;
    }
    // What this configuration says of its node, into the other one.
    void introduce(const std::string& from, const std::string& name, const std::string& to) const {
        const std::string part = (folder_ / (name + ".part.json")).string();
        const Ended shown = waypost({"--nncp-config", from, "export", "--name", name});
        EXPECT_THAT(shown.output, Not(HasSubstr("prv")));
        std::ofstream(part) << shown.output;
        const Ended taken = waypost({"import-config", part, "--nncp-config", to});
        EXPECT_EQ(taken.status, 0) << taken.output;
    }

    const fs::path folder_ = [] {
        std::string name = testing::TempDir() + "nncp-config-XXXXXX";
        return fs::path(::mkdtemp(name.data()));
    }();
};

TEST_F(NncpConfigTest, TheirNewNodeIsImportedWithItsComments) {
    const std::string theirs = their_own("theirs");
    const std::string ours = (folder_ / "ours.json").string();
    const Ended ended = waypost({"import-config", theirs, "--out", ours});
    ASSERT_EQ(ended.status, 0) << ended.output;
    struct stat info {};
    ASSERT_EQ(::stat(ours.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    const auto before = parse_node_config(slurp(theirs)), after = parse_node_config(slurp(ours));
    ASSERT_TRUE(before.ok() && after.ok());
    EXPECT_EQ(before->self->id, after->self->id);
    EXPECT_EQ(run_tool({"nncp-stat", "-cfg", ours}).status, 0);
    EXPECT_EQ(waypost({"import-config", theirs, "--out", ours}).status, 1) << "is there already";
}

TEST_F(NncpConfigTest, NodesOfBothTalkToEachOther) {
    const std::string ours = made("ours"), theirs = their_own("theirs");
    introduce(ours, "hill", theirs);
    introduce(theirs, "dale", ours);
    EXPECT_TRUE(fs::exists(theirs + ".old"));
    const fs::path stick = folder_ / "stick";
    fs::create_directory(stick);
    EXPECT_EQ(waypost({"--nncp-config", ours, "pack", "exec", "dale", "rmail"}, "text").status, 0);
    EXPECT_EQ(waypost({"--nncp-config", ours, "xfer", "--mkdir", stick.string()}).status, 0);
    EXPECT_EQ(run_tool({"nncp-xfer", "-quiet", "-cfg", theirs, stick.string()}).status, 0);
    const Ended shown = run_tool({"nncp-stat", "-cfg", theirs, "-node", "hill"});
    EXPECT_THAT(shown.output, HasSubstr("Rx"));
    EXPECT_EQ(waypost({"import-config", theirs, "--nncp-config", ours}).status, 0) << "only shown";
}

TEST_F(NncpConfigTest, AnAreaOfOursIsReadByThem) {
    const std::string ours = made("ours");
    const Ended ended = waypost({"init", "--area", "news", "--nncp-config", ours});
    ASSERT_EQ(ended.status, 0) << ended.output;
    EXPECT_EQ(run_tool({"nncp-stat", "-cfg", ours}).status, 0);
    EXPECT_TRUE(parse_node_config(slurp(ours))->find_area("news")->exchange);
}

TEST_F(NncpConfigTest, SaysWhereAConfigurationIsWrong) {
    const std::string theirs = their_own("theirs");
    std::ofstream(theirs, std::ios::app) << "more\n";
    const Ended ended = waypost({"--nncp-config", theirs, "toss"});
    EXPECT_EQ(ended.status, 1);
    EXPECT_THAT(ended.output, HasSubstr("line "));
    EXPECT_EQ(waypost({"toss", "--nice", "x", "--nncp-config", made("ours")}).status, 2);
    EXPECT_EQ(waypost({"nonsense"}).status, 2);
}

TEST_F(NncpConfigTest, ANicenessThatIsNoneIsAMatterOfUsage) {
    const std::string ours = made("ours");
    // Before it is looked for the node, or for what is to be packed.
    for (const Words& words : {Words{"pack", "file", "--nice", "0", "missing", "nobody:x"},
                               Words{"pack", "exec", "--nice", "256", "nobody", "rmail"},
                               Words{"pack", "exec", "--reply-nice", "0", "nobody", "rmail"},
                               Words{"pack", "freq", "--nice", "B+", "nobody:x"},
                               Words{"pack", "freq", "--reply-nice", "x", "nobody:x"},
                               Words{"pack", "ack", "--nice", "0", "nobody"},
                               Words{"pack", "packet", "--nice", "0", "nobody", "missing"}}) {
        Words all{"--nncp-config", ours};
        all.insert(all.end(), words.begin(), words.end());
        EXPECT_EQ(waypost(all).status, 2) << words[1] << ' ' << words[3];
    }
    EXPECT_EQ(waypost({"--nncp-config", ours, "pack", "ack", "--nice", "1", "nobody"}).status, 1);
}

TEST(NncpInspectTest, ShowsEveryLayerThatOpens) {
    RxStage city("city"), relay("relay");
    const auto inspect = [](const RxStage& stage, const std::string& name) {
        const std::string file = (stage / "packet").string();
        std::ofstream(file, std::ios::binary) << vector_of(name).bytes;
        return waypost_nncp(stage, {"inspect", file});
    };
    const Ended exec = inspect(relay, "exec-zstd");
    EXPECT_EQ(exec.status, 0);
    EXPECT_THAT(exec.output, HasSubstr(vector_of("exec-zstd").spool));
    EXPECT_THAT(exec.output, HasSubstr("exec sendmail"));
    const Ended outer = inspect(relay, "trns-exec");
    EXPECT_EQ(outer.status, 0) << "what is inside is for others";
    EXPECT_THAT(outer.output, HasSubstr("layer 2"));
    EXPECT_THAT(outer.output, HasSubstr("cannot be opened further: "));
    const Ended damaged = inspect(relay, "bad-tampered-body");
    EXPECT_EQ(damaged.status, 1);
    EXPECT_THAT(damaged.output, HasSubstr("layer 1"));
    EXPECT_THAT(damaged.output, HasSubstr("cannot be opened further: "));
    EXPECT_EQ(inspect(relay, "bad-short-header").status, 1);
    EXPECT_EQ(inspect(relay, "bad-zstd").status, 1);
    const std::string file = (city / "packet").string();
    std::ofstream(file, std::ios::binary) << vector_of("file-small").bytes;
    const Ended for_others = waypost_nncp(city, {"--json", "inspect", file});
    EXPECT_EQ(for_others.status, 0);
    EXPECT_THAT(for_others.output, HasSubstr("\"opened\":false"));
}

}  // namespace
}  // namespace waypost::nncp
