// SPDX-License-Identifier: Apache-2.0
// The stick goes, or a disk ends, at every byte: no side ever has half a packet, nothing is lost,
// and the next time it is brought to its end.
#include "bridges/nncp/courier/exchange.h"
#include "tests/fakes/files_end_at.h"
#include "tests/unit/bridges/nncp/courier/failing_folder.h"
#include "tests/unit/bridges/nncp/courier/stick.h"

namespace waypost::nncp {
namespace {

class PulledTest : public StickTest {
  protected:
    // A stick that was pulled while this was going on: the path leads nowhere from then on.
    ExchangeOptions pulled_after(int pieces) const {
        ExchangeOptions how = options();
        how.progress = [this, left = std::make_shared<int>(pieces)](Phase, const Progress&) {
            if (--*left == 0) fs::rename(stick_, folder_ / "pulled");
            return true;
        };
        return how;
    }
    void put_back() const {
        if (fs::exists(folder_ / "pulled")) fs::rename(folder_ / "pulled", stick_);
    }
    std::size_t at_relay() const { return relay_.count("village", Way::Rx); }
    std::size_t waiting() const { return village_.count("relay", Way::Tx); }
    std::uint64_t packet_bytes(const Mth& name) const {
        return village_.spool.find(village_.config.find("relay")->id, Way::Tx, name)->bytes;
    }
    // Both ways, until it is there: once.
    void expect_it_arrives() {
        visit(village_);
        visit(relay_);
        visit(relay_);
        EXPECT_EQ(at_relay(), 1u);
    }
};

TEST_F(PulledTest, WhileAPacketIsWrittenAtEachByte) {
    const Mth name = village_.queue("relay", "text");
    const auto bytes = packet_bytes(name);
    visit(relay_);  // the README is there
    for (rlim_t cut = 0; cut < bytes; ++cut) {
        {
            const FilesEndAt limit(cut);
            (void)try_visit(village_);
        }
        ASSERT_EQ(waiting(), 1u) << cut;
        ASSERT_FALSE(fs::exists(copy_of(name))) << cut;
        ASSERT_EQ(in(visit(relay_)), 0u) << cut;
    }
    expect_it_arrives();
}

TEST_F(PulledTest, WhileAPacketIsReadAtEachByte) {
    const Mth name = village_.queue("relay", "text");
    const auto bytes = packet_bytes(name);
    visit(village_);
    for (rlim_t cut = 0; cut < bytes; ++cut) {
        {
            const FilesEndAt limit(cut);
            (void)try_visit(relay_);
        }
        ASSERT_TRUE(fs::exists(copy_of(name))) << cut;
        ASSERT_EQ(at_relay(), 0u) << cut;
    }
    expect_it_arrives();
}

TEST_F(PulledTest, WhileALargeOneGoesAtTheEdgesOfItsPieces) {
    const Mth name = village_.queue("relay", std::string(2'000'000, 'x'));
    const auto bytes = packet_bytes(name);
    std::vector<rlim_t> cuts{0, 1, 171, 172, 173, bytes - 1};
    for (rlim_t edge = 131072; edge < bytes; edge += 131072)
        for (const int beside : {-1, 0, 1}) cuts.push_back(edge + static_cast<rlim_t>(beside));
    visit(relay_);
    for (const rlim_t cut : cuts) {
        const FilesEndAt limit(cut);
        (void)try_visit(village_);
        ASSERT_FALSE(fs::exists(copy_of(name))) << cut;
    }
    visit(village_);
    for (const rlim_t cut : cuts) {
        const FilesEndAt limit(cut);
        (void)try_visit(relay_);
        ASSERT_TRUE(fs::exists(copy_of(name))) << cut;
        ASSERT_EQ(at_relay(), 0u) << cut;
    }
    expect_it_arrives();
}

TEST_F(PulledTest, TheStickIsPulledBetweenAnyTwoPieces) {
    for (int i = 0; i < 3; ++i) village_.queue("relay", std::string(400'000, 'x'));
    bool whole = false;
    for (int pieces = 1; !whole; ++pieces) {
        const auto report = try_visit(village_, pulled_after(pieces));
        ASSERT_TRUE(report.ok());
        whole = report->safe;
        if (!whole) {
            ASSERT_TRUE(report->stopped);
            EXPECT_EQ(report->stopped->code, Code::NotFound);
            EXPECT_FALSE(fs::exists(stick_)) << "nothing is written where it was";
        }
        EXPECT_EQ(waiting(), 3u);
        put_back();
        ASSERT_LT(pieces, 100);
    }
    whole = false;
    for (int pieces = 1; !whole; ++pieces) {
        const auto report = try_visit(relay_, pulled_after(pieces));
        whole = report.ok() && report->safe;
        put_back();
        ASSERT_LT(pieces, 100);
    }
    EXPECT_EQ(at_relay(), 3u);
}

// After the power went a file may be there with its name and without its end, whatever was synced.
TEST_F(PulledTest, ACopyWithoutItsEndIsNoPacket) {
    const Mth name = village_.queue("relay", "text");
    visit(village_);
    const std::string whole = text_of(copy_of(name));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        fs::resize_file(copy_of(name), size);
        ASSERT_EQ(in(visit(relay_)), 0u) << size;
        std::ofstream(copy_of(name)) << whole;
    }
    EXPECT_EQ(in(visit(relay_)), 1u);
}

// It fails while a folder of it is read, after each number of entries.
TEST_F(PulledTest, AFolderThatCannotBeReadToItsEndIsTold) {
    for (int i = 0; i < 3; ++i) village_.queue("relay", "text");
    visit(village_);
    const fs::path senders = stick_ / "nncp" / to_base32(relay_.config.self->id);
    const fs::path packets = senders / to_base32(village_.config.self->id);
    for (const fs::path& folder : {stick_ / "nncp", senders, packets}) {
        const auto all = [&] { return std::distance(fs::directory_iterator(folder), {}) + 2; };
        for (int entries = 0; entries <= all(); ++entries) {
            const FailingFolder failing(folder, entries);
            const auto report = try_visit(relay_);
            EXPECT_FALSE(report.ok() && report->safe) << folder << ' ' << entries;
        }
    }
    EXPECT_EQ(waiting(), 3u);
    visit(relay_);
    EXPECT_EQ(at_relay(), 3u);
}

// The program ends between the copy and its record.
TEST_F(PulledTest, ACopyThatIsNotOnRecordCountsAsARide) {
    const Mth name = village_.queue("relay", "text");
    visit(village_);
    CourierBook::open(village_.spool)->forget(kStick);
    EXPECT_EQ(visit(village_).sent.count(Outcome::Known, Way::Tx), 1u);
    fs::remove(copy_of(name));
    EXPECT_EQ(out(visit(village_)), 0u);
}

}  // namespace
}  // namespace waypost::nncp
