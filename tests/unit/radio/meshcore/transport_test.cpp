// SPDX-License-Identifier: Apache-2.0
// The transport between an office and a device: what is on record when, and what a message is.
#include "bench.h"
#include "gateway/base/live_feed.h"
#include "radio/meshcore/meshcore_transport.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace waypost::meshcore {
namespace {

using Kind = Outcome::Kind;
using std::chrono::seconds;

// The end of the line at a simulated device. Time goes on while the transport waits for bytes.
class VillageLine final : public ByteLine {
  public:
    VillageLine(World& world, FakeClock& clock) : world_(world), clock_(clock) {
        device().connected(true);
    }
    Result<std::string> read(milliseconds) override {
        clock_.advance(milliseconds(10));
        world_.scheduler().run_until(world_.scheduler().now() + milliseconds(10));
        if (gone) return Error{Code::Network, "unplugged", true};
        return device().to_host();
    }
    Result<void> write(std::string_view bytes) override {
        device().from_host(bytes);
        return {};
    }
    void wake() noexcept override {}
    bool gone = false;

  private:
    CompanionDevice& device() { return *world_.device("post"); }
    World& world_;
    FakeClock& clock_;
};

class MeshcoreTransportTest : public ::testing::Test {
  protected:
    MeshcoreTransportTest() {
        world_ = std::make_unique<World>(with_club(), [this](const Happening& what) {
            if (what.what == "sees" || what.what == "reads") seen_.push_back(what.text);
        });
    }
    std::unique_ptr<MeshcoreTransport> make() {
        MeshcoreOptions options;
        options.port = "tcp:nowhere:1";
        options.session = fast_options();
        const std::string room = key("club").substr(0, kPrefixBytes);
        options.rooms = {{room, "news"}};
        options.session.rooms = {{room, ""}};
        auto transport = std::make_unique<MeshcoreTransport>("meshcore.roof", options);
        transport->tell_to(feed_);
        transport->attach(office_);
        line_ = std::make_unique<VillageLine>(*world_, office_.time());
        EXPECT_TRUE(transport->open(*line_));
        return transport;
    }
    void run(MeshcoreTransport& transport, milliseconds time) {
        const BoxTime end = office_.clock().box() + time;
        while (office_.clock().box() < end) ASSERT_TRUE(transport.round(*line_));
    }
    std::string key(const std::string& name) { return world_->node(name).identity().key; }
    Delivery letter(const std::string& text) {
        Delivery delivery;
        delivery.attempt = {++deliveries_, 1};
        delivery.to = {"meshcore", radio_address(key("ana"))};
        delivery.text = text;
        return delivery;
    }

    FakeOffice office_;
    LiveFeed feed_;
    std::unique_ptr<World> world_;
    std::unique_ptr<VillageLine> line_;
    std::vector<std::string> seen_;
    DeliveryId deliveries_ = 0;
};

TEST_F(MeshcoreTransportTest, ALetterIsOnRecordBeforeItLeavesWithWhatItMayCost) {
    auto transport = make();
    run(*transport, seconds(10));
    EXPECT_TRUE(transport->status().up) << transport->status().why;
    std::function<void(bool)> begin;
    office_.on_begin = [&](std::function<void(bool)> go) { begin = std::move(go); };
    const std::string before = office_.kept()["airtime"];
    transport->deliver(letter("hi"));
    EXPECT_NE(office_.kept()["airtime"], before);
    EXPECT_FALSE(office_.kept()["time"].empty());
    run(*transport, seconds(5));
    EXPECT_TRUE(seen_.empty());
    begin(true);
    run(*transport, seconds(20));
    EXPECT_EQ(seen_, std::vector<std::string>{"hi"});
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].second.kind, Kind::Delivered);
    EXPECT_EQ(office_.begun.at(0).substr(0, 12), to_hex(key("ana").substr(0, 6)));
}

TEST_F(MeshcoreTransportTest, WhatWasCancelledNeverLeaves) {
    auto transport = make();
    run(*transport, seconds(10));
    office_.on_begin = [&](const std::function<void(bool)>& go) { go(false); };
    transport->deliver(letter("hi"));
    run(*transport, seconds(20));
    EXPECT_TRUE(seen_.empty());
    EXPECT_TRUE(office_.reports.empty());
}

TEST_F(MeshcoreTransportTest, AfterARestartARepeatIsKnownAsOne) {
    {
        auto transport = make();
        run(*transport, seconds(10));
        transport->deliver(letter("hi"));
        while (seen_.empty()) ASSERT_TRUE(transport->round(*line_));  // killed before the ack
    }
    auto transport = make();
    run(*transport, seconds(10));
    Delivery again = letter("hi");
    again.wire_id = office_.begun.at(0);
    transport->deliver(again);
    run(*transport, seconds(20));
    EXPECT_EQ(office_.begun.at(1), office_.begun.at(0));
    EXPECT_EQ(seen_, std::vector<std::string>{"hi"});
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].second.kind, Kind::Delivered);
    // Nor has any later text an earlier one's time, whatever the clock says.
    office_.time().jump_wall(-std::chrono::hours(24));
    transport->deliver(letter("another"));
    EXPECT_GT(*time_in(office_.begun.at(2)), *time_in(office_.begun.at(1)));
}

TEST_F(MeshcoreTransportTest, AMessageSaysWhatIsKnownOfIt) {
    auto transport = make();
    run(*transport, seconds(10));
    world_->line("ana: bob@x.org ans Ufer");
    run(*transport, seconds(20));
    ASSERT_EQ(office_.accepted.size(), 1u);
    const Message& message = office_.accepted[0];
    EXPECT_EQ(message.from.uri(), "meshcore:" + radio_address(key("ana")));
    EXPECT_TRUE(message.to.empty());
    EXPECT_TRUE(message.verified_sender);
    EXPECT_EQ(message.sealed_under, to_hex(key("ana")));
    EXPECT_EQ(message.privacy, Privacy::InClear);
    EXPECT_FALSE(message.origin_id.empty());
    EXPECT_FALSE(message.broadcast);

    world_->line("ana>all: SOS");
    run(*transport, seconds(20));
    ASSERT_EQ(office_.accepted.size(), 2u);
    EXPECT_TRUE(office_.accepted[1].broadcast);
    EXPECT_FALSE(office_.accepted[1].verified_sender);
    EXPECT_TRUE(office_.accepted[1].sealed_under.empty());
    EXPECT_EQ(office_.accepted[1].from.uri(), "meshcore:~ana");
    EXPECT_EQ(office_.accepted[1].privacy, Privacy::Channel);
}

TEST_F(MeshcoreTransportTest, ATextThatIsNotTakenYetIsGivenAgainUntilItIs) {
    auto transport = make();
    run(*transport, seconds(10));
    office_.line_verdict = Verdict{Verdict::Kind::Later, Verdict::Reason::StorageFull, "full", 0};
    world_->line("ana: hello");
    run(*transport, seconds(20));
    EXPECT_GE(office_.accepted.size(), 2u);
    office_.line_verdict.reset();
    run(*transport, seconds(10));
    const std::size_t taken = office_.accepted.size();
    run(*transport, seconds(20));
    EXPECT_EQ(office_.accepted.size(), taken);
}

TEST_F(MeshcoreTransportTest, APostOfARoomIsOneOfItsGroup) {
    FakePeople people;
    office_.people_view = &people;
    auto transport = make();
    run(*transport, seconds(30));
    world_->line("ana join club");
    run(*transport, seconds(20));
    world_->line("ana>club: Wasser steigt");
    run(*transport, seconds(60));
    ASSERT_EQ(office_.accepted.size(), 1u);
    EXPECT_EQ(office_.accepted[0].from.uri(), "meshcore:" + room_address(key("club")));
    ASSERT_EQ(office_.accepted[0].to.size(), 1u);
    EXPECT_EQ(office_.accepted[0].to[0].uri(), "group:news");
    EXPECT_EQ(office_.accepted[0].text, "ana: Wasser steigt");
    EXPECT_EQ(transport->status().details.at("rooms joined"), "1");

    // The other way; what is too long with its author's name is cut between letters.
    Delivery post = letter("verstanden");
    post.to.value = room_address(key("club"));
    post.author = "ben";
    transport->deliver(post);
    run(*transport, seconds(60));
    post = letter(std::string(149, 'x') + "🐟");
    post.to.value = room_address(key("club"));
    post.from_name = "Frédéric";
    transport->deliver(post);
    run(*transport, seconds(60));
    ASSERT_EQ(seen_.size(), 2u);
    EXPECT_EQ(seen_[0], "ben: verstanden");
    EXPECT_EQ(seen_[1], "Frédéric: " + std::string(146, 'x'));
    office_.people_view = nullptr;
}

TEST_F(MeshcoreTransportTest, ContactsOutliveTheDevice) {
    make()->stop();
    auto transport = make();
    run(*transport, seconds(10));
    EXPECT_EQ(office_.kept()["contact." + to_hex(key("ana"))], "1");
    EXPECT_TRUE(transport->reach({"meshcore", radio_address(key("ana"))}));
    EXPECT_FALSE(transport->reach({"meshtastic", "!0000000a"}));
    EXPECT_FALSE(transport->reach({"meshcore", "!0000000a"}));
}

TEST_F(MeshcoreTransportTest, WhoLooksOnSeesPacketsAndNoTexts) {
    auto transport = make();
    run(*transport, seconds(10));
    world_->line("ana: a secret");
    run(*transport, seconds(20));
    const auto packets = feed_.packets().after(0);
    ASSERT_FALSE(packets.empty());
    bool heard_text = false;
    for (const PacketSeen& each : packets) {
        EXPECT_EQ(each.text.find("secret"), std::string::npos);
        heard_text = heard_text || (each.text == "text" && !each.out && each.snr_db);
    }
    EXPECT_TRUE(heard_text);
}

TEST_F(MeshcoreTransportTest, ALineThatIsLostGivesBackWhatWaits) {
    auto transport = make();
    run(*transport, seconds(10));
    line_->gone = true;
    EXPECT_FALSE(transport->round(*line_));
    transport->line_lost();
    EXPECT_FALSE(transport->status().up);
    transport->deliver(letter("hi"));
    transport->give_back();
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].second.kind, Kind::NotTried);
    transport->deliver(letter("too late"));
    ASSERT_EQ(office_.reports.size(), 2u);
}

}  // namespace
}  // namespace waypost::meshcore
