// SPDX-License-Identifier: Apache-2.0
// A neighbour whose box was stolen: nothing of it is taken, what is for it is held, and only other
// keys end that.
#include "gateway/custody/stolen.h"

#include <gtest/gtest.h>

#include "gateway/delivery/desk_stolen.h"
#include "gateway/peer_keys.h"
#include "neighbour_village.h"

namespace waypost {
namespace {

// A way whose peers are known by keys.
class KeyedTransport final : public Transport, public HasPeerKeys {
  public:
    const TransportId& id() const override { return id_; }
    const std::string& network() const override { return network_; }
    const std::string& scheme() const override { return scheme_; }
    void start(Office&) override {}
    void deliver(Delivery) override {}
    Limits limits() const override { return {}; }
    Status status() const override { return {}; }
    std::optional<int> reach(const Address&) const override { return std::nullopt; }
    void stop() override {}
    std::map<std::string, std::string> peer_keys() const override { return keys; }
    void revoke(const std::set<std::string>& prints) override { revoked = prints; }

    std::map<std::string, std::string> keys;
    std::set<std::string> revoked;

  private:
    const TransportId id_ = "nncp.post";
    const std::string network_ = "keyed", scheme_ = "keyed";
};

class Stolen : public NeighbourTest {
  protected:
    Stolen() {
        Neighbour keyed = waypost::dale();
        keyed.keys = {"nncp:dale", "trunk:dale"};
        link(keyed);
        shown(kAna);
        keys_->keys = {{"nncp:dale", "old-n"}, {"trunk:dale", "old-t"}, {"nncp:vale", "vale"}};
        office_->transports().add(keys_);
    }
    void restart() {
        close();
        open();
        office_->transports().add(keys_);
    }
    Result<void> say(const std::function<Result<std::size_t>()>& what) {
        return ask([&](Desk&) -> Result<void> {
            const auto count = what();
            if (!count.ok()) return count.error();
            count_ = *count;
            return {};
        });
    }
    Result<void> steal(const std::string& who = "dale") {
        return say([&, who] { return say_stolen(*office_, who, "carl"); });
    }
    Result<void> pair() {
        return say([&] { return say_paired_anew(*office_, "dale"); });
    }
    std::set<std::string> revoked() {
        std::set<std::string> all;
        (void)store_->read([&](store::Tables& tables) {
            all = revoked_keys(tables);
            return 0;
        });
        return all;
    }
    State state_to_dale(MessageId message) {
        State state = State::Unknown;
        (void)store_->read([&](store::Tables& tables) {
            state = tables.deliveries.of_message(message).at(0).state;
            return 0;
        });
        return state;
    }

    const std::shared_ptr<KeyedTransport> keys_ = std::make_shared<KeyedTransport>();
    std::size_t count_ = 0;
};

TEST_F(Stolen, NothingThatItBringsIsTakenByAnyWay) {
    EXPECT_TRUE(hand(from_ben("Before", "nncp:dale")).kept());
    shown(kAna);
    ASSERT_TRUE(steal().ok());
    for (const char* way : {"nncp:dale", "trunk:dale", kDale}) {
        const Verdict verdict = hand(from_ben("After", way));
        EXPECT_EQ(verdict.kind, Verdict::Kind::Refused) << way;
        EXPECT_EQ(verdict.reason, Verdict::Reason::NotAllowed) << way;
        EXPECT_NE(verdict.text.find("stolen"), std::string::npos) << verdict.text;
        EXPECT_EQ(hand(from("eve@moor.example", "ana@hill.example", "Hi", way)).kind,
                  Verdict::Kind::Refused)
            << "nor what it passes on, by " << way;
        EXPECT_EQ(hand(from("postmaster@dale.example", "alarm@hill.example", "Fire", way)).kind,
                  Verdict::Kind::Refused)
            << way;
    }
    Message signed_by_it = from_ben("By DKIM", kElsewhere);
    signed_by_it.verified_sender = true;
    EXPECT_EQ(hand(signed_by_it).kind, Verdict::Kind::Refused);
    EXPECT_TRUE(shown(kAna).empty());
    EXPECT_NE(report().problem.find("stolen"), std::string::npos) << report().problem;
    EXPECT_EQ(report().stolen_by, "carl");
    EXPECT_GT(report().stolen_ms, 0);
    restart();
    EXPECT_EQ(hand(from_ben("After a restart", "nncp:dale")).kind, Verdict::Kind::Refused);
    EXPECT_TRUE(hand(from("eve@moor.example", "ana@hill.example", "Hi", kElsewhere)).kept())
        << "others go on";
}

TEST_F(Stolen, NoReportOfItIsBelieved) {
    EXPECT_EQ(dm1(kAna, "@ben.dale Hello"), "1 kept");
    const std::string id = left().at(0).message_id;
    ASSERT_TRUE(steal().ok());
    Message report = from("postmaster@dale.example", "ana@hill.example", "", "nncp:dale");
    report.automatic = true;
    report.fate = Fate{Fate::Kind::Delivered, id, mailto("ben", "dale.example"), "2.0.0", {}};
    EXPECT_EQ(hand(report).kind, Verdict::Kind::Refused);
    EXPECT_EQ(dm1(kAna, "?1").find("delivered"), std::string::npos);
}

TEST_F(Stolen, WhatIsForItIsHeldAndGoesOnOnceItIsPairedAnew) {
    relay_->turn_away = true;
    dm(kAna, "@ben.dale Waits already");
    ASSERT_TRUE(steal().ok());
    EXPECT_EQ(count_, 1u);
    relay_->turn_away = false;
    dm(kAna, "@ben.dale Written later");
    pass(std::chrono::hours(2));
    EXPECT_TRUE(left().empty());
    EXPECT_EQ(pair().error().code, Code::Conflict) << "its keys are the stolen ones";
    keys_->keys["nncp:dale"] = "new-n";
    EXPECT_NE(pair().error().text.find("trunk:dale still has the key"), std::string::npos);
    keys_->keys.erase("trunk:dale");
    EXPECT_NE(pair().error().text.find("trunk:dale has no key here yet"), std::string::npos);
    restart();
    pass(std::chrono::minutes(1));
    EXPECT_TRUE(left().empty());
    keys_->keys["trunk:dale"] = "new-t";
    ASSERT_TRUE(pair().ok());
    EXPECT_EQ(count_, 2u);
    std::vector<std::string> texts;
    for (const Delivery& each : left()) texts.push_back(each.text);
    EXPECT_EQ(texts, (std::vector<std::string>{"Waits already", "Written later"}));
    EXPECT_TRUE(hand(from_ben("Back", "nncp:dale")).kept());
    EXPECT_EQ(report().stolen_ms, 0);
    EXPECT_EQ(revoked(), (std::set<std::string>{"old-n", "old-t"})) << "for good";
    EXPECT_EQ(pair().error().code, Code::Conflict) << "nothing to undo";
}

TEST_F(Stolen, WhatAnOperatorReleasesIsHeldAgain) {
    ASSERT_TRUE(steal().ok());
    dm(kAna, "@ben.dale Hello");
    store::DeliveryRow held;
    (void)store_->read([&](store::Tables& tables) {
        held = tables.deliveries.list(State::Held, 0, 10).at(0);
        return 0;
    });
    EXPECT_EQ(held.code, kStolenCode);
    EXPECT_EQ(held.detail, stolen_words("dale"));
    ASSERT_TRUE(ask([&](Desk& desk) { return desk.act(QueueAct::Release, held.id); }).ok());
    pass(std::chrono::minutes(1));
    EXPECT_TRUE(left().empty());
    EXPECT_EQ(state_to_dale(held.message), State::Held);
}

TEST_F(Stolen, OnlyItsOwnKeysAreRevokedAndTwiceIsOnce) {
    ASSERT_TRUE(steal().ok());
    ASSERT_TRUE(steal().ok());
    EXPECT_EQ(revoked(), (std::set<std::string>{"old-n", "old-t"}));
    const auto unknown = steal("moor");
    EXPECT_EQ(unknown.error().code, Code::NotFound);
    EXPECT_EQ(unknown.error().text, "no neighbour moor; there are dale");
}

}  // namespace
}  // namespace waypost
