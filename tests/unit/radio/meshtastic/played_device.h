// SPDX-License-Identifier: Apache-2.0
// The recorded sessions of a real node (firmware 2.8.0) played to our side as a fake device.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "meshtastic.pb.h"
#include "radio/meshtastic/session.h"
#include "vectors.h"

namespace waypost::meshtastic {

class SessionTest : public ::testing::Test {
  protected:
    SessionTest() : random_(seeded_random(4)), session_({}, *random_) {}

    // Every to-radio message that our side wrote.
    static std::vector<pb::ToRadio> written(const Actions& actions) {
        StreamParser parser;
        std::vector<pb::ToRadio> all;
        for (const std::string& payload : parser.feed(actions.write)) {
            pb::ToRadio message;
            EXPECT_TRUE(message.ParseFromString(payload));
            all.push_back(message);
        }
        return all;
    }

    Actions feed(const pb::FromRadio& message) {
        return session_.received(frame(message.SerializeAsString()), now_);
    }

    // The recorded handshake, ended with our own nonce.
    void shake_hands(const std::string& name = "full", bool with_region = true) {
        const auto file = vectors("want_config_sessions.json").extract<Poco::JSON::Object::Ptr>();
        const auto responses = file->getObject("sessions")->getObject(name)->getArray("responses");
        const Actions hello = session_.opened(now_);
        const auto asked = written(hello);
        ASSERT_EQ(asked.size(), 1u);
        for (unsigned i = 0; i < responses->size(); ++i) {
            const auto row = responses->getObject(i);
            if (row->getValue<std::string>("variant") == "config_complete_id") continue;
            session_.received(unhex(row->getValue<std::string>("frame_hex")), now_);
        }
        pb::FromRadio lora;  // the recorded nodes were in no region: they may send nothing
        if (with_region) {
            lora.mutable_config()->mutable_lora()->set_region(3);
            lora.mutable_config()->mutable_lora()->set_use_preset(true);
            lora.mutable_config()->mutable_lora()->set_hop_limit(3);
            feed(lora);
        }
        EXPECT_FALSE(session_.ready());
        pb::FromRadio complete;
        complete.set_config_complete_id(asked[0].want_config_id());
        EXPECT_TRUE(feed(complete).changed);
        EXPECT_TRUE(session_.ready());
    }

    // Plays one recorded case: our texts go when the recording's did, the device's frames follow.
    struct Played {
        std::vector<std::pair<AttemptId, Outcome>> outcomes;
        std::vector<TextIn> texts;
        std::vector<std::pair<std::uint32_t, Proof>> proofs;
        std::vector<pb::ToRadio> written;
    };
    Played play(const std::string& name) {
        Played played;
        const auto keep = [&](Actions actions) {
            for (auto& o : actions.outcomes) played.outcomes.push_back(o);
            for (auto& t : actions.texts) played.texts.push_back(t);
            for (auto& p : actions.proofs) played.proofs.push_back(p);
            for (auto& w : written(actions)) played.written.push_back(w);
        };
        const auto cases = vectors("dm_sessions.json").extract<Poco::JSON::Array::Ptr>();
        for (unsigned i = 0; i < cases->size(); ++i) {
            const auto row = cases->getObject(i);
            if (row->getValue<std::string>("name") != name) continue;
            own_from(row->getObject("node_ids")->getValue<std::string>("host"));
            const BoxTime start = now_;
            const auto frames = row->getArray("frames");
            for (unsigned f = 0; f < frames->size(); ++f) {
                const auto entry = frames->getObject(f);
                now_ = start + milliseconds(entry->getValue<int>("t_ms"));
                const std::string bytes = unhex(entry->getValue<std::string>("frame_hex"));
                if (entry->getValue<std::string>("dir") == "from_radio") {
                    keep(session_.received(bytes, now_));
                } else {
                    keep(say_as_recorded(bytes));
                }
            }
            return played;
        }
        ADD_FAILURE() << "no case " << name;
        return played;
    }

    void own_from(const std::string& id) {
        pb::FromRadio info;
        std::uint32_t number = 0;
        parse_node_id(id, number);
        info.mutable_my_info()->set_my_node_num(number);
        feed(info);
    }

    Actions say_as_recorded(const std::string& bytes) {
        StreamParser parser;
        pb::ToRadio recorded;
        EXPECT_TRUE(recorded.ParseFromString(parser.feed(bytes).at(0)));
        Outgoing out;
        out.attempt = {++attempts_, 1};
        out.packet_id = recorded.packet().id();
        out.to = recorded.packet().to();
        out.text = recorded.packet().decoded().payload();
        out.reply_id = recorded.packet().decoded().reply_id();
        Actions actions = session_.send(out, now_);
        EXPECT_EQ(actions.spent, !actions.write.empty());
        for (const auto& message : written(actions)) {
            EXPECT_EQ(message.packet().id(), recorded.packet().id());
            EXPECT_EQ(message.packet().to(), recorded.packet().to());
            EXPECT_EQ(message.packet().want_ack(), recorded.packet().want_ack());
            EXPECT_EQ(message.packet().decoded().SerializeAsString(),
                      recorded.packet().decoded().SerializeAsString());
        }
        return actions;
    }

    Outgoing outgoing(std::uint32_t id, const std::string& text = "hi") {
        return {{++attempts_, 1}, id, 0x0f473879, text, 0, false};
    }

    static std::string text_frame(std::uint32_t id, const std::string& text) {
        pb::FromRadio message;
        auto* packet = message.mutable_packet();
        packet->set_from(0x0000000a);
        packet->set_to(0x0f473879);
        packet->set_id(id);
        packet->mutable_decoded()->set_portnum(kText);
        packet->mutable_decoded()->set_payload(text);
        return frame(message.SerializeAsString());
    }

    Actions routing(std::uint32_t from, std::uint32_t request, std::uint32_t error) {
        pb::FromRadio message;
        auto* packet = message.mutable_packet();
        packet->set_from(from);
        packet->mutable_decoded()->set_portnum(kRouting);
        packet->mutable_decoded()->set_request_id(request);
        pb::Routing routing;
        routing.set_error_reason(error);
        packet->mutable_decoded()->set_payload(routing.SerializeAsString());
        return feed(message);
    }

    BoxTime now_ = box_from_ms(10'000'000);
    std::unique_ptr<Random> random_;
    Session session_;
    DeliveryId attempts_ = 0;
};

}  // namespace waypost::meshtastic
