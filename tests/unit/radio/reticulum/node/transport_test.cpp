// SPDX-License-Identifier: Apache-2.0
// The node as a transport: what it hands over, and what it does with deliveries.
#include <gtest/gtest.h>

#include <thread>

#include "gateway/base/encoding.h"
#include "radio/reticulum/reticulum_transport.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/unit/radio/reticulum/node/lxmf_peer.h"

namespace waypost::reticulum {
namespace {

class FakeCarrier final : public Carrier {
  public:
    void start(Office&, const TransportId&, CarrierDoor& to) override { door = &to; }
    void stop() override {}
    Took send(InterfaceNumber, const std::string& packet, bool) override {
        const std::lock_guard lock(mutex);
        sent.push_back(packet);
        return Took::Yes;
    }
    std::vector<std::string> takes_sent() {
        const std::lock_guard lock(mutex);
        return std::exchange(sent, {});
    }
    bool up() const override { return true; }
    Status status() const override {
        Status status;
        status.up = true;
        return status;
    }

    CarrierDoor* door = nullptr;

  private:
    std::mutex mutex;  // stamps and ticks have threads of their own
    std::vector<std::string> sent;
};

class ReticulumTransportTest : public testing::Test {
  protected:
    ReticulumTransportTest() {
        people.add("ana", "Ana");
        office.people_view = &people;
        start();
    }
    ~ReticulumTransportTest() override { transport->stop(); }

    void start() {
        auto made = std::make_unique<FakeCarrier>();
        carrier = made.get();
        transport = std::make_unique<ReticulumTransport>("reticulum.phones", ReticulumOptions{},
                                                         std::move(made));
        transport->start(office);
        carrier->door->interface_up(1, {"phone", 0});
        pump();
    }
    void restart() {
        transport->stop();
        start();
    }
    void pump() {
        for (bool any = true; any;) {
            const auto from_box = carrier->takes_sent();
            for (const std::string& each : from_box)
                if (!deaf) bob.hears(each);
            const auto from_bob = bob.takes_out();
            for (const std::string& each : from_bob) carrier->door->came(1, each, {});
            any = !from_box.empty() || !from_bob.empty();
        }
    }
    Address bobs() const { return {"lxmf", bob.address()}; }
    Delivery letter(const std::string& text = "come home") {
        Delivery delivery;
        delivery.attempt = {1, 1};
        delivery.to = bobs();
        delivery.author = "ana";
        delivery.text = text;
        return delivery;
    }
    std::string own_address() const { return transport->status().details.at("address"); }

    FakeOffice office;
    FakePeople people;
    LxmfPeer bob{"Bob", 101};  // not the office's chance
    bool deaf = false;         // he hears nothing
    std::unique_ptr<ReticulumTransport> transport;
    FakeCarrier* carrier = nullptr;
};

TEST_F(ReticulumTransportTest, ItsAddressIsOnDiskBeforeItIsAnnouncedAndStays) {
    EXPECT_EQ(own_address().size(), 32u);
    EXPECT_EQ(to_hex(bob.box()), own_address());
    EXPECT_GE(office.disk().asked, 1);
    const std::string before = own_address();
    restart();
    EXPECT_EQ(own_address(), before);
    EXPECT_EQ(transport->network(), "reticulum");
    EXPECT_TRUE(transport->limits().typed);
    EXPECT_TRUE(transport->limits().ordered);
}

// Others take an announce with an earlier time for an old one.
TEST_F(ReticulumTransportTest, TheTimeOfItsAnnouncesDoesNotGoBack) {
    const auto emitted_now = [this] {
        for (const std::string& each : carrier->takes_sent()) {
            const auto announce = validate_announce(*parse_packet(each));
            if (announce.ok()) return announce->emitted();
        }
        return std::uint64_t{0};
    };
    carrier->door->interface_up(2, {"another", 0});
    const std::uint64_t before = emitted_now();
    EXPECT_EQ(before, 1'800'000'000u);
    transport->stop();
    office.time().jump_wall(-std::chrono::hours(48));
    start();
    carrier->door->interface_up(2, {"another", 0});
    EXPECT_GT(emitted_now(), before);
}

TEST_F(ReticulumTransportTest, WithoutADiskItDoesNotStart) {
    FakeOffice full;
    full.disk().full = true;
    ReticulumTransport other("reticulum.x", ReticulumOptions{}, std::make_unique<FakeCarrier>());
    EXPECT_THROW(other.start(full), std::runtime_error);
    other.stop();
    other.give_back();
    full.disk().full = false;
    full.kept()["identity"] = "zz";
    EXPECT_THROW(other.start(full), std::runtime_error);
}

TEST_F(ReticulumTransportTest, AMessageIsHandedOverAsItsSendersOwn) {
    std::vector<Address> heard;
    office.on_heard = [&](const Address& who) { heard.push_back(who); };
    const std::string id = bob.say("@ana hello");
    pump();
    ASSERT_EQ(office.accepted.size(), 1u);
    const Message& message = office.accepted[0];
    EXPECT_EQ(message.from, bobs());
    EXPECT_TRUE(message.to.empty());
    EXPECT_EQ(message.text, "@ana hello");
    EXPECT_EQ(message.from_name, "Bob");
    EXPECT_EQ(message.network, "reticulum");
    EXPECT_EQ(message.origin_id, to_hex(id));
    EXPECT_EQ(message.written, 1'800'000'000);
    EXPECT_TRUE(message.verified_sender);
    EXPECT_EQ(message.sealed_under, to_hex(bob.shown().signing_key()));
    EXPECT_EQ(message.privacy, Privacy::ToGateway);
    EXPECT_TRUE(bob.delivered(id));
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard.front(), bobs());
}

TEST_F(ReticulumTransportTest, NoProofLeavesBeforeTheCommit) {
    std::vector<std::function<void()>> commits;
    office.later = [&](std::function<void()> say) { commits.push_back(std::move(say)); };
    const std::string id = bob.say("hello");
    pump();
    EXPECT_FALSE(bob.delivered(id));
    ASSERT_EQ(commits.size(), 1u);
    commits[0]();
    pump();
    EXPECT_TRUE(bob.delivered(id));
}

TEST_F(ReticulumTransportTest, WhatTheStoreRefusesForNowIsNotProved) {
    office.line_verdict = Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, {}, 0};
    const std::string id = bob.say("hello");
    pump();
    EXPECT_FALSE(bob.delivered(id));
    office.line_verdict = Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, {}, 0};
    bob.say_again();
    pump();
    EXPECT_TRUE(bob.delivered(id));
}

TEST_F(ReticulumTransportTest, ATitleStandsWhereASubjectIsTyped) {
    bob.announce();
    bob.say_on_link("bob@example.org the goats are back", "Goats");
    bob.say_on_link("the goats are back", "Goats");
    bob.say_on_link("", "Goats");
    pump();
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(office.accepted[0].text, "bob@example.org Goats // the goats are back");
    EXPECT_EQ(office.accepted[1].text, "Goats\nthe goats are back");
    EXPECT_EQ(office.accepted[2].text, "Goats");
}

TEST_F(ReticulumTransportTest, ATitleMakesNoTalkOfACommand) {
    bob.announce();
    const std::pair<const char*, const char*> said[] = {
        {"*1 on my way", "*1 on my way\nGoats"},
        {"SOS at the ford", "SOS at the ford\nGoats"},
        {"sos at the ford", "sos at the ford\nGoats"},
        {"SOS", "SOS\nGoats"},
        {"SOS TEST", "SOS TEST"},
        {"SOS OK", "SOS OK"},
        {"?", "?"},
        {"1", "1"},
        {"note: buy milk", "Goats\nnote: buy milk"},
        {"@ben hello", "@ben Goats // hello"}};
    for (const auto& [text, whole] : said) bob.say_on_link(text, "Goats");
    pump();
    ASSERT_EQ(office.accepted.size(), std::size(said));
    for (std::size_t i = 0; i < std::size(said); ++i)
        EXPECT_EQ(office.accepted[i].text, said[i].second);
}

TEST_F(ReticulumTransportTest, WhatNobodyWroteIsNotHandedOver) {
    const std::string id = bob.say("  \n");
    pump();
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_TRUE(bob.delivered(id));
}

TEST_F(ReticulumTransportTest, AnAudioMessageSaysThatItCame) {
    bob.speaks = true;
    bob.say("");
    pump();
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].text, "[1 attachment not taken]");
}

TEST_F(ReticulumTransportTest, ADeliveryIsOnRecordBeforeItLeavesAndEndsWithTheProof) {
    bob.announce();
    pump();
    std::function<void(bool)> commit;
    office.on_begin = [&](std::function<void(bool)> done) { commit = std::move(done); };
    transport->deliver(letter());
    EXPECT_TRUE(carrier->takes_sent().empty());
    commit(true);
    EXPECT_TRUE(office.reports.empty());
    pump();
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::Delivered);
    ASSERT_EQ(bob.texts().size(), 1u);
    EXPECT_EQ(bob.texts()[0], "ana: come home");
}

TEST_F(ReticulumTransportTest, WhatIsOfferedAgainIsTheSameMessage) {
    bob.announce();
    pump();
    bob.proves = false;
    transport->deliver(letter());
    pump();
    transport->give_back();
    restart();
    bob.proves = true;
    bob.announce();
    pump();
    Delivery again = letter();
    again.wire_id = office.begun.at(0);
    transport->deliver(again);
    pump();
    EXPECT_EQ(bob.times(), 2);
    EXPECT_EQ(bob.texts().size(), 1u);
    EXPECT_EQ(office.begun.at(1), office.begun.at(0));
    EXPECT_EQ(office.reports.back().second.kind, Outcome::Kind::Delivered);
    transport->deliver(letter());
    pump();
    EXPECT_EQ(bob.texts().size(), 2u);  // the same words, and another message
}

// Bob is nobody's radio here: what he answers goes to who wrote to him.
TEST_F(ReticulumTransportTest, AnAnswerFromOutsideGoesToWhoWrote) {
    bob.announce();
    pump();
    transport->deliver(letter());
    pump();
    bob.say("on my way");
    bob.say("? what is this");
    pump();
    ASSERT_EQ(office.accepted.size(), 2u);
    ASSERT_EQ(office.accepted[0].to.size(), 1u);
    EXPECT_EQ(office.accepted[0].to[0].uri(), "mailto:ana@hill.example");
    EXPECT_EQ(office.accepted[0].return_path, bobs());
    EXPECT_TRUE(office.accepted[1].to.empty());
    restart();
    bob.say("still on my way");
    pump();
    ASSERT_EQ(office.accepted.size(), 3u);
    EXPECT_EQ(office.accepted[2].to.size(), 1u);
    // A cry for help is nobody's talk, in whatever letters.
    for (const char* cry : {"\u0421\u041e\u0421 at the ford", "SOS! the ford", "sos the ford"}) {
        bob.say(cry);
        pump();
        EXPECT_TRUE(office.accepted.back().to.empty()) << cry;
    }
    bob.say("Sosiska again");
    pump();
    ASSERT_EQ(office.accepted.size(), 7u);
    EXPECT_EQ(office.accepted[6].to.size(), 1u);
}

TEST_F(ReticulumTransportTest, AnAnswerThatNobodyHereTakesIsNotProved) {
    bob.announce();
    pump();
    transport->deliver(letter());
    pump();
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, {}, 0};
    };
    const std::string id = bob.say("on my way");
    pump();
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_FALSE(bob.delivered(id));
    // Ana has left: the box answers him itself.
    people.residents.clear();
    bob.say_again();
    pump();
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_TRUE(office.accepted[1].to.empty());
    EXPECT_TRUE(bob.delivered(id));
}

TEST_F(ReticulumTransportTest, WhatAVillagerGetsIsAsItWasRendered) {
    people.addresses[bobs()] = "bob";
    bob.announce();
    pump();
    transport->deliver(letter("1 ana: come home"));
    pump();
    ASSERT_EQ(bob.texts().size(), 1u);
    EXPECT_EQ(bob.texts()[0], "1 ana: come home");
    bob.say("on my way");
    pump();
    EXPECT_TRUE(office.accepted.at(0).to.empty());
    ASSERT_TRUE(office.kept().count("peer/" + bob.address()));
}

TEST_F(ReticulumTransportTest, AStampIsMadeOnAThreadOfItsOwn) {
    bob.stamp_cost = 6;
    bob.announce();
    pump();
    transport->deliver(letter());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (office.reports.empty() && std::chrono::steady_clock::now() < end) {
        pump();
        std::this_thread::yield();
    }
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::Delivered);
    EXPECT_EQ(bob.stamps(), 1);
}

TEST_F(ReticulumTransportTest, ReachesWhoWasHeardBest) {
    EXPECT_EQ(transport->reach({"mailto", "bob@x.org"}), std::nullopt);
    EXPECT_EQ(transport->reach({"lxmf", "12ab"}), std::nullopt);
    EXPECT_EQ(transport->reach(bobs()), 0);
    bob.announce();
    pump();
    EXPECT_EQ(transport->reach(bobs()), 50);
    carrier->door->interface_down(1);
    EXPECT_EQ(transport->reach(bobs()), 1);
    Delivery wrong = letter();
    wrong.to.value = "12ab";
    transport->deliver(wrong);
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::Failed);
}

TEST_F(ReticulumTransportTest, ItIsStoppedWhileAnAttemptBegins) {
    bob.announce();
    pump();
    std::function<void(bool)> commit;
    office.on_begin = [&](std::function<void(bool)> done) { commit = std::move(done); };
    transport->deliver(letter());
    transport->stop();
    commit(true);
    EXPECT_TRUE(bob.texts().empty());
    ASSERT_EQ(office.reports.size(), 1u);
    EXPECT_EQ(office.reports[0].second.kind, Outcome::Kind::NotTried);
}

TEST_F(ReticulumTransportTest, AnnouncesOfWhomNobodyHereKnowsAreNotTold) {
    int heard = 0;
    office.on_heard = [&](const Address&) { ++heard; };
    bob.announce();
    pump();
    EXPECT_EQ(heard, 0);
    EXPECT_EQ(office.kept().count("peer/" + bob.address()), 0u);
    people.addresses[bobs()] = "bob";
    bob.announce();
    pump();
    EXPECT_GE(heard, 1);
    EXPECT_EQ(office.kept().count("peer/" + bob.address()), 1u);
}

}  // namespace
}  // namespace waypost::reticulum
