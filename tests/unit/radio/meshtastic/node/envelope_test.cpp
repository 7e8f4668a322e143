// SPDX-License-Identifier: Apache-2.0
// Envelopes as real gateways published them, and what no gateway may take.
#include "radio/meshtastic/mqtt/envelope.h"

#include <gtest/gtest.h>

#include "meshtastic.pb.h"
#include "radio/meshtastic/node/channel_list.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/unit/radio/meshtastic/vectors.h"

namespace waypost::meshtastic {
namespace {

constexpr std::uint32_t kOwn = 0x11223344;

Envelopes reader(bool open = false) { return {"msh/EU_868", {"LongFast", "Village"}, kOwn, open}; }

pb::ServiceEnvelope good() {
    pb::ServiceEnvelope envelope;
    envelope.set_channel_id("LongFast");
    envelope.set_gateway_id("!54d467a9");
    envelope.mutable_packet()->set_from(7);
    envelope.mutable_packet()->set_id(8);
    envelope.mutable_packet()->set_channel(8);
    envelope.mutable_packet()->set_encrypted("sealed");
    return envelope;
}

constexpr char kTopic[] = "msh/EU_868/2/e/LongFast/!54d467a9";

TEST(Envelope, ReadsWhatFirmwarePublished) {
    const auto rows = vectors("mqtt_envelopes.json").extract<Poco::JSON::Array::Ptr>();
    int read = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        const auto row = rows->getObject(static_cast<unsigned>(i));
        const auto topic = row->getValue<std::string>("topic");
        const auto envelope =
            reader().read(topic, unhex(row->getValue<std::string>("envelope_hex")));
        if (topic.find("/2/map/") != std::string::npos) {
            EXPECT_EQ(envelope.error().code, Code::Refused);
            continue;
        }
        ASSERT_TRUE(envelope.ok()) << topic << envelope.error().text;
        ++read;
        const pb::MeshPacket& packet = envelope->packet();
        const auto said = row->getObject("packet");
        EXPECT_EQ(packet.from(), said->getValue<std::uint32_t>("from_num"));
        EXPECT_EQ(packet.id(), said->getValue<std::uint32_t>("id"));
        EXPECT_EQ(packet.has_decoded(), said->getValue<std::string>("variant") == "decoded");
        EXPECT_TRUE(packet.via_mqtt());
        if (packet.has_decoded()) {
            EXPECT_EQ(packet.decoded().portnum(),
                      row->getObject("data")->getValue<std::uint32_t>("portnum"));
        }
    }
    EXPECT_EQ(read, 21);
}

TEST(Envelope, TakesNothingOfOtherTopics) {
    const std::string bytes = good().SerializeAsString();
    ASSERT_TRUE(reader().read(kTopic, bytes).ok());
    for (const char* topic :
         {"", "msh/EU_868/2/e/", "msh/EU_868/2/e/Other/!54d467a9", "msh/US/2/e/LongFast/!54d467a9",
          "msh/EU_868/2/e/LongFast/", "msh/EU_868/2/e/LongFast/54d467a9",
          "msh/EU_868/2/e/LongFast/!54d467a9/x", "msh/EU_868/2/json/LongFast/!54d467a9"})
        EXPECT_EQ(reader().read(topic, bytes).error().code, Code::Refused) << topic;
}

TEST(Envelope, OurOwnComesBackAsOurOwn) {
    const std::string topic = "msh/EU_868/2/e/LongFast/" + node_id(kOwn);
    EXPECT_EQ(reader().read(topic, good().SerializeAsString()).error().code, Code::NotFound);
}

TEST(Envelope, BrokenAndFalseOnesAreNone) {
    auto of = [](const pb::ServiceEnvelope& envelope) {
        return reader().read(kTopic, envelope.SerializeAsString());
    };
    EXPECT_FALSE(reader().read(kTopic, "").ok());
    EXPECT_FALSE(reader().read(kTopic, "\x0a\xff\xff\xff\xff").ok());
    EXPECT_FALSE(reader().read(kTopic, good().SerializeAsString().substr(0, 9)).ok());
    pb::ServiceEnvelope other = good();
    other.set_channel_id("Village");
    EXPECT_FALSE(of(other).ok());
    other = good();
    other.set_gateway_id("!00000001");
    EXPECT_FALSE(of(other).ok());
    other = good();
    other.mutable_packet()->clear_encrypted();
    EXPECT_FALSE(of(other).ok());
    other = good();
    other.mutable_packet()->set_encrypted(std::string(Envelopes::kMostBytes, 'x'));
    EXPECT_FALSE(of(other).ok());
}

TEST(Envelope, NobodySaysInItThatItWasSealed) {
    pb::ServiceEnvelope false_one = good();
    false_one.mutable_packet()->set_pki_encrypted(true);
    false_one.mutable_packet()->set_public_key(std::string(32, 'k'));
    const auto envelope = reader().read(kTopic, false_one.SerializeAsString());
    ASSERT_TRUE(envelope.ok());
    EXPECT_FALSE(envelope->packet().pki_encrypted());
    EXPECT_EQ(envelope->packet().public_key(), "");
}

TEST(Envelope, WritesSealedOrInClearAsTheChannelGoes) {
    pb::MeshPacket sealed, open;
    sealed.set_id(5);
    sealed.set_encrypted("sealed");
    open.set_id(5);
    open.mutable_decoded()->set_portnum(1);
    NodePacket packet{5, "LongFast", sealed.SerializeAsString(), open.SerializeAsString()};
    pb::ServiceEnvelope out;
    ASSERT_TRUE(out.ParseFromString(reader().write(packet)));
    EXPECT_TRUE(out.packet().has_encrypted());
    EXPECT_EQ(out.gateway_id(), "!11223344");
    EXPECT_EQ(reader().topic(packet), "msh/EU_868/2/e/LongFast/!11223344");
    ASSERT_TRUE(out.ParseFromString(reader(true).write(packet)));
    EXPECT_TRUE(out.packet().has_decoded());
    packet.channel = kPki;
    packet.open.clear();
    ASSERT_TRUE(out.ParseFromString(reader(true).write(packet)));
    EXPECT_TRUE(out.packet().has_encrypted());
    EXPECT_EQ(out.channel_id(), "PKI");
}

}  // namespace
}  // namespace waypost::meshtastic
