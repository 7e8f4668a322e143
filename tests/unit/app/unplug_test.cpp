// SPDX-License-Identifier: Apache-2.0
// A USB radio that is pulled out with texts in every stage of their way, and one that is there
// when the gateway ends.
#include <gmock/gmock.h>

#include "radio/meshtastic/meshtastic_transport.h"
#include "tests/unit/gateway/delivery/village.h"
#include "tests/unit/radio/meshtastic/scripted_line.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kRadios[4][10] = {"!0000000a", "!0000000b", "!0000000c", "!0000000d"};
constexpr char kUsb[] = "meshtastic.usb-1";

class Unplug : public Village {
  protected:
    Unplug() { office_->transports().remove("meshtastic.roof"); }

    void plug() {
        usb_ = std::make_shared<MeshtasticTransport>(kUsb, MeshtasticOptions{});
        line_ = std::make_unique<ScriptedLine>();
        usb_->attach(*office_);
        usb_->open(*line_);
        for (int i = 0; i < 3; ++i) usb_->round(*line_);
        EXPECT_TRUE(usb_->status().up) << usb_->status().why;
        office_->transports().add(usb_);
    }
    void ask(const char* radio) {
        Message message;
        message.from = {"meshtastic", radio};
        message.network = "meshtastic";
        message.origin_id = "p" + std::to_string(++packets_);
        message.text = "?";
        office_->accept(message, [](const auto&) {});
        settle();
    }
    // One text is in the air, one waits in the session, one in front of it, one for its record.
    void four_under_way() {
        ask(kRadios[0]);
        usb_->round(*line_);
        ASSERT_EQ(line_->texts.size(), 1u);
        ask(kRadios[1]);
        usb_->round(*line_);
        ASSERT_EQ(line_->texts.size(), 1u) << "texts are paced";
        ask(kRadios[2]);
        ask(kRadios[3]);
    }
    int count(State state) {
        int sum = 0;
        const auto counts = store_->read([](store::Tables& t) { return t.deliveries.counts(); });
        for (const auto& each : *counts) {
            if (each.state == state) sum += static_cast<int>(each.count);
        }
        return sum;
    }
    // Rounds of the radio's thread, each text acknowledged by its addressee.
    void run(minutes time) {
        std::size_t acked = line_->texts.size();
        for (seconds passed{0}; passed < time; passed += seconds(1)) {
            pass(seconds(1));
            usb_->round(*line_);
            for (; acked < line_->texts.size(); ++acked) ack(line_->texts[acked]);
        }
    }
    void ack(const pb::MeshPacket& text) {
        pb::FromRadio message;
        auto* packet = message.mutable_packet();
        packet->set_from(text.to());
        packet->set_to(ScriptedLine::kOwn);
        packet->mutable_decoded()->set_portnum(kRouting);
        packet->mutable_decoded()->set_request_id(text.id());
        pb::Routing none;
        none.set_error_reason(kNone);
        packet->mutable_decoded()->set_payload(none.SerializeAsString());
        line_->say(message);
    }

    std::shared_ptr<MeshtasticTransport> usb_;
    std::unique_ptr<ScriptedLine> line_;
};

TEST_F(Unplug, WhatWasInHandHasAnOutcomeAndGoesOnWhenTheRadioIsBack) {
    plug();
    four_under_way();
    ASSERT_EQ(count(State::Sending), 4);
    const std::uint32_t in_the_air = line_->texts[0].id();
    office_->transports().unplug(kUsb);
    usb_.reset();
    settle();
    EXPECT_EQ(count(State::Sending), 0);
    EXPECT_EQ(count(State::Deferred), 4);

    plug();
    run(minutes(5));
    EXPECT_EQ(count(State::Deferred), 0);
    ASSERT_EQ(line_->texts.size(), 4u) << "and no place in its window is lost";
    std::set<std::uint32_t> ids;
    for (const auto& text : line_->texts) ids.insert(text.id());
    EXPECT_EQ(ids.count(in_the_air), 1u) << "what may have arrived goes under its id";
    for (const char* radio : kRadios) ask(radio);
    run(minutes(1));
    EXPECT_EQ(line_->texts.size(), 8u);
}

TEST_F(Unplug, WhatIsRecordedAfterTheRadioWentIsGivenBack) {
    plug();
    Delivery late;
    ask(kRadios[0]);
    Message message;
    message.from = {"meshtastic", kRadios[1]};
    message.network = "meshtastic";
    message.text = "?";
    message.origin_id = "late";
    office_->accept(message, [](const auto&) {});
    store_->writer().step();
    auto held = usb_;  // as the dispatcher holds it while it hands over
    office_->transports().unplug(kUsb);
    late.attempt = {2, 1};
    late.to = {"meshtastic", kRadios[1]};
    late.text = "late";
    held->deliver(late);
    usb_.reset();
    held.reset();
    settle();
    EXPECT_EQ(count(State::Sending), 0);
    EXPECT_EQ(count(State::Deferred), 2);
}

TEST_F(Unplug, AtTheGatewaysOwnEndAllIsOfferedAgainUnderItsId) {
    plug();
    four_under_way();
    const std::uint32_t in_the_air = line_->texts[0].id();
    usb_->stop();
    settle();
    EXPECT_EQ(count(State::Sending), 4);
    close();
    open();
    office_->transports().remove("meshtastic.roof");
    EXPECT_EQ(count(State::Ready), 4);
    plug();
    settle();
    run(minutes(1));
    ASSERT_EQ(line_->texts.size(), 4u);
    EXPECT_EQ(line_->texts[0].id(), in_the_air);
    usb_.reset();
}

// Its settings were changed: it stops, and another one with its name starts at once.
TEST_F(Unplug, WhatASetAsideRadioHadInHandIsOfferedAgainUnderItsId) {
    plug();
    four_under_way();
    ASSERT_EQ(count(State::Sending), 4);
    const std::uint32_t in_the_air = line_->texts[0].id();
    usb_.reset();
    EXPECT_TRUE(Village::ask([](Desk& desk) {
                    return desk.office().set_aside(kUsb, milliseconds(0));
                }).ok());
    EXPECT_EQ(office_->transports().find(kUsb), nullptr);
    EXPECT_EQ(count(State::Sending), 0);
    EXPECT_EQ(count(State::Deferred), 0) << "nothing waits for a time of its own";
    EXPECT_EQ(count(State::Ready), 4);
    plug();
    settle();
    run(minutes(1));
    ASSERT_EQ(line_->texts.size(), 4u) << "each once, and no place in its window is lost";
    std::set<std::uint32_t> ids;
    for (const auto& text : line_->texts) ids.insert(text.id());
    EXPECT_EQ(ids.size(), 4u);
    EXPECT_EQ(ids.count(in_the_air), 1u) << "what may have arrived goes under its id";
    usb_.reset();
}

// What a kill at this moment would leave for the next start.
class AirtimeOnRecord : public Unplug {
  protected:
    milliseconds recorded() {
        const auto text =
            store_->read([](store::Tables& t) { return t.state.get(kUsb, "airtime"); });
        AirtimeLedger ledger;
        ledger.load(text.value().value_or(""));
        return ledger.used(clock_.box());
    }
    // The packet as it is on the air: header 16, Data, PKC 12.
    static milliseconds cost(const pb::MeshPacket& text) {
        const auto bytes = 16 + text.decoded().ByteSizeLong() + 12;
        return std::chrono::floor<milliseconds>(time_on_air(*meshtastic_preset(0), bytes));
    }
};

TEST_F(AirtimeOnRecord, ATextsWorstCaseIsThereBeforeItsFirstByte) {
    plug();
    ask(kRadios[0]);
    EXPECT_TRUE(line_->texts.empty());
    const milliseconds before = recorded();
    usb_->round(*line_);
    ASSERT_EQ(line_->texts.size(), 1u);
    EXPECT_GE(before, cost(line_->texts[0]) * 3) << "with what the device repeats by itself";
    EXPECT_GE(recorded(), cost(line_->texts[0]) * 3);
    ack(line_->texts[0]);
    run(minutes(1));
    EXPECT_GE(recorded(), cost(line_->texts[0]));
    EXPECT_LT(recorded(), cost(line_->texts[0]) * 2) << "what it did not cost is given back";
}

TEST_F(AirtimeOnRecord, WhatIsCancelledBeforeItBeganCostsNothing) {
    plug();
    Delivery gone;
    gone.attempt = {77, 1};
    gone.to = {"meshtastic", kRadios[0]};
    gone.text = "cancelled";
    usb_->deliver(gone);
    settle();
    EXPECT_GT(recorded(), milliseconds(0));
    usb_->round(*line_);
    settle();
    EXPECT_TRUE(line_->texts.empty());
    EXPECT_EQ(recorded(), milliseconds(0));
}

TEST_F(AirtimeOnRecord, WhatADeviceMaySendAgainAfterItsRebootIsThereBeforeTheHandshakeEnds) {
    plug();
    ask(kRadios[0]);
    usb_->round(*line_);
    ASSERT_EQ(line_->texts.size(), 1u);
    pb::FromRadio rebooted;
    rebooted.set_rebooted(true);
    line_->say(rebooted);
    usb_->round(*line_);
    settle();
    ASSERT_EQ(line_->texts.size(), 1u);
    EXPECT_GE(recorded(), cost(line_->texts[0]) * 4);
}

}  // namespace
}  // namespace waypost::meshtastic
