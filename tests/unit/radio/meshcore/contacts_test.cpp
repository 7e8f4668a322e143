// SPDX-License-Identifier: Apache-2.0
#include "bench.h"

namespace waypost::meshcore {
namespace {

using Kind = Outcome::Kind;
using std::chrono::minutes;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

constexpr std::uint32_t kTime = 1'800'000'100;

VillageOfRadios strangers() {
    VillageOfRadios village = small_village();
    village.met = false;
    return village;
}

Contact someone(const std::string& key, const std::string& name, std::uint32_t last_advert = 1) {
    Contact contact;
    contact.key = key;
    contact.name = name;
    contact.last_advert = last_advert;
    return contact;
}

TEST(MeshcoreContacts, AnAdvertMakesARadioKnownAndTellsItOfTheBox) {
    Bench bench(strangers());
    bench.open_and_run();
    EXPECT_EQ(bench.session.contacts(), 0u);
    EXPECT_FALSE(bench.session.knows(bench.address("ana")));
    bench.run(std::chrono::hours(2));
    bench.world.line("ana advert");
    bench.run(minutes(2));
    ASSERT_FALSE(bench.heard.empty());
    EXPECT_EQ(bench.heard[0].first, bench.address("ana"));
    EXPECT_EQ(bench.heard[0].second.public_key, bench.key("ana"));
    EXPECT_EQ(bench.heard[0].second.name, "ana");
    EXPECT_EQ(bench.heard[0].second.key, Heard::Key::Said);
    EXPECT_TRUE(bench.session.knows(bench.address("ana")));
    EXPECT_EQ(bench.learned, (Texts{bench.key("ana")}));
    EXPECT_EQ(bench.adverts, 2);  // the second for her
    EXPECT_NE(bench.world.node("ana").contact(bench.key("post")), nullptr);
}

TEST(MeshcoreContacts, TwoAdvertsOfOneSecondAreBothHeard) {
    Bench bench;
    bench.open_and_run();
    const std::size_t before = bench.heard.size();
    for (const std::size_t adverts : {1u, 2u}) {
        ASSERT_TRUE(bench.world.node("post").take_advert(bench.world.node("ana").own_advert()));
        bench.run(std::chrono::milliseconds(200));
        EXPECT_EQ(bench.heard.size(), before + adverts);
    }
}

TEST(MeshcoreContacts, WhomTheOwnerWouldHaveToAddIsAdded) {
    VillageOfRadios village = strangers();
    village.radios[0].manual_add = true;
    Bench bench(village);
    bench.open_and_run();
    bench.world.line("ana advert");
    bench.run(seconds(10));
    EXPECT_NE(bench.world.node("post").contact(bench.key("ana")), nullptr);
    bench.world.line("ana: hello");
    bench.run(seconds(30));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].key, bench.key("ana"));
}

TEST(MeshcoreContacts, NobodyIsWrittenToBeforeHisKeyIsKnown) {
    Bench bench(strangers());
    bench.open_and_run();
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Retry);
    EXPECT_NE(bench.outcomes[0].second.detail.find("advert"), std::string::npos);
}

TEST(MeshcoreContacts, AFullTableLosesWhoWasUsedLongestAgo) {
    VillageOfRadios village = strangers();
    village.radios[0].most_contacts = 4;
    Bench bench(village);
    Contact old = someone(std::string(32, '\x01'), "old", 10);
    Contact older = someone(std::string(32, '\x02'), "older", 5);
    Contact keep = someone(std::string(32, '\x03'), "keep", 1);
    keep.flags = kFavourite;
    Contact repeater = someone(std::string(32, '\x04'), "hill", 20);
    repeater.type = kRepeater;
    for (const Contact& each : {old, older, keep, repeater})
        ASSERT_TRUE(bench.world.node("post").add(each));
    bench.open_and_run();
    bench.world.line("ana advert");
    bench.run(seconds(20));
    Node& post = bench.world.node("post");
    EXPECT_NE(post.contact(bench.key("ana")), nullptr);
    EXPECT_EQ(post.contact(older.key), nullptr);
    EXPECT_NE(post.contact(keep.key), nullptr);
    EXPECT_NE(post.contact(old.key), nullptr);
    // Who made room is remembered, and comes back when he is written to.
    bench.send(bench.letter(radio_address(older.key), "hi", kTime));
    bench.run(seconds(5));
    EXPECT_NE(post.contact(older.key), nullptr);
    EXPECT_EQ(post.contact(old.key), nullptr);
}

TEST(MeshcoreContacts, AReplacedDeviceIsToldOfWhomItDoesNotKnow) {
    Bench bench(strangers());
    bench.session.remember_contact(bench.key("ana"));
    ASSERT_TRUE(bench.world.node("ana").take_advert(bench.world.node("post").own_advert()));
    bench.open_and_run();
    EXPECT_TRUE(bench.session.knows(bench.address("ana")));
    bench.send(bench.letter(bench.address("ana"), "still here", kTime));
    bench.run(seconds(20));
    EXPECT_EQ(bench.on_screen("ana"), Texts{"still here"});
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);
}

TEST(MeshcoreContacts, KeysThatBeginAlikeAreNobodys) {
    Bench bench;
    std::string twin = bench.key("ana");
    twin.back() = static_cast<char>(twin.back() ^ 1);
    ASSERT_TRUE(bench.world.node("post").add(someone(twin, "mallory")));
    bench.open_and_run();
    bench.send(bench.letter(bench.address("ana"), "hi", kTime));
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.code, "clash");
    bench.world.line("ana: hello");
    bench.run(seconds(20));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].from, bench.address("ana"));
    EXPECT_TRUE(bench.texts[0].key.empty());
    for (const auto& [address, heard] : bench.heard) EXPECT_NE(heard.key, Heard::Key::Proven);
}

TEST(MeshcoreContacts, ARoomIsJoinedReadAndWrittenTo) {
    const VillageOfRadios village = with_club("hallo");
    Bench probe(village);
    SessionOptions options = fast_options();
    options.rooms = {{probe.key("club").substr(0, kPrefixBytes), "hallo"}};
    Bench bench(village, options);
    bench.open_and_run();
    bench.run(seconds(20));
    EXPECT_EQ(bench.session.rooms_joined(), 1u);
    bench.world.line("ana join club hallo");
    bench.run(seconds(20));
    EXPECT_EQ(bench.world.room("club").members(), 2u);

    bench.world.line("ana>club: Wasser steigt");
    bench.run(seconds(60));
    ASSERT_EQ(bench.texts.size(), 1u);
    EXPECT_EQ(bench.texts[0].room, room_address(bench.key("club")));
    EXPECT_EQ(bench.texts[0].name, "ana");
    EXPECT_EQ(bench.texts[0].room_name, "club");
    EXPECT_EQ(bench.texts[0].text, "Wasser steigt");

    const std::string to = room_address(bench.key("club"));
    EXPECT_TRUE(bench.session.knows(to));
    bench.send(bench.letter(to, "#news eve: verstanden", kTime));
    bench.run(seconds(60));
    EXPECT_EQ(bench.on_screen("ana", "reads"), Texts{"#news eve: verstanden"});
    ASSERT_EQ(bench.outcomes.size(), 1u);
    EXPECT_EQ(bench.outcomes[0].second.kind, Kind::Delivered);
    EXPECT_EQ(bench.texts.size(), 1u);  // our own does not come back
    // A room is no radio of somebody, and a radio no room.
    EXPECT_FALSE(bench.session.knows(radio_address(bench.key("club"))));
    EXPECT_FALSE(bench.session.knows(room_address(bench.key("ana"))));
}

TEST(MeshcoreContacts, AWrongPasswordJoinsNothing) {
    const VillageOfRadios village = with_club("hallo");
    Bench probe(village);
    SessionOptions options = fast_options();
    options.rooms = {{probe.key("club").substr(0, kPrefixBytes), "holla"}};
    Bench bench(village, options);
    bench.open_and_run();
    bench.run(minutes(1));
    EXPECT_EQ(bench.session.rooms_joined(), 0u);
}

}  // namespace
}  // namespace waypost::meshcore
