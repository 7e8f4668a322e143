// SPDX-License-Identifier: Apache-2.0
// Real file systems in mounts of our own. Skipped where that is not allowed.
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bridges/nncp/courier/courier.h"
#include "tests/unit/bridges/nncp/courier/stick.h"

namespace waypost::nncp {
namespace {

class MountedTest : public StickTest {
  protected:
    void SetUp() override {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            GTEST_SKIP() << "no mounts of our own here";
    }
    void TearDown() override { (void)::umount2(stick_.c_str(), MNT_DETACH); }
    bool tmpfs(const std::string& size) const {
        return ::mount("none", stick_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    }
};

TEST_F(MountedTest, AFullStickIsNotFilledFurther) {
    if (!tmpfs("1m")) GTEST_SKIP() << "no tmpfs";
    for (int i = 0; i < 20; ++i) village_.queue("relay", std::string(100'000, 'x'));
    ExchangeOptions how = options();
    how.keep_free.reset();
    const auto report = visit(village_, how);
    EXPECT_TRUE(report.safe);
    EXPECT_GT(out(report), 5u);
    EXPECT_GT(report.sent.count(Outcome::Left, Way::Tx), 5u);
    EXPECT_GE(*free_space(stick_), margin(stick_));
    EXPECT_EQ(village_.count("relay", Way::Tx), 20u);
    EXPECT_EQ(in(visit(relay_)), out(report));
    EXPECT_GT(out(visit(village_, how)), 5u) << "the others ride next time";
}

// The margin is a promise of others too: the space goes while we write.
TEST_F(MountedTest, AStickThatIsFullAfterAllKeepsWhatIsWhole) {
    if (!tmpfs("1m")) GTEST_SKIP() << "no tmpfs";
    for (int i = 0; i < 5; ++i) village_.queue("relay", std::string(300'000, 'x'));
    ExchangeOptions how = options();
    how.progress = [this](Phase phase, const Progress& now) {
        if (phase == Phase::Writing && now.bytes > 400'000 && !fs::exists(stick_ / "theirs"))
            std::ofstream(stick_ / "theirs") << std::string(2'000'000, 'y');
        return true;
    };
    const auto report = visit(village_, how);
    EXPECT_LT(out(report), 5u);
    EXPECT_EQ(in(visit(relay_)), out(report));
}

TEST_F(MountedTest, AnUnmountedStickLeavesTheDiskBelowAlone) {
    if (!tmpfs("4m")) GTEST_SKIP() << "no tmpfs";
    for (int i = 0; i < 3; ++i) village_.queue("relay", std::string(300'000, 'x'));
    ExchangeOptions how = options();
    how.progress = [this](Phase, const Progress& now) {
        if (now.bytes > 400'000) (void)::umount2(stick_.c_str(), MNT_DETACH);
        return true;
    };
    const auto report = visit(village_, how);
    EXPECT_TRUE(report.stopped);
    EXPECT_FALSE(report.safe);
    EXPECT_TRUE(fs::is_empty(stick_));
}

class Loop {  // a file as a block device
  public:
    explicit Loop(const fs::path& image) {
        const Fd control(::open("/dev/loop-control", O_RDWR | O_CLOEXEC));
        const int number = control.good() ? ::ioctl(control.get(), LOOP_CTL_GET_FREE) : -1;
        if (number < 0) return;
        node = "/dev/loop" + std::to_string(number);
        const Fd file(::open(image.c_str(), O_RDWR | O_CLOEXEC));
        device_ = Fd(::open(node.c_str(), O_RDWR | O_CLOEXEC));
        good = device_.good() && ::ioctl(device_.get(), LOOP_SET_FD, file.get()) == 0;
    }
    ~Loop() {
        if (good) (void)::ioctl(device_.get(), LOOP_CLR_FD, 0);
    }
    std::string node;
    bool good = false;

  private:
    Fd device_;
};

TEST_F(MountedTest, ADeviceIsMountedServedAndUnmounted) {
    const fs::path image = folder_ / "image";
    std::ofstream(image) << std::string(1, '\0');
    fs::resize_file(image, 8 << 20);
    const std::string make = "mkfs.ext4 -q -L BLUE -U 0b9e6a0e-5d0c-4a52-9f0a-6fd1f3f7a001 " +
                             image.string() + " >/dev/null 2>&1";
    if (std::system(make.c_str()) != 0) GTEST_SKIP() << "no mkfs.ext4";
    const Loop loop(image);
    if (!loop.good) GTEST_SKIP() << "no loop device";
    village_.queue("relay", "text");
    CourierOptions how;
    how.places.mount_folder = folder_ / "mounts";
    how.exchange.keep_free = 0;
    const auto run = [&](const TestSpool& node) {
        Courier courier(node.config, node.spool, how, nullptr);
        return courier.exchange(loop.node);
    };
    const auto left = run(village_);
    ASSERT_TRUE(left.ok()) << left.error().text;
    EXPECT_EQ(left->id, "0b9e6a0e-5d0c-4a52-9f0a-6fd1f3f7a001");
    EXPECT_EQ(left->name, "BLUE");
    EXPECT_EQ(left->state, StickStatus::State::Safe) << left->why;
    EXPECT_EQ(left->sent, 1u);
    EXPECT_TRUE(fs::is_empty(how.places.mount_folder)) << "unmounted";
    EXPECT_EQ(run(relay_)->received, 1u);
}

}  // namespace
}  // namespace waypost::nncp
