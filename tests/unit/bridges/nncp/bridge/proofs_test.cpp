// SPDX-License-Identifier: Apache-2.0
// ACKs, packets that go again, and what a crash leaves.
#include <stdlib.h>

#include <fstream>
#include <future>

#include "bridges/nncp/sticks.h"
#include "tests/unit/bridges/nncp/vectors.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Proofs : public TwoBoxes {
  protected:
    Proofs() {
        hill_.options.acks = {"relay"};
        hill_.options.resend_after = std::chrono::hours(24);
        dale_.options.acks = {"village"};
        compact();
    }
    // The names of the one packet for the relay, and of what is in it.
    std::pair<Mth, Mth> outer_and_inner() {
        const auto listed = hill_.spool->list(dale_.config.self->id, Way::Tx);
        EXPECT_EQ(listed->size(), 1u);
        const SpoolPacket& packet = listed->front();
        std::ifstream in(hill_.spool->path(packet), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(in)), {});
        MemorySource source(bytes);
        MemorySink inside(1'000'000);
        EXPECT_TRUE(unseal(test_unsealing("relay"), source, inside).ok());
        MemorySource inner(inside.bytes());
        const auto name = mth_of(inner);
        return {packet.name, *name};
    }
    void pass(std::chrono::hours time) {
        hill_.office.time().advance(time);
        dale_.office.time().advance(time);
    }
};

TEST_F(Proofs, AnAckSaysThatTheNodeHasIt) {
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    hill_.round();
    EXPECT_EQ(hill_.house->nodes().at("relay").unacked, 1u);
    carry(hill_, dale_, true);
    dale_.round();
    EXPECT_EQ(carry(dale_, hill_), 1u);
    hill_.round();
    ASSERT_EQ(hill_.office.proofs.size(), 1u);
    const auto& [wire_id, proof] = hill_.office.proofs[0];
    EXPECT_EQ(wire_id, "<1.1@hill.example>");
    EXPECT_EQ(proof.kind, Proof::Kind::Relayed) << "no more is proven";
    EXPECT_EQ(proof.proof, ProofClass::Reported);
    EXPECT_EQ(proof.detail, "in custody of relay");
    EXPECT_EQ(proof.recipient, mailto("ben", "dale.example"));
    EXPECT_EQ(hill_.house->nodes().at("relay").unacked, 0u);
    EXPECT_EQ(hill_.house->nodes().at("relay").waits, 0u) << "what was kept is gone";
    dale_.round();
    EXPECT_EQ(carry(dale_, hill_), 0u) << "ACKs are not acknowledged";
}

TEST_F(Proofs, AnAckWaitsUntilItsProofIsOnRecord) {
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    const NodeId relay = dale_.config.self->id;
    carry(hill_, dale_, true);
    dale_.round();
    EXPECT_EQ(carry(dale_, hill_), 1u);
    hill_.office.store_fails = true;
    hill_.round();
    EXPECT_TRUE(hill_.office.proofs.empty());
    EXPECT_EQ(hill_.sent->waiting(relay), 1u) << "the disk was full";
    EXPECT_EQ(hill_.spool->list(relay, Way::Rx)->size(), 1u) << "the ACK waits";
    hill_.office.store_fails = false;
    hill_.open();
    std::promise<std::function<void()>> say;
    hill_.office.later = [&](auto each) { say.set_value(std::move(each)); };
    auto round = std::async(std::launch::async, [&] { hill_.round(); });
    const auto on_disk = say.get_future().get();
    EXPECT_EQ(round.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    EXPECT_EQ(hill_.sent->waiting(relay), 1u);
    EXPECT_EQ(hill_.spool->list(relay, Way::Rx)->size(), 1u) << "not on disk yet";
    on_disk();
    round.get();
    EXPECT_EQ(hill_.office.proofs.size(), 1u);
    EXPECT_EQ(hill_.sent->waiting(relay), 0u);
    EXPECT_TRUE(hill_.spool->list(relay, Way::Rx)->empty());
    EXPECT_TRUE(hill_.spool->list(relay, Way::Tx)->empty());
}

TEST_F(Proofs, WithoutOneItGoesAgainUnderItsOwnName) {
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    carry(dale_, hill_);  // the ACK is lost
    const auto lost = hill_.spool->list(dale_.config.self->id, Way::Rx);
    for (const auto& each : *lost) ASSERT_TRUE(hill_.spool->remove(each).ok());
    hill_.round();
    EXPECT_EQ(carry(hill_, dale_), 0u);
    pass(std::chrono::hours(25));
    hill_.open();  // a restart changes nothing
    hill_.round();
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u) << "it knows the name";
    EXPECT_EQ(carry(dale_, hill_), 1u) << "and acknowledges again";
    hill_.round();
    EXPECT_EQ(hill_.office.proofs.size(), 1u);
    pass(std::chrono::hours(100));
    hill_.round();
    EXPECT_EQ(carry(hill_, dale_), 0u);
}

TEST_F(Proofs, AStrangersAckProvesNothing) {
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    const auto listed = hill_.spool->list(dale_.config.self->id, Way::Tx);
    const auto& queued = *listed;
    ASSERT_EQ(queued.size(), 1u);
    EXPECT_FALSE(hill_.sent->acked(hill_.config.find("city")->id, queued[0].name));
    EXPECT_FALSE(hill_.sent->awaits(hill_.config.find("city")->id, queued[0].name));
    EXPECT_TRUE(hill_.sent->awaits(dale_.config.self->id, queued[0].name));
    EXPECT_TRUE(hill_.sent->acked(dale_.config.self->id, queued[0].name)) << "still there";
    EXPECT_FALSE(hill_.sent->acked(dale_.config.self->id, queued[0].name)) << "once";
}

TEST_F(Proofs, WhatACrashKeptOffTheRecordIsNotSentTwice) {
    Delivery delivery = letter(hill_, "ben@dale.example", "Hello");
    hill_.sender->carry({delivery});
    hill_.open();
    hill_.office.reports.clear();
    delivery.wire_id = delivery.message_id;
    hill_.sender->carry({delivery});
    ASSERT_EQ(hill_.office.reports.size(), 1u);
    EXPECT_EQ(hill_.office.reports[0].second.kind, Outcome::Kind::Sent);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    // The same wire id, of an attempt that left no packet.
    Delivery other = letter(hill_, "ben@dale.example", "Hello", 2);
    other.wire_id = other.message_id;
    hill_.sender->carry({other});
    EXPECT_EQ(carry(hill_, dale_), 1u);
}

// The second packet cannot get its name, as its folder is on another file system.
TEST_F(Proofs, WhatIsQueuedIsNotMadeAgainWhereAnotherCannotBe) {
    namespace fs = std::filesystem;
    std::string elsewhere = "/dev/shm/nncp-bridge-XXXXXX";
    if (::mkdtemp(elsewhere.data()) == nullptr) GTEST_SKIP() << "no second file system";
    hill_.options.carries["city.example"] = "city";
    Node& city = hill_.config.nodes.at("city");
    city.via.clear();
    hill_.open();
    const fs::path folder = hill_.spool->folder(city.id, Way::Tx);
    fs::create_directories(folder.parent_path());
    fs::remove(folder);
    fs::create_symlink(elsewhere, folder);
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello"),
                         letter(hill_, "cleo@city.example", "Hello", 2)});
    ASSERT_EQ(hill_.office.reports.size(), 2u);
    EXPECT_EQ(hill_.office.reports[0].second.kind, Outcome::Kind::Sent);
    EXPECT_EQ(hill_.office.reports[1].second.kind, Outcome::Kind::NotTried);
    EXPECT_EQ(carry(hill_, dale_), 1u) << "once";
    fs::remove_all(elsewhere);
}

TEST_F(Proofs, WhatWasNotedAndNeverPublishedIsSent) {
    Delivery delivery = letter(hill_, "ben@dale.example", "Hello");
    SentPacket noted;
    noted.name.fill(3);
    noted.inner = noted.name;
    noted.first_hop = noted.to = dale_.config.self->id;
    noted.copies = {{delivery.message_id, delivery.to}};
    ASSERT_TRUE(hill_.sent->note(noted).ok());
    hill_.open();
    delivery.wire_id = delivery.message_id;
    hill_.sender->carry({delivery});
    EXPECT_EQ(carry(hill_, dale_), 1u);
}

TEST_F(Proofs, ARelayedPacketIsAckedByItsRecipient) {
    hill_.options.carries = {{"city.example", "city"}};
    hill_.options.acks = {"city"};
    hill_.options.compact.clear();
    hill_.open();
    hill_.sender->carry({letter(hill_, "ben@city.example", "Hello")});
    ASSERT_EQ(hill_.office.reports.size(), 1u);
    EXPECT_EQ(hill_.office.reports[0].second.detail,
              "waits for the next call or courier to relay, and on to city");
    const NodeId city = hill_.config.find("city")->id;
    EXPECT_EQ(hill_.sent->waiting(city), 1u);
    const auto opened = outer_and_inner();
    EXPECT_NE(opened.first, opened.second);
    EXPECT_FALSE(hill_.sent->acked(city, opened.first)) << "the relay's packet is not the city's";
    EXPECT_TRUE(hill_.sent->acked(city, opened.second));
    EXPECT_EQ(carry(hill_, dale_), 0u) << "what waited for the relay still is gone";
}

TEST_F(Proofs, WaitInTheQueueOfTheNextHop) {
    const auto hops = [&](const std::set<std::string>& acks) {
        return answering_hops(hill_.config, acks);
    };
    const std::set<NodeId> relay = {hill_.config.find("relay")->id};
    EXPECT_EQ(hops({"relay"}), relay);
    EXPECT_EQ(hops({"city"}), relay);
    EXPECT_TRUE(hops({}).empty());
    EXPECT_EQ(NncpOptions{}.resend_after, std::chrono::hours(24 * 7));
}

TEST_F(Proofs, NoJumpOfTheWallClockResendsOrForgets) {
    constexpr milliseconds kYears = std::chrono::hours(24 * 365 * 16);
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    hill_.office.time().jump_wall(kYears);  // as the first contact with a time server does
    hill_.round();
    EXPECT_EQ(carry(hill_, dale_), 0u) << "it has not waited for a day";
    EXPECT_EQ(hill_.sent->waiting(dale_.config.self->id), 1u) << "nor for half a year";
    hill_.office.time().jump_wall(-2 * kYears);
    pass(std::chrono::hours(25));
    hill_.open();
    hill_.round();
    EXPECT_EQ(hill_.sent->waiting(dale_.config.self->id), 1u);
    EXPECT_FALSE(hill_.spool->list(dale_.config.self->id, Way::Tx)->empty()) << "now it has";
}

TEST_F(Proofs, HowLongABoxWasOffSaysNothing) {
    hill_.options.acks.clear();
    hill_.open();
    Delivery delivery = letter(hill_, "ben@dale.example", "Hello");
    hill_.sender->carry({delivery});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    hill_.office.time().jump_wall(std::chrono::hours(5));
    hill_.open();
    hill_.round();
    delivery.wire_id = delivery.message_id;
    hill_.sender->carry({delivery});
    EXPECT_EQ(carry(hill_, dale_), 0u) << "it went before the box was off";
}

// What an earlier release noted by the wall, and what a store that was put back has not lived yet.
TEST_F(Proofs, ATimeThatTheBoxHasNotReachedCountsFromNow) {
    SentPacket noted;
    noted.name.fill(3);
    noted.inner = noted.name;
    noted.first_hop = noted.to = dale_.config.self->id;
    noted.first = noted.at = 1'795'000'000;
    ASSERT_TRUE(hill_.sent->note(noted).ok());
    const std::filesystem::path tx = hill_.spool->folder(noted.to, Way::Tx);
    std::filesystem::create_directories(tx);
    std::ofstream(tx / to_base32(noted.name)) << "a packet";
    hill_.sent->keep(noted.name);
    hill_.round();
    std::filesystem::remove(tx / to_base32(noted.name));
    pass(std::chrono::hours(20));
    hill_.open();
    hill_.round();
    EXPECT_TRUE(hill_.spool->list(noted.to, Way::Tx)->empty());
    pass(std::chrono::hours(5));
    hill_.open();
    hill_.round();
    EXPECT_EQ(hill_.spool->list(noted.to, Way::Tx)->size(), 1u) << "a restart begins nothing anew";
}

TEST_F(Proofs, ANodeWithoutAcksIsForgottenSoon) {
    hill_.options.acks.clear();
    hill_.open();
    hill_.sender->carry({letter(hill_, "ben@dale.example", "Hello")});
    hill_.round();
    EXPECT_EQ(hill_.sent->waiting(dale_.config.self->id), 1u);
    pass(std::chrono::hours(2));
    hill_.round();
    EXPECT_EQ(hill_.sent->waiting(dale_.config.self->id), 0u);
    EXPECT_EQ(carry(hill_, dale_), 1u) << "the packet itself waits as ever";
}

}  // namespace
}  // namespace waypost::nncp
