// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/carrier/bundle_spool.h"

#include "tests/unit/bridges/nncp/carrier/two_spools.h"

namespace waypost::nncp {
namespace {

class BundleSpoolTest : public TwoSpools {
  protected:
    std::string bundled(const TransferOptions& options = {}) const {
        MemorySink sink(10'000'000);
        const auto done = write_bundle(village_.config, village_.spool,
                                       {village_.config.find("relay")->id}, sink, options);
        EXPECT_TRUE(done.ok() && !done->stopped);
        return sink.take();
    }
    TransferReport taken(const std::string& bundle, const TransferOptions& options = {},
                         bool dry_run = false) const {
        MemorySource source(bundle);
        auto report = read_bundle(relay_.config, relay_.spool, source, options, dry_run);
        EXPECT_TRUE(report.ok());
        return std::move(report).value();
    }
    TransferReport deleted(const std::string& bundle, bool dry_run = false) const {
        MemorySource source(bundle);
        return delete_bundled(village_.config, village_.spool, source, {}, dry_run).value();
    }
};

TEST_F(BundleSpoolTest, GoesFromSpoolToSpool) {
    for (int i = 0; i < 10; ++i) village_.queue("relay", std::string(10'000, static_cast<char>(i)));
    const std::string bundle = bundled();
    EXPECT_EQ(village_.count("relay", Way::Tx), 10u) << "not known where it went";
    EXPECT_EQ(taken(bundle, {}, true).count(Outcome::Moved, Way::Rx), 10u);
    EXPECT_EQ(relay_.count("village", Way::Rx), 0u);
    EXPECT_EQ(taken(bundle).count(Outcome::Moved, Way::Rx), 10u);
    EXPECT_EQ(relay_.count("village", Way::Rx), 10u);
    EXPECT_EQ(taken(bundle).count(Outcome::Known, Way::Rx), 10u);
}

TEST_F(BundleSpoolTest, OnlyWhatIsProvenIsDeleted) {
    village_.queue("relay", "one");
    village_.queue("relay", "two");
    std::string bundle = bundled();
    const Mth later = village_.queue("relay", "later");
    bundle[1100] = static_cast<char>(bundle[1100] ^ 1);  // in the first packet
    EXPECT_EQ(deleted(bundle, true).count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 3u);
    const auto report = deleted(bundle);
    EXPECT_EQ(report.count(Outcome::Moved, Way::Tx), 1u);
    EXPECT_EQ(report.count(Outcome::Damaged, Way::Tx), 1u);
    EXPECT_EQ(village_.count("relay", Way::Tx), 2u);
    EXPECT_TRUE(village_.spool.find(village_.config.find("relay")->id, Way::Tx, later).ok());
}

TEST_F(BundleSpoolTest, WhatIsForOthersStays) {
    village_.queue("relay", "one");
    const std::string bundle = bundled();
    MemorySource source(bundle);
    const auto report = read_bundle(village_.config, village_.spool, source, {});
    EXPECT_TRUE(report->transfers.empty());
}

TEST_F(BundleSpoolTest, LimitsAndStopsAreHeld) {
    village_.queue("relay", "urgent", 10);
    village_.queue("relay", "bulk", 200);
    const std::string bundle = bundled();
    TransferOptions urgent;
    urgent.limit = 100;
    EXPECT_LT(bundled(urgent).size(), bundle.size());
    EXPECT_EQ(taken(bundle, urgent).count(Outcome::Left, Way::Rx), 1u);
    EXPECT_EQ(relay_.count("village", Way::Rx), 1u);
    TransferOptions never;
    never.progress = [](const Progress&) { return false; };
    EXPECT_TRUE(taken(bundle, never).stopped);
    MemorySink sink(1'000'000);
    EXPECT_TRUE(write_bundle(village_.config, village_.spool, {village_.config.find("relay")->id},
                             sink, never)
                    ->stopped);
}

}  // namespace
}  // namespace waypost::nncp
