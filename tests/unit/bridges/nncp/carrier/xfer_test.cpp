// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/xfer.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "tests/unit/bridges/nncp/carrier/two_spools.h"

namespace {

std::vector<std::string>* synced = nullptr;  // what was waited for, if somebody asks
bool bad_medium = false;

}  // namespace

// In the place of that of the C library.
extern "C" int fsync(int fd) {
    const auto link = std::filesystem::path("/proc/self/fd") / std::to_string(fd);
    if (synced != nullptr) synced->push_back(std::filesystem::read_symlink(link));
    if (bad_medium) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace waypost::nncp {
namespace {

constexpr std::size_t kLarge = 3 * 1024 * 1024;

class XferTest : public TwoSpools {
  protected:
    XferTest() { fs::create_directory(stick_); }

    static XferOptions options() {
        XferOptions options;
        options.make_folders = true;
        options.sync = false;
        options.keep_free = 0;
        return options;
    }
    TransferReport run(const TestSpool& node, const XferOptions& options) const {
        auto report = xfer(node.config, node.spool, stick_, options);
        EXPECT_TRUE(report.ok()) << report.error().text;
        return std::move(report).value();
    }
    TransferReport out(const XferOptions& how = options()) const { return run(village_, how); }
    TransferReport in(const XferOptions& how = options()) const { return run(relay_, how); }
    fs::path place(const Mth& name) const {
        return stick_ / to_base32(village_.config.find("relay")->id) /
               to_base32(village_.config.self->id) / to_base32(name);
    }
    // Stops after so many pieces.
    static XferOptions stopping(int pieces) {
        XferOptions how = options();
        how.progress = [left = std::make_shared<int>(pieces)](const Progress&) {
            return --*left > 0;
        };
        return how;
    }

    const fs::path stick_ = folder_ / "stick";
};

TEST_F(XferTest, GoesThereAndBack) {
    for (int i = 0; i < 10; ++i) village_.queue("relay", std::to_string(i));
    village_.queue("relay", std::string(kLarge, 'x'));
    relay_.queue("village", "back");
    EXPECT_EQ(out().count(Outcome::Moved, Way::Tx), 11u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 0u);
    EXPECT_EQ(files_in(stick_).size(), 11u);
    const auto report = in();
    EXPECT_EQ(report.count(Outcome::Moved, Way::Rx), 11u);
    EXPECT_EQ(report.count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_GT(report.bytes, kLarge);
    EXPECT_EQ(relay_.count("village", Way::Rx), 11u);
    EXPECT_EQ(out().count(Outcome::Moved, Way::Rx), 1u);
    EXPECT_TRUE(files_in(stick_).empty());
}

TEST_F(XferTest, KeepingDeletesNothingAndDeliversOnce) {
    village_.queue("relay", "one");
    XferOptions keep = options();
    keep.keep = true;
    EXPECT_EQ(out(keep).count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_EQ(out(keep).count(Outcome::Known, Way::Tx), 1u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u);
    EXPECT_EQ(in(keep).count(Outcome::Moved, Way::Rx), 1u);
    EXPECT_EQ(in(keep).count(Outcome::Known, Way::Rx), 1u);
    EXPECT_EQ(files_in(stick_).size(), 1u);
    EXPECT_EQ(in().count(Outcome::Known, Way::Rx), 1u);
    EXPECT_TRUE(files_in(stick_).empty());
    EXPECT_EQ(relay_.count("village", Way::Rx), 1u);
}

TEST_F(XferTest, WhatLiesThereIsDurableBeforeOursIsDeleted) {
    const Mth name = village_.queue("relay", "one");
    XferOptions how = options();
    how.keep = true;
    EXPECT_EQ(out(how).count(Outcome::Moved, Way::Tx), 1u);  // without a wait
    how.keep = false;
    how.sync = true;
    bad_medium = true;
    EXPECT_EQ(out(how).count(Outcome::Known, Way::Tx), 0u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u);
    bad_medium = false;
    std::vector<std::string> waited;
    synced = &waited;
    EXPECT_EQ(out(how).count(Outcome::Known, Way::Tx), 1u);
    synced = nullptr;
    EXPECT_EQ(std::count(waited.begin(), waited.end(), place(name).string()), 1);
    EXPECT_GE(std::count(waited.begin(), waited.end(), place(name).parent_path().string()), 1);
    EXPECT_EQ(village_.count("relay", Way::Tx), 0u);
}

TEST_F(XferTest, FoldersAreMadeOnlyIfItIsWished) {
    village_.queue("relay", "one");
    XferOptions how = options();
    how.make_folders = false;
    const auto report = out(how);
    ASSERT_EQ(report.count(Outcome::Left, Way::Tx), 1u);
    EXPECT_NE(report.transfers.front().why.find("--mkdir"), std::string::npos);
    EXPECT_TRUE(fs::is_empty(stick_));
    fs::create_directory(stick_ / to_base32(village_.config.find("relay")->id));
    EXPECT_EQ(out(how).count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_FALSE(xfer(village_.config, village_.spool, stick_ / "none", how).ok());
}

TEST_F(XferTest, WhatIsDamagedStaysAndIsNotTaken) {
    const Mth name = village_.queue("relay", "text");
    out();
    const std::string good = text_of(place(name));
    for (const std::string& bad :
         {good.substr(0, good.size() - 1), good + "x", std::string("short"), std::string()}) {
        std::ofstream(place(name), std::ios::binary) << bad;
        EXPECT_EQ(in().count(Outcome::Damaged, Way::Rx), 1u) << bad.size();
        EXPECT_TRUE(fs::exists(place(name)));
        EXPECT_EQ(relay_.count("village", Way::Rx), 0u);
    }
}

TEST_F(XferTest, AWrongCopyOnTheStickIsReplaced) {
    const Mth name = village_.queue("relay", "text");
    fs::create_directories(place(name).parent_path());
    std::ofstream(place(name)) << "something else";
    EXPECT_EQ(out().count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_EQ(in().count(Outcome::Moved, Way::Rx), 1u);
}

TEST_F(XferTest, OurOwnDamagedPacketDoesNotTravel) {
    const Mth name = village_.queue("relay", "text");
    const SpoolPacket packet{village_.config.find("relay")->id, Way::Tx, name};
    std::ofstream(village_.spool.path(packet), std::ios::app) << "more";
    EXPECT_EQ(out().count(Outcome::Damaged, Way::Tx), 1u);
    EXPECT_TRUE(files_in(stick_).empty());
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u);
}

TEST_F(XferTest, AStickPulledWhileWritingIsGoneOnWith) {
    const Mth name = village_.queue("relay", std::string(kLarge, 'x'));
    const auto report = out(stopping(8));
    EXPECT_TRUE(report.stopped);
    EXPECT_EQ(village_.count("relay", Way::Tx), 1u);
    ASSERT_EQ(files_in(stick_).size(), 1u);
    const fs::path half = files_in(stick_).front();
    EXPECT_TRUE(half.filename().string().starts_with("nncpxfer"));
    EXPECT_GT(fs::file_size(half), kLarge / 8);
    EXPECT_TRUE(in().transfers.empty()) << "half a packet is none";
    // What the stick kept of it need not be what was written.
    fs::resize_file(half, kLarge / 2);
    EXPECT_EQ(out().count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_EQ(files_in(stick_), std::vector{place(name)});
    EXPECT_EQ(in().count(Outcome::Moved, Way::Rx), 1u);
}

TEST_F(XferTest, AStickPulledWhileReadingIsGoneOnWith) {
    const Mth name = village_.queue("relay", std::string(kLarge, 'x'));
    out();
    EXPECT_TRUE(in(stopping(8)).stopped);
    EXPECT_TRUE(fs::exists(place(name)));
    const NodeId sender = relay_.config.find("village")->id;
    EXPECT_GT(relay_.spool.partial_bytes(sender, name), 0u);
    EXPECT_EQ(relay_.count("village", Way::Rx), 0u);
    EXPECT_EQ(in().count(Outcome::Moved, Way::Rx), 1u);
    EXPECT_EQ(relay_.spool.partial_bytes(sender, name), 0u);
}

TEST_F(XferTest, AWrongBeginningDoesNotSpoilIt) {
    const Mth name = village_.queue("relay", std::string(kLarge, 'x'));
    out();
    const NodeId sender = relay_.config.find("village")->id;
    {
        auto poisoned = relay_.spool.partial(sender, name);
        const std::vector<std::uint8_t> wrong(1000, 7);
        ASSERT_TRUE(poisoned->write(wrong).ok());
    }
    EXPECT_EQ(in().count(Outcome::Moved, Way::Rx), 1u);
}

TEST_F(XferTest, LeftoversOfPacketsThatAreGoneAreRemoved) {
    const Mth name = village_.queue("relay", "text");
    fs::create_directories(place(name).parent_path());
    std::ofstream(place(name).parent_path() / "nncpxferXYZ") << "half";
    std::ofstream(place(name).parent_path() / "README") << "not ours";
    out();
    EXPECT_EQ(files_in(stick_).size(), 2u);
}

TEST_F(XferTest, NothingIsFilled) {
    village_.queue("relay", "text");
    XferOptions full = options();
    full.keep_free = ~std::uint64_t{0} / 2;
    const auto report = out(full);
    EXPECT_EQ(report.count(Outcome::Left, Way::Tx), 1u);
    EXPECT_TRUE(files_in(stick_).empty());
    out();
    SpoolOptions none;
    none.keep_free = ~std::uint64_t{0};
    const auto spool = Spool::open(relay_.spool.directory(), none);
    const auto refused = xfer(relay_.config, *spool, stick_, options());
    EXPECT_EQ(refused->count(Outcome::Left, Way::Rx), 1u);
    EXPECT_EQ(files_in(stick_).size(), 1u);
}

TEST_F(XferTest, LimitsNodesAndDirectionsAreHeld) {
    village_.queue("relay", "urgent", 10);
    village_.queue("relay", "bulk", 200);
    XferOptions how = options();
    how.transmit = false;
    EXPECT_TRUE(out(how).transfers.empty());
    how.transmit = true;
    how.nodes = {village_.config.find("city")->id};
    EXPECT_TRUE(out(how).transfers.empty());
    how.nodes.clear();
    how.limit = 100;
    EXPECT_EQ(out(how).count(Outcome::Moved, Way::Tx), 1u);
    out();
    EXPECT_EQ(in(how).count(Outcome::Moved, Way::Rx), 1u);
    EXPECT_EQ(files_in(stick_).size(), 1u);
}

TEST_F(XferTest, StrangersAndOtherFilesAreNotLookedAt) {
    village_.queue("relay", "text");
    out();
    const fs::path own = stick_ / to_base32(relay_.config.self->id);
    fs::create_directories(own / std::string(kNameLetters, 'A'));
    fs::copy(own / to_base32(village_.config.self->id), own / std::string(kNameLetters, 'A'));
    std::ofstream(own / "README") << "x";
    fs::create_symlink("/", own / to_base32(village_.config.self->id) /
                                (std::string(kNameLetters - 1, 'B') + "A"));
    EXPECT_EQ(in().transfers.size(), 1u);
}

TEST_F(XferTest, ASessionThatIsOnIsNotDisturbed) {
    village_.queue("relay", "text");
    const auto lock = village_.spool.lock(village_.config.find("relay")->id, SpoolLock::Kind::Tx);
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(out().count(Outcome::Left, Way::Tx), 1u);
}

TEST_F(XferTest, TellsHowFarItIs) {
    for (int i = 0; i < 5; ++i) village_.queue("relay", std::string(200'000, 'x'));
    Progress last;
    XferOptions how = options();
    how.progress = [&last](const Progress& now) {
        EXPECT_GE(now.bytes, last.bytes);
        EXPECT_LE(now.bytes, now.all_bytes);
        last = now;
        return true;
    };
    out(how);
    EXPECT_EQ(last.bytes, last.all_bytes);
    EXPECT_EQ(last.all_packets, 5u);
}

}  // namespace
}  // namespace waypost::nncp
