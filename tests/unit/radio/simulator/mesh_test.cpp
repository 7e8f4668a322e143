// SPDX-License-Identifier: Apache-2.0
// The mesh in virtual time: what a radio network does to a message.
#include <gtest/gtest.h>

#include "radio/simulator/world.h"

namespace waypost::simulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

VillageNode person(const std::string& name, std::uint32_t number) {
    VillageNode node;
    node.name = node.long_name = name;
    node.number = number;
    return node;
}

// a - b - c - ... : each hears only its neighbours.
Village chain(int length) {
    Village village;
    village.loss = 1;
    for (int i = 0; i < length; ++i) {
        village.nodes.push_back(
            person(std::string(1, static_cast<char>('a' + i)), 0x100U + static_cast<unsigned>(i)));
        if (i > 0)
            village.links.push_back(
                {village.nodes[static_cast<std::size_t>(i) - 1].name, village.nodes.back().name});
    }
    return village;
}

std::vector<std::string> texts(Handheld& handheld) {
    std::vector<std::string> all;
    for (const Shown& each : handheld.inbox()) all.push_back(each.text);
    return all;
}

TEST(Mesh, DirectMessageArrivesOnceAndTheSenderSeesItDelivered) {
    World world(chain(2));
    const auto sent = world.handheld("a")->send_dm(0x101, "at the ford");
    ASSERT_TRUE(sent.ok());
    EXPECT_EQ(world.handheld("a")->tick(*sent).state, Tick::State::Waiting);
    world.run_for(minutes(1));
    EXPECT_EQ(texts(*world.handheld("b")), std::vector<std::string>{"at the ford"});
    EXPECT_EQ(world.handheld("a")->tick(*sent).state, Tick::State::Delivered);
    EXPECT_EQ(world.handheld("a")->tick(*sent).by, 0x101U);
}

TEST(Mesh, AirtimeIsThatOfTheRealRadio) {
    World world(chain(2));
    BoxTime began{};
    BoxTime heard{};
    world.air().watch([&](const AirEvent& event) {
        if (event.what == AirEvent::What::Sent && began == BoxTime{}) began = event.at;
        if (event.what == AirEvent::What::Heard && heard == BoxTime{}) heard = event.at;
    });
    EXPECT_TRUE(world.handheld("a")->send_all(std::string(200, 'x')).ok());
    world.run_for(minutes(1));
    // 16 of header, 3 + 200 of Data with port and payload, 2 of bitfield; LongFast.
    const auto expected = time_on_air(LoraParams{}, 16 + 205 + 2);
    EXPECT_NEAR(static_cast<double>((heard - began).count()),
                static_cast<double>(expected.count()) / 1000, 20);
}

TEST(Mesh, HopLimitEndsTheWay) {
    World world(chain(6));  // 3 repeats reach e; f is one link too far
    EXPECT_TRUE(world.handheld("a")->send_all("assembly at 18").ok());
    world.run_for(minutes(2));
    EXPECT_EQ(texts(*world.handheld("e")).size(), 1U);
    EXPECT_TRUE(texts(*world.handheld("f")).empty());
}

TEST(Mesh, RepeatsAreDuplicatesThatNobodySeesTwice) {
    Village village;
    for (unsigned i = 0; i < 5; ++i)
        village.nodes.push_back(person(std::string(1, static_cast<char>('a' + i)), 0x200 + i));
    World world(village);
    EXPECT_TRUE(world.handheld("a")->send_all("all of you").ok());
    world.run_for(minutes(2));
    for (const char* name : {"b", "c", "d", "e"})
        EXPECT_EQ(texts(*world.handheld(name)).size(), 1U) << name;
}

TEST(Mesh, NobodyThereMeansThreeTransmissionsAndAFailure) {
    World world(chain(2));
    world.handheld("b")->turn(false);
    std::vector<std::uint32_t> sent_ids;
    world.air().watch([&](const AirEvent& event) {
        if (event.what == AirEvent::What::Sent) sent_ids.push_back(event.packet_id);
    });
    const auto sent = world.handheld("a")->send_dm(0x101, "anybody?");
    world.run_for(minutes(2));
    EXPECT_EQ(std::count(sent_ids.begin(), sent_ids.end(), *sent), 3);
    EXPECT_EQ(world.handheld("a")->tick(*sent).state, Tick::State::Failed);
    EXPECT_EQ(world.handheld("a")->tick(*sent).error, 5U);  // MAX_RETRANSMIT
}

TEST(Mesh, ALossyLinkIsOvercomeByRetransmission) {
    Village village = chain(2);
    village.links[0].loss = 0.4;
    int delivered = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        village.seed = seed;
        World world(village);
        EXPECT_TRUE(world.handheld("a")->send_dm(0x101, "hello").ok());
        world.run_for(minutes(2));
        const auto got = texts(*world.handheld("b"));
        EXPECT_LE(got.size(), 1U);
        delivered += static_cast<int>(got.size());
    }
    EXPECT_GE(delivered, 32);  // 1 - 0.4^3 of 40 is 37.4
    EXPECT_LT(delivered, 41);
}

// a and c do not hear each other: b in the middle hears both at once, and neither.
TEST(Mesh, HiddenSendersCollide) {
    World world(chain(3));
    int collided = 0;
    world.air().watch(
        [&](const AirEvent& event) { collided += event.what == AirEvent::What::Collided ? 1 : 0; });
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(world.handheld("a")->send_all(std::string(180, 'a')).ok());
        EXPECT_TRUE(world.handheld("c")->send_all(std::string(180, 'c')).ok());
        world.run_for(minutes(1));
    }
    EXPECT_GT(collided, 0);
    EXPECT_GT(world.air().collisions(), 0U);
}

TEST(Mesh, TheMuchStrongerSignalSurvives) {
    Village village = chain(3);
    village.links[0].snr = 10;
    village.links[1].snr = -5;
    World world(village);
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(world.handheld("a")->send_all(std::string(180, 'a')).ok());
        EXPECT_TRUE(world.handheld("c")->send_all(std::string(180, 'c')).ok());
        world.run_for(minutes(1));
    }
    const auto heard = texts(*world.handheld("b"));
    EXPECT_EQ(
        std::count_if(heard.begin(), heard.end(), [](const std::string& t) { return t[0] == 'a'; }),
        10);
}

TEST(Mesh, SameSeedSameHistory) {
    const auto history = [](std::uint64_t seed) {
        Village village = chain(4);
        for (auto& link : village.links) link.loss = 0.3;
        village.seed = seed;
        World world(village);
        std::vector<std::tuple<std::int64_t, int, int, int, std::uint32_t>> events;
        world.air().watch([&](const AirEvent& e) {
            events.emplace_back(to_ms(e.at), static_cast<int>(e.what), e.from, e.to, e.packet_id);
        });
        for (int i = 0; i < 5; ++i) {
            EXPECT_TRUE(world.handheld("a")->send_dm(0x103, "message " + std::to_string(i)).ok());
            world.run_for(minutes(1));
        }
        return events;
    };
    EXPECT_EQ(history(7), history(7));
    EXPECT_NE(history(7), history(8));
}

TEST(Mesh, TheRegionsDutyCycleStopsAChatterbox) {
    World world(chain(2));  // EU 868: 10 % of an hour
    Handheld& a = *world.handheld("a");
    std::uint32_t refused = 0;
    for (int i = 0; i < 400 && refused == 0; ++i) {
        const auto sent = a.send_all(std::string(200, 'x'));
        if (a.tick(*sent).state == Tick::State::Failed) refused = a.tick(*sent).error;
        world.run_for(seconds(10));
    }
    EXPECT_EQ(refused, 9U);  // DUTY_CYCLE_LIMIT
    EXPECT_LE(world.node("a")->transmitter().air_util_tx(), 10.0F);
}

TEST(Mesh, ReplyAndTapbackNameWhatTheyAnswer) {
    World world(chain(2));
    Handheld& a = *world.handheld("a");
    Handheld& b = *world.handheld("b");
    const auto asked = a.send_dm(0x101, "come?");
    world.run_for(seconds(30));
    ASSERT_EQ(b.inbox().size(), 1U);
    EXPECT_TRUE(b.reply(b.inbox().front(), "yes").ok());
    world.run_for(seconds(30));
    EXPECT_TRUE(b.react(b.inbox().front(), "\xF0\x9F\x91\x8D").ok());
    world.run_for(seconds(30));
    ASSERT_EQ(a.inbox().size(), 2U);
    EXPECT_EQ(a.inbox()[0].reply_id, *asked);
    EXPECT_FALSE(a.inbox()[0].reaction);
    EXPECT_TRUE(a.inbox()[1].reaction);
}

TEST(Mesh, AHandheldTakesNoMoreThan200Bytes) {
    World world(chain(2));
    EXPECT_TRUE(world.handheld("a")->send_dm(0x101, std::string(200, 'x')).ok());
    const auto refused = world.handheld("a")->send_dm(0x101, std::string(201, 'x'));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::TooLarge);
}

// A village that has never met learns names and keys from node informations alone.
TEST(Mesh, StrangersMeetByNodeInformation) {
    Village village = chain(2);
    village.met = false;
    World world(village);
    const auto early = world.handheld("a")->send_dm(0x101, "too early");
    EXPECT_EQ(world.handheld("a")->tick(*early).error, 39U);  // PKI_SEND_FAIL_PUBLIC_KEY
    world.run_for(minutes(2));
    EXPECT_TRUE(world.handheld("a")->send_dm(0x101, "now").ok());
    world.run_for(minutes(1));
    EXPECT_EQ(texts(*world.handheld("b")), std::vector<std::string>{"now"});
}

}  // namespace
}  // namespace waypost::simulator
