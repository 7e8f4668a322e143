// SPDX-License-Identifier: Apache-2.0
// Packets of two nodes that go by a link, whose carrier is the test.
#include "bridges/nncp/link_parcels.h"

#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include "bridges/nncp/spool/outbox.h"
#include "tests/unit/bridges/nncp/bridge/two_boxes.h"

namespace waypost::nncp {
namespace {

using waypost::Parcel;
using Kind = ParcelVerdict::Kind;
constexpr char kLink[] = "trunk.other";

class LinkParcelsTest : public TwoBoxes {
  protected:
    LinkParcelsTest() {
        hill_.options.links = {{"relay", kLink}};
        dale_.options.links = {{"village", kLink}};
        at_hill_ = open(hill_);
        at_dale_ = open(dale_);
    }
    ~LinkParcelsTest() override {
        at_hill_->stop();
        at_dale_->stop();
    }
    std::shared_ptr<LinkParcels> open(
        TestBox& box, std::function<void()> on_came = [] {}) {
        auto parcels =
            std::make_shared<LinkParcels>(box.config, *box.spool, box.options, desk_of(box),
                                          box.office, "nncp.post", std::move(on_came));
        parcels->start();
        return parcels;
    }
    ParcelDesk& desk_of(const TestBox& box) {
        return &box == &hill_ ? at_hill_desk_ : at_dale_desk_;
    }
    void restart(TestBox& box, std::shared_ptr<LinkParcels>& parcels) {
        parcels->stop();
        parcels = open(box);
    }
    std::optional<Parcel> next(LinkParcels& from, std::set<std::string> in_hand = {}) {
        std::promise<std::optional<Parcel>> said;
        from.next(kLink, std::move(in_hand), [&](auto parcel) { said.set_value(parcel); });
        return said.get_future().get();
    }
    ParcelVerdict came(LinkParcels& to, const std::string& bytes) {
        std::promise<ParcelVerdict> said;
        to.came(kLink, bytes, [&](ParcelVerdict verdict) { said.set_value(verdict); });
        return said.get_future().get();
    }
    bool delivered(LinkParcels& from, const std::string& name) {
        std::promise<bool> said;
        from.delivered(kLink, name, [&](bool noted) { said.set_value(noted); });
        return said.get_future().get();
    }
    void cannot_go(LinkParcels& from, const std::string& name, const std::string& why) {
        std::promise<bool> said;
        from.cannot_go(kLink, name, why, [&](bool noted) { said.set_value(noted); });
        EXPECT_TRUE(said.get_future().get());
    }
    void mail(const std::string& text) {
        exec(hill_, dale_, {"sendmail", "ben@dale.example"},
             "From: ana@hill.example\nMessage-ID: <" + text + "@hill.example>\n\n" + text + '\n');
    }
    std::size_t waits() const { return hill_.spool->list(dale_.config.self->id, Way::Tx)->size(); }
    std::vector<SpoolPacket> arrived() const {
        return *dale_.spool->list(hill_.config.self->id, Way::Rx);
    }
    void take(const SpoolPacket& packet) { ASSERT_TRUE(dale_.spool->remove(packet).ok()); }

    ParcelDesk at_hill_desk_, at_dale_desk_;
    std::shared_ptr<LinkParcels> at_hill_, at_dale_;
};

TEST_F(LinkParcelsTest, APacketComesOutInRxAndLeavesTxOnceItIsThere) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    ASSERT_TRUE(parcel);
    EXPECT_EQ(parcel->nice, 96);
    EXPECT_EQ(waits(), 1u) << "it stays until the other has it";
    const auto sent = hill_.spool->list(dale_.config.self->id, Way::Tx)->front();
    EXPECT_EQ(sent.bytes - parcel->bytes.size(), 71u);
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    ASSERT_EQ(arrived().size(), 1u);
    EXPECT_EQ(to_base32(arrived()[0].name), parcel->name);
    EXPECT_EQ(arrived()[0].bytes, sent.bytes);
    EXPECT_TRUE(delivered(*at_hill_, parcel->name));
    EXPECT_EQ(waits(), 0u);
    EXPECT_FALSE(next(*at_hill_));
}

TEST_F(LinkParcelsTest, StopsAtOnceAlsoWhileItLooks) {
    for (int i = 0; i < 50; ++i)
        mail("Letter " + std::to_string(i));  // so that looking takes a while
    const auto before = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) {
        at_hill_->stop();
        std::promise<void> looks_next;
        at_hill_ = open(hill_, [&] { looks_next.set_value(); });
        looks_next.get_future().wait();
        for (int turns = 0; turns < i; ++turns) std::this_thread::yield();
        at_hill_->stop();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20))
        << "it looks every 30 seconds";
}

TEST_F(LinkParcelsTest, OnlyWhatIsSmallAndUrgentGoes) {
    mail("Hello");
    hill_.options.link_most = 490;
    EXPECT_FALSE(next(*at_hill_));
    EXPECT_EQ(at_hill_->words(*hill_.config.find("relay")),
              "0 by trunk.other, 1 larger than 490 bytes for a courier or call");
    hill_.options.link_most = 4096;
    hill_.options.link_nice = 95;
    EXPECT_FALSE(next(*at_hill_));
    EXPECT_EQ(at_hill_->words(*hill_.config.find("relay")),
              "0 by trunk.other, 1 of niceness over 95 for a courier or call");
    hill_.options.link_nice = 96;
    EXPECT_TRUE(next(*at_hill_));
    EXPECT_EQ(at_hill_->words(*hill_.config.find("relay")), "1 by trunk.other");
}

TEST_F(LinkParcelsTest, WhileSomebodyElseCarriesThemNoneGoes) {
    mail("Hello");
    const auto lock = hill_.spool->lock(dale_.config.self->id, SpoolLock::Kind::Tx);
    ASSERT_TRUE(lock.ok());
    EXPECT_FALSE(next(*at_hill_));
    EXPECT_FALSE(delivered(*at_hill_, to_base32(Mth{}))) << "to be said again";
}

TEST_F(LinkParcelsTest, OneThatComesAgainIsNoSecondOneWhoeverHasTossedIt) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    ASSERT_TRUE(parcel);
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    ASSERT_EQ(arrived().size(), 1u);
    take(arrived()[0]);  // as a toss that keeps no marks
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_TRUE(arrived().empty());
    restart(dale_, at_dale_);
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_TRUE(arrived().empty());
}

TEST_F(LinkParcelsTest, ByCourierAndByLinkIsOnce) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    ASSERT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    EXPECT_TRUE(arrived().empty()) << "it was tossed";
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_TRUE(arrived().empty());
}

TEST_F(LinkParcelsTest, KilledBetweenTheDiskAndTheNameItComesOutOnce) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    dale_.office.disk().full = true;
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Later) << "its row is not on disk";
    EXPECT_TRUE(arrived().empty());
    dale_.office.disk().full = false;
    restart(dale_, at_dale_);
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(LinkParcelsTest, AFileWithoutItsRowComesAnew) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    dale_.office.disk().full = true;
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Later);
    dale_.office.kept().clear();  // the power went before the store had it
    dale_.office.disk().full = false;
    restart(dale_, at_dale_);
    EXPECT_FALSE(next(*at_dale_)) << "it has started";
    EXPECT_TRUE(arrived().empty());
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Taken);
    EXPECT_EQ(arrived().size(), 1u);
}

TEST_F(LinkParcelsTest, WhatIsNoPacketIsRefusedAndSaysWhy) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    std::string damaged = parcel->bytes;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_EQ(came(*at_dale_, damaged).why, "it came out as another packet");
    EXPECT_EQ(came(*at_dale_, "rubbish").why, "not a packet");
    EXPECT_EQ(came(*at_dale_, "").why, "not a packet");
    std::string unknown = parcel->bytes;
    unknown[0] = static_cast<char>((unknown[0] & ~0x0C) | 0x08);  // a sender by his first bytes
    EXPECT_EQ(came(*at_dale_, unknown).why, "unknown node");
    EXPECT_TRUE(arrived().empty());
}

TEST_F(LinkParcelsTest, WhatTheOtherDoesNotTakeWaitsForACourier) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    cannot_go(*at_hill_, parcel->name, "unknown node");
    EXPECT_TRUE(next(*at_hill_)) << "once more, with whole ids";
    cannot_go(*at_hill_, parcel->name, "unknown node");
    EXPECT_FALSE(next(*at_hill_));
    EXPECT_EQ(waits(), 1u);
    EXPECT_EQ(at_hill_->words(*hill_.config.find("relay")),
              "0 by trunk.other, 1 that trunk.other did not carry (unknown node) for a courier or "
              "call");
}

TEST_F(LinkParcelsTest, WhatIsNotWhatItsNameSaysDoesNotGo) {
    mail("Hello");
    const auto packet = hill_.spool->list(dale_.config.self->id, Way::Tx)->front();
    std::ofstream(hill_.spool->path(packet), std::ios::app) << "x";
    EXPECT_FALSE(next(*at_hill_));
}

TEST_F(LinkParcelsTest, NobodyIsAskedAfterTheEnd) {
    mail("Hello");
    const auto parcel = next(*at_hill_);
    at_dale_->stop();
    EXPECT_EQ(came(*at_dale_, parcel->bytes).kind, Kind::Later);
    EXPECT_EQ(at_dale_desk_.owner(kLink), nullptr);
}

TEST_F(LinkParcelsTest, TwoForOneLinkAndStrangersAreSaidAtOnce) {
    NncpOptions options;
    options.links = {{"moor", kLink}};
    EXPECT_THROW(LinkParcels(hill_.config, *hill_.spool, options, at_hill_desk_, hill_.office,
                             "nncp.a", [] {}),
                 std::runtime_error);
    options.links = {{"relay", kLink}};
    const auto other = std::make_shared<LinkParcels>(hill_.config, *hill_.spool, options,
                                                     at_hill_desk_, hill_.office, "nncp.a", [] {});
    EXPECT_THROW(other->start(), std::runtime_error);
    other->stop();
}

}  // namespace
}  // namespace waypost::nncp
