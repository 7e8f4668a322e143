// SPDX-License-Identifier: Apache-2.0
// Programs that run side by side. Their ends are in the test's hands: a pipe that they read.
#include "gateway/base/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace waypost::nncp {
namespace {

class Pipe {
  public:
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
        read_ = Fd(ends[0]);
        write_ = Fd(ends[1]);
    }
    int input() const { return read_.get(); }
    void close() { write_ = Fd(); }

  private:
    Fd read_, write_;
};

RunningProgram start(const std::string& script, int input,
                     std::chrono::seconds patience = std::chrono::seconds(60)) {
    auto running =
        RunningProgram::start({{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, input, patience});
    EXPECT_TRUE(running.ok());
    return std::move(*running);
}

TEST(NncpProgram, WhoEndsFirstIsWaitedForFirst) {
    Pipe first, second, third;
    auto a = start("cat; exit 1", first.input());
    auto b = start("cat; exit 2", second.input());
    auto c = start("cat; exit 3", third.input());
    second.close();
    EXPECT_EQ(RunningProgram::first_to_end({&a, &b, &c}), 1u);
    EXPECT_EQ(b.wait().status, 2);
    third.close();
    EXPECT_EQ(RunningProgram::first_to_end({&a, &c}), 1u);
    EXPECT_EQ(c.wait().status, 3);
    first.close();
    EXPECT_EQ(a.wait().status, 1);
}

TEST(NncpProgram, WhoSaysMuchIsNotHeldUpByAnother) {
    Pipe never;
    auto silent = start("cat", never.input());
    auto much = start("head -c 300000 /dev/zero; echo end", -1);
    EXPECT_EQ(RunningProgram::first_to_end({&silent, &much}), 1u)
        << "it would stand still if only the other's output were read";
    const Ended ended = much.wait();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.output.size(), 64u * 1024) << "the first of it";
    never.close();
    EXPECT_EQ(silent.wait().status, 0);
}

TEST(NncpProgram, WhoTakesTooLongIsKilled) {
    Pipe never, other;
    auto waits = start("cat", other.input());
    auto slow = start("echo begun; cat", never.input(), std::chrono::seconds(0));
    EXPECT_EQ(RunningProgram::first_to_end({&waits, &slow}), 1u);
    const Ended ended = slow.wait();
    EXPECT_TRUE(ended.too_slow);
    EXPECT_EQ(ended.status, -1);
    other.close();
    EXPECT_EQ(waits.wait().status, 0);
}

}  // namespace
}  // namespace waypost::nncp
