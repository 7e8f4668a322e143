// SPDX-License-Identifier: Apache-2.0
// nncp-log reads what our commands wrote between entries of nncp's own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include <fstream>

#include "tests/interop/nncp/two_nodes.h"

namespace waypost::nncp {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class LogInterop : public ::testing::Test {
  protected:
    LogInterop() {
        std::filesystem::create_directories(nodes_ / "stick");
        std::ofstream(nodes_ / "letter") << "text";
    }
    std::string run(const TwoNodes::Side& at, const Words& words) {
        const auto ended =
            run_program({words,
                         {"NNCPNOSYNC=1", "NNCPLOG=" + (nodes_ / (at.name + ".log")).string(),
                          "PATH=/usr/bin:/bin"},
                         -1,
                         std::chrono::seconds(60)});
        EXPECT_TRUE(ended.ok());
        EXPECT_EQ(ended->status, 0) << ended->output;
        return ended->output;
    }
    std::string ours(const TwoNodes::Side& at, Words words) {
        const Words start{WAYPOST_BIN "/waypost-nncp", "nncp", "--nncp-config", at.file()};
        words.insert(words.begin(), start.begin(), start.end());
        return run(at, words);
    }
    std::string log(const TwoNodes::Side& at) { return run(at, {"nncp-log", "-cfg", at.file()}); }
    TwoNodes nodes_;
};

TEST_F(LogInterop, ShowsWhatWeDid) {
    const std::string stick = (nodes_ / "stick").string();
    run(nodes_.relay, {"nncp-file", "-quiet", "-cfg", nodes_.relay.file(),
                       (nodes_ / "letter").string(), "village:a"});
    ours(nodes_.relay, {"pack", "file", (nodes_ / "letter").string(), "village:b\nMsg: lie"});
    ours(nodes_.relay, {"xfer", "--mkdir", stick});
    ours(nodes_.village, {"xfer", stick});
    ours(nodes_.village, {"toss"});
    const std::string sent = log(nodes_.relay), got = log(nodes_.village);
    EXPECT_THAT(sent, HasSubstr("is sent to village:a"));
    EXPECT_THAT(sent, HasSubstr("Packet of type file is queued for village"));
    EXPECT_THAT(sent, HasSubstr("Packet to village is carried over"));
    EXPECT_THAT(got, HasSubstr("Packet from relay is carried over"));
    EXPECT_THAT(got, HasSubstr("Got file a from relay"));
    EXPECT_THAT(got, HasSubstr("Got file b Msg: lie from relay")) << "one line is one entry";
}

TEST_F(LogInterop, AKeptLockIsNotWaitedForAndThatIsSaid) {
    const std::string lock_file = (nodes_ / "relay.log.lock").string();
    const Fd lock(::open(lock_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    ASSERT_EQ(::flock(lock.get(), LOCK_EX), 0);
    const auto said =
        ours(nodes_.relay, {"pack", "file", (nodes_ / "letter").string(), "village:b"});
    EXPECT_THAT(said, HasSubstr("another program keeps"));
    EXPECT_EQ(nodes_.waiting(nodes_.relay).size(), 1u);
}

}  // namespace
}  // namespace waypost::nncp
