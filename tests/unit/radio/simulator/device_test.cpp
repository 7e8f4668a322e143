// SPDX-License-Identifier: Apache-2.0
// A simulated device against the recorded sessions of a real one: the same host frames go in, the
// same messages must come out.
#include <gtest/gtest.h>

#include "radio/simulator/world.h"
#include "vectors.h"

namespace waypost::simulator {
namespace {

using meshtastic::unhex;
using meshtastic::vectors;
using std::chrono::minutes;
using std::chrono::seconds;
using Row = Poco::JSON::Object::Ptr;

constexpr std::uint32_t kHost = 0x54d467a9;  // as in dm_sessions.json
constexpr std::uint32_t kPeer = 0x0f473879;

class DeviceTest : public ::testing::Test {
  protected:
    DeviceTest() : world_(village()), device_(*world_.device("host")) {
        device_.connected();
        want_config(1);
        read();
    }

    static Village village() {
        Village village;
        VillageNode host;
        host.name = "host";
        host.number = kHost;
        host.ports = {"tcp:127.0.0.1:0"};
        VillageNode peer;
        peer.name = "peer";
        peer.number = kPeer;
        village.nodes = {host, peer};
        return village;
    }

    void want_config(std::uint32_t nonce) {
        pb::ToRadio wanted;
        wanted.set_want_config_id(nonce);
        device_.from_host(meshtastic::frame(wanted.SerializeAsString()));
    }

    std::vector<pb::FromRadio> read() {
        meshtastic::StreamParser parser;
        std::vector<pb::FromRadio> all;
        for (const std::string& payload : parser.feed(device_.to_host())) {
            pb::FromRadio message;
            EXPECT_TRUE(message.ParseFromString(payload));
            all.push_back(message);
        }
        return all;
    }

    Row recorded(const std::string& name) {
        const auto cases = vectors("dm_sessions.json").extract<Poco::JSON::Array::Ptr>();
        for (unsigned i = 0; i < cases->size(); ++i) {
            if (cases->getObject(i)->getValue<std::string>("name") == name)
                return cases->getObject(i);
        }
        throw std::runtime_error("no case " + name);
    }

    // Host frames of the recording go in at their times.
    std::vector<pb::FromRadio> play(const std::string& name) {
        const auto frames = recorded(name)->getArray("frames");
        const BoxTime began = world_.scheduler().now();
        for (unsigned i = 0; i < frames->size(); ++i) {
            const Row row = frames->getObject(i);
            if (row->getValue<std::string>("dir") != "to_radio") continue;
            world_.scheduler().run_until(began + milliseconds(row->getValue<int>("t_ms")));
            device_.from_host(unhex(row->getValue<std::string>("frame_hex")));
        }
        world_.run_for(seconds(50));
        return read();
    }

    // What a host must be able to rely on: results of the queue and verdicts, by packet of ours.
    struct Word {
        std::uint32_t from, request, error;
        bool operator==(const Word& o) const {
            return from == o.from && request == o.request && error == o.error;
        }
    };
    static std::vector<Word> verdicts(const std::vector<pb::FromRadio>& messages) {
        std::vector<Word> all;
        for (const pb::FromRadio& each : messages) {
            if (!each.has_packet() || each.packet().decoded().portnum() != meshtastic::kRouting)
                continue;
            pb::Routing routing;
            routing.ParseFromString(each.packet().decoded().payload());
            all.push_back({each.packet().from(), each.packet().decoded().request_id(),
                           routing.error_reason()});
        }
        return all;
    }
    std::vector<pb::FromRadio> recorded_answers(const std::string& name) {
        std::vector<pb::FromRadio> all;
        const auto frames = recorded(name)->getArray("frames");
        for (unsigned i = 0; i < frames->size(); ++i) {
            const Row row = frames->getObject(i);
            if (row->getValue<std::string>("dir") != "from_radio") continue;
            meshtastic::StreamParser parser;
            for (const auto& payload :
                 parser.feed(unhex(row->getValue<std::string>("frame_hex")))) {
                all.emplace_back().ParseFromString(payload);
            }
        }
        return all;
    }

    World world_;
    Device& device_;
};

// Which FromRadio variant, by field number: also of those that our schema leaves out.
int variant(const std::string& payload) {
    std::size_t at = 0;
    while (at < payload.size()) {
        unsigned tag = 0;
        for (int shift = 0; at < payload.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(payload[at++]);
            tag |= static_cast<unsigned>(byte & 0x7F) << shift;
            if (byte < 0x80) break;
        }
        if (tag >> 3 != 1) return static_cast<int>(tag >> 3);
        while (at < payload.size() && static_cast<unsigned char>(payload[at]) >= 0x80) ++at;
        ++at;  // field 1 is the message's id
    }
    return 0;
}

std::vector<int> variants(const std::string& stream) {
    meshtastic::StreamParser parser;
    std::vector<int> all;
    for (const std::string& payload : parser.feed(stream)) all.push_back(variant(payload));
    return all;
}

TEST_F(DeviceTest, HandshakesHaveTheRecordedOrder) {
    const auto file = vectors("want_config_sessions.json").extract<Row>();
    const std::map<std::string, std::uint32_t> nonces{
        {"full", 305419896}, {"only_config_69420", 69420}, {"only_nodes_69421", 69421}};
    for (const auto& [name, nonce] : nonces) {
        const auto responses = file->getObject("sessions")->getObject(name)->getArray("responses");
        std::string stream;
        for (unsigned i = 0; i < responses->size(); ++i) {
            stream += unhex(responses->getObject(i)->getValue<std::string>("frame_hex"));
        }
        // How many nodes and files a device has is its own; kinds and their order are not.
        const auto shape = [](std::vector<int> all) {
            const auto several = [](int a, int b) { return a == b && (a == 4 || a == 15); };
            const auto complete = std::find(all.begin(), all.end(), 7);
            if (complete != all.end()) all.erase(complete + 1, all.end());  // what follows is news
            all.erase(std::unique(all.begin(), all.end(), several), all.end());
            return all;
        };
        want_config(nonce);
        EXPECT_EQ(shape(variants(device_.to_host())), shape(variants(stream))) << name;
    }
}

TEST_F(DeviceTest, DirectMessageIsAckedByThePeer) {
    const auto ours = play("dm_out_acked_by_peer");
    const auto theirs = recorded_answers("dm_out_acked_by_peer");
    EXPECT_EQ(verdicts(ours), verdicts(theirs));
    EXPECT_EQ(world_.handheld("peer")->inbox().size(), 1U);
    EXPECT_EQ(ours.front().queue_status().mesh_packet_id(),
              theirs.front().queue_status().mesh_packet_id());
    EXPECT_EQ(ours.front().queue_status().free(), 15U);
}

TEST_F(DeviceTest, RefusalsAreTheRecordedOnes) {
    for (const char* name : {"dm_out_to_a_node_never_heard",
                             "dm_out_with_a_key_given_for_an_unknown_node", "dm_out_too_large"}) {
        const auto ours = play(name);
        const auto theirs = recorded_answers(name);
        EXPECT_EQ(verdicts(ours), verdicts(theirs)) << name;
        ASSERT_FALSE(ours.empty()) << name;
        EXPECT_EQ(ours.front().queue_status().res(), theirs.front().queue_status().res()) << name;
    }
}

TEST_F(DeviceTest, APeerThatIsDownEndsInOurOwnNodesWord) {
    world_.handheld("peer")->turn(false);
    const auto ours = play("dm_out_peer_down");
    EXPECT_EQ(verdicts(ours), verdicts(recorded_answers("dm_out_peer_down")));
    const auto left = std::count_if(ours.begin(), ours.end(), [](const pb::FromRadio& each) {
        return each.has_queue_status() && each.queue_status().mesh_packet_id() != 0;
    });
    EXPECT_EQ(left, 4);  // taken, and three times on the air
}

TEST_F(DeviceTest, TextsFasterThanTwoSecondsVanishAsRecorded) {
    const auto ours = play("texts_faster_than_two_seconds");
    EXPECT_EQ(verdicts(ours), verdicts(recorded_answers("texts_faster_than_two_seconds")));
    EXPECT_EQ(world_.handheld("peer")->inbox().size(), 1U);
}

// Twenty packets to itself later the device takes a known id again, the air carries it again, and
// the peer, which has it, acks once more and shows nothing twice.
TEST_F(DeviceTest, AnIdThatWasPushedOutIsTakenAgainAndShownOnce) {
    const auto hand = [&](std::uint32_t to, std::uint32_t id, std::uint32_t port) {
        pb::ToRadio message;
        message.mutable_packet()->set_to(to);
        message.mutable_packet()->set_id(id);
        message.mutable_packet()->set_want_ack(to == kPeer);
        message.mutable_packet()->mutable_decoded()->set_portnum(port);
        message.mutable_packet()->mutable_decoded()->set_payload("at the ford");
        device_.from_host(meshtastic::frame(message.SerializeAsString()));
    };
    hand(kPeer, 7, meshtastic::kText);
    world_.run_for(seconds(30));
    EXPECT_EQ(verdicts(read()).size(), 1U);
    hand(kPeer, 7, meshtastic::kText);
    world_.run_for(seconds(30));
    EXPECT_TRUE(verdicts(read()).empty()) << "dropped without a word";
    for (std::uint32_t id = 100; id < 120; ++id) hand(kHost, id, 256);
    hand(kPeer, 7, meshtastic::kText);
    world_.run_for(seconds(30));
    EXPECT_EQ(verdicts(read()).size(), 1U);
    EXPECT_EQ(world_.handheld("peer")->inbox().size(), 1U);
}

TEST_F(DeviceTest, WhatComesInCarriesWhatAHostNeeds) {
    EXPECT_TRUE(world_.handheld("peer")->send_dm(kHost, "hi").ok());
    world_.run_for(seconds(30));
    EXPECT_TRUE(world_.handheld("peer")->alert("flood").ok());
    world_.run_for(seconds(30));
    std::vector<pb::MeshPacket> packets;
    for (const pb::FromRadio& each : read()) {
        const bool text =
            each.has_packet() && (each.packet().decoded().portnum() == meshtastic::kText ||
                                  each.packet().decoded().portnum() == meshtastic::kAlert);
        if (text) packets.push_back(each.packet());
    }
    ASSERT_EQ(packets.size(), 2U);
    EXPECT_EQ(packets[0].from(), kPeer);
    EXPECT_EQ(packets[0].to(), kHost);
    EXPECT_TRUE(packets[0].pki_encrypted());
    EXPECT_EQ(packets[0].public_key(), world_.node("peer")->identity().public_key);
    EXPECT_NE(packets[0].rx_snr(), 0);
    EXPECT_EQ(packets[1].to(), meshtastic::kBroadcast);
    EXPECT_EQ(packets[1].decoded().portnum(), meshtastic::kAlert);
}

// host - between - peer: the ends do not hear each other.
TEST_F(DeviceTest, ATraceComesBackWithWhoHeardWhomHowWell) {
    Village chain = village();
    VillageNode between;
    between.name = "between";
    between.number = 0x0b;
    chain.nodes.push_back(between);
    chain.loss = 1;
    chain.links = {{"host", "between", 0, 6}, {"between", "peer", 0, -4.5}};
    World world(chain);
    Device& device = *world.device("host");
    device.connected();
    pb::ToRadio hello;
    hello.set_want_config_id(1);
    device.from_host(meshtastic::frame(hello.SerializeAsString()));
    pb::ToRadio message;
    message.mutable_packet()->set_to(kPeer);
    message.mutable_packet()->set_id(7);
    message.mutable_packet()->set_hop_limit(3);
    message.mutable_packet()->mutable_decoded()->set_portnum(meshtastic::kTraceRoute);
    message.mutable_packet()->mutable_decoded()->set_want_response(true);
    device.from_host(meshtastic::frame(message.SerializeAsString()));
    world.run_for(minutes(1));
    meshtastic::StreamParser parser;
    std::vector<pb::RouteDiscovery> ways;
    for (const std::string& payload : parser.feed(device.to_host())) {
        pb::FromRadio each;
        each.ParseFromString(payload);
        if (each.packet().decoded().portnum() != meshtastic::kTraceRoute) continue;
        EXPECT_EQ(each.packet().from(), kPeer);
        EXPECT_EQ(each.packet().decoded().request_id(), 7U);
        ways.emplace_back().ParseFromString(each.packet().decoded().payload());
    }
    ASSERT_EQ(ways.size(), 1U);
    const auto listed = [](const auto& field) {
        return std::vector<std::int64_t>(field.begin(), field.end());
    };
    EXPECT_EQ(listed(ways[0].route()), std::vector<std::int64_t>{0x0b});
    EXPECT_EQ(listed(ways[0].route_back()), std::vector<std::int64_t>{0x0b});
    // In quarters of a dB.
    EXPECT_EQ(listed(ways[0].snr_towards()), (std::vector<std::int64_t>{24, -18}));
    EXPECT_EQ(listed(ways[0].snr_back()), (std::vector<std::int64_t>{-18, 24}));
}

TEST_F(DeviceTest, AHostThatIsAwayMissesWhatCameMeanwhile) {
    device_.disconnected();
    Handheld& peer = *world_.handheld("peer");
    const auto sent = peer.send_dm(kHost, "is anybody there?");
    world_.run_for(seconds(30));
    EXPECT_EQ(peer.tick(*sent).state, Tick::State::Delivered);  // the radio's word, not custody
    device_.connected();
    want_config(2);
    for (const pb::FromRadio& each : read()) EXPECT_FALSE(each.has_packet());
}

TEST_F(DeviceTest, ARebootForgetsTheQueueAndCutsAHostOnTcp) {
    pb::ToRadio message;
    pb::MeshPacket& packet = *message.mutable_packet();
    packet.set_to(kHost);
    packet.set_id(7);
    packet.mutable_decoded()->set_portnum(meshtastic::kAdmin);
    pb::AdminMessage admin;
    admin.set_reboot_seconds(2);
    packet.mutable_decoded()->set_payload(admin.SerializeAsString());
    device_.from_host(meshtastic::frame(message.SerializeAsString()));
    EXPECT_FALSE(device_.dropping());
    world_.run_for(seconds(3));
    EXPECT_TRUE(device_.dropping());
    device_.connected(true);
    device_.from_host(meshtastic::frame(message.SerializeAsString()));
    world_.run_for(seconds(3));
    EXPECT_FALSE(device_.dropping());  // a serial line stays
    const auto said = read();
    ASSERT_FALSE(said.empty());
    EXPECT_TRUE(said.back().rebooted());
}

TEST_F(DeviceTest, ASilentHostIsCutAfterAQuarterOfAnHour) {
    world_.run_for(minutes(14));
    EXPECT_FALSE(device_.dropping());
    world_.run_for(minutes(3));
    EXPECT_TRUE(device_.dropping());
}

TEST_F(DeviceTest, RubbishFromTheHostHurtsNothing) {
    const auto random = seeded_random(3);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random->below(40), '\0');
        for (char& c : bytes) c = static_cast<char>(random->below(256));
        device_.from_host(i % 3 == 0 ? meshtastic::frame(bytes) : bytes);
        world_.run_for(milliseconds(20));
    }
    device_.from_host(std::string(600, '\0'));
    read();
    want_config(9);
    EXPECT_FALSE(read().empty());
}

}  // namespace
}  // namespace waypost::simulator
