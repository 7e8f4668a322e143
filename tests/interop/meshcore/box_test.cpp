// SPDX-License-Identifier: Apache-2.0
// The box with a MeshCore radio: villagers on that mesh, on the Meshtastic one, and people outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include "app/demo/mail_peer.h"
#include "radios.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/handhelds.h"

namespace waypost::interop {
namespace {

constexpr char kBob[] = "bob@example.org";

class MeshcoreBox : public ::testing::Test {
  protected:
    void begin(meshcore::VillageOfRadios village, const std::string& more = {},
               const std::string& radio = {}) {
        radios_ = std::make_unique<Radios>(std::move(village));
        toml_ = "operators = [\"carl\"]\nresponders = [\"ben\"]\n[store]\nkeep_free = \"1MiB\"\n" +
                more + radios_->settings(radio) +
                "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(mail_port_) +
                "\"]\ntrusted = [\"127.0.0.1/32\"]\nsecurity = \"plain\"\n" +
                "smarthost = \"smtp:127.0.0.1:" + std::to_string(relay_.port()) + "\"\n";
        box_ = std::make_unique<BoxProcess>(folder_, toml_);
        ASSERT_TRUE(box_->status_says("meshcore.roof: works")) << box_->log();
    }
    void TearDown() override {
        if (HasFailure() && box_)
            std::cerr << radios_->seen() << box_->log() << waypost("status") << waypost("queue")
                      << box_->traces(8);
    }
    std::string waypost(const std::string& arguments) const { return box_->waypost(arguments); }
    bool says(const std::string& command, const std::string& text) const {
        return eventually([&] { return waypost(command).find(text) != std::string::npos; });
    }
    void add(const std::string& person) {
        waypost("people add " + person + " --radio '" + radios_->address(person) + "'");
    }
    void type(const std::string& who, const std::string& text) { radios_->type(who, text); }
    bool shows(const std::string& who, const std::string& text) {
        return radios_->shows(who, text);
    }
    bool mail_comes(std::size_t count) {
        return relay_.wait_for_more(count, std::chrono::seconds(30));
    }

    const Folder folder_;
    demo::MailPeer relay_;
    const int mail_port_ = free_port();
    std::string toml_;
    std::unique_ptr<Radios> radios_;
    std::unique_ptr<BoxProcess> box_;
};

TEST_F(MeshcoreBox, FromRadioToMailAndBack) {
    begin(fast_radios({"ana", "ben"}));
    add("ana");
    type("ana", "bob@example.org Car broke down // at the ford, à bientôt");
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(
        radios_->shows("ana", "bob@example.org Car broke down // at the ford, à bientôt", "tick"));
    ASSERT_TRUE(mail_comes(0));
    const demo::BobsMail mail = relay_.mailbox().at(0);
    EXPECT_EQ(mail.mail.from.value, "ana@village.test");
    EXPECT_EQ(mail.mail.subject, "Car broke down");
    EXPECT_NE(mail.mail.text.find("at the ford, à bientôt"), std::string::npos);
    ASSERT_TRUE(relay_.answer("On my way", mail_port_).ok());
    ASSERT_TRUE(shows("ana", "2 Bob: On my way"));
    // Her radio's ack, not ours, says that it is there.
    EXPECT_TRUE(says("trace 3", "delivered [reported] meshcore.roof ack, in clear"))
        << waypost("trace 3");
    EXPECT_EQ(radios_->count("ana", "1 kept"), 1);
    const std::string people = waypost("people --json");
    EXPECT_NE(people.find(radios_->address("ana").substr(9)), std::string::npos) << people;
}

TEST_F(MeshcoreBox, FromOneMeshToTheOther) {
    Handhelds others({"dora"});
    begin(fast_radios({"ana"}), others.settings());
    add("ana");
    waypost("people add dora --radio meshtastic:!0000000a");
    ASSERT_TRUE(box_->status_says("meshtastic.roof: works"));
    type("ana", "@dora are you there?");
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(others.shows("dora", "1 ana: are you there?")) << others.seen();
    others.type("dora", "*1 yes, 🐟");
    ASSERT_TRUE(shows("ana", "2 dora: yes, 🐟")) << others.seen();
}

TEST_F(MeshcoreBox, AStrangersRadioHasAnAddressToo) {
    begin(fast_radios({"ana"}));
    type("ana", "bob@example.org hello");
    ASSERT_TRUE(mail_comes(0));
    const std::string own = radios_->address("ana").substr(sizeof "meshcore:!" - 1);
    EXPECT_EQ(relay_.mailbox().at(0).mail.from.value, own + "@village.test");
    ASSERT_TRUE(relay_.answer("who are you?", mail_port_).ok());
    ASSERT_TRUE(shows("ana", "2 Bob: who are you?"));
}

TEST_F(MeshcoreBox, AnSosOnTheChannelIsHeardAndItsNameIsNoProof) {
    begin(fast_radios({"ana", "ben", "eve"}));
    add("ben");
    add("ana");
    radios_->order("ana>all: what a day");
    radios_->order("ana>all: SOS car in the ford");
    ASSERT_TRUE(shows("ben", "ALARM 1 ~ana: car in the ford"));
    // The answer goes to whose radio has that name.
    ASSERT_TRUE(shows("ana", "ALARM 1: 1 person of village told. NOT police"));
    const std::string alarms = waypost("alarms");
    EXPECT_EQ(alarms.find("what a day"), std::string::npos);
    EXPECT_NE(alarms.find("~ana, just now: car in the ford"), std::string::npos) << alarms;
}

TEST_F(MeshcoreBox, ARepeatHasTheTimeOfTheFirstAndIsShownOnce) {
    auto village = fast_radios({"ana"});
    begin(village);
    add("ana");
    type("ana", "bob@example.org hello");
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(mail_comes(0));
    // Else it is said again later, and who speaks does not hear the advert.
    ASSERT_TRUE(says("trace 2", "delivered [reported]")) << waypost("trace 2");
    radios_->order("post deaf ana");  // her acks do not come
    ASSERT_TRUE(relay_.answer("first", mail_port_).ok());
    ASSERT_TRUE(shows("ana", "2 Bob: first"));
    ASSERT_TRUE(eventually([&] { return radios_->count("ana", "2 Bob: first", "copy") == 2; }));
    ASSERT_TRUE(says("queue", "no answer from the radio")) << waypost("queue");
    radios_->order("post hears ana");
    radios_->order("ana advert");  // who is heard again is tried at once
    EXPECT_TRUE(says("trace 3", "delivered [reported]")) << waypost("trace 3");
    EXPECT_EQ(radios_->count("ana", "2 Bob: first"), 1);
    EXPECT_GE(radios_->count("ana", "2 Bob: first", "copy"), 3);
}

// Killed wherever a message may stand: each comes once, and what was typed is kept.
TEST_F(MeshcoreBox, KilledAtAnyPointEachMessageComesOnce) {
    begin(fast_radios({"ana"}));
    add("ana");
    type("ana", "bob@example.org line 0");
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(mail_comes(0));
    const char* const points[] = {"committed:2",   "told:2",         "attempt-begun:1",
                                  "text-queued:1", "text-written:1", "outcome-known:1"};
    int line = 0;
    for (const char* point : points) {
        box_->stop();
        box_->start(point);
        type("ana", "bob@example.org line " + std::to_string(++line));
        ASSERT_TRUE(eventually([&] { return box_->died(); })) << point;
        box_->start();
        const std::string text = "line " + std::to_string(line);
        EXPECT_TRUE(eventually([&] {
            const auto mails = relay_.mailbox();
            return std::any_of(mails.begin(), mails.end(), [&](const auto& each) {
                return each.mail.text.find(text) != std::string::npos;
            });
        })) << point;
        EXPECT_TRUE(radios_->shows_some("ana", std::to_string(line + 1) + " kept")) << point;
    }
    for (int i = 1; i <= line + 1; ++i)
        EXPECT_EQ(radios_->begins("ana", std::to_string(i) + " kept"), 1) << i;
    std::set<std::string> texts;
    for (const auto& each : relay_.mailbox())
        texts.insert(each.mail.text.substr(0, each.mail.text.find('\n')));
    EXPECT_EQ(texts.size(), static_cast<std::size_t>(line + 1));
}

// The radio has given it away and the box has it nowhere yet: nothing can bring it back, and no
// `kept` says that it is there.
TEST_F(MeshcoreBox, KilledBetweenTheRadioAndTheDiskItNeverSaidKept) {
    begin(fast_radios({"ana"}));
    add("ana");
    box_->stop();
    box_->start("text-read:1");
    type("ana", "bob@example.org lost");
    ASSERT_TRUE(eventually([&] { return box_->died(); }));
    box_->start();
    type("ana", "bob@example.org typed again");
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(mail_comes(0));
    EXPECT_NE(relay_.mailbox().at(0).mail.text.find("typed again"), std::string::npos);
    EXPECT_EQ(relay_.mailbox().size(), 1u);
}

TEST_F(MeshcoreBox, TheRadioIsUnpluggedAndWhatCameMeanwhileIsFetched) {
    begin(fast_radios({"ana"}));
    add("ana");
    box_->stop();
    type("ana", "bob@example.org while you slept");
    ASSERT_TRUE(radios_->shows("ana", "bob@example.org while you slept", "tick"));
    box_->start();
    ASSERT_TRUE(shows("ana", "1 kept"));
    ASSERT_TRUE(mail_comes(0));
    radios_->order("post reboot");
    type("ana", "bob@example.org again");
    ASSERT_TRUE(radios_->shows_some("ana", "2 kept"));
}

TEST_F(MeshcoreBox, ARoomAndAGroupAreOne) {
    auto village = fast_radios({"ana", "ben"});
    meshcore::VillageRadio club;
    club.name = "club";
    club.kind = meshcore::VillageRadio::Kind::Room;
    club.password = "hallo";
    village.radios.push_back(club);
    const Radios probe(village);
    const std::string key = probe.address("club").substr(sizeof "meshcore:!" - 1);
    const std::string password = folder_ / "room.password";
    std::ofstream(password) << "hallo\n";
    shell("chmod 600 " + password);
    begin(village, {},
          "rooms = [\"" + key + "=news\"]\nroom_password_file = \"" + password + "\"\n");
    add("ben");
    add("ana");
    waypost("groups add news");
    box_->stop();  // a room joins a group that is there as the box starts
    box_->start();
    ASSERT_TRUE(box_->status_says("rooms joined: 1")) << waypost("status");
    type("ben", "#+news");
    ASSERT_TRUE(radios_->shows_some("ben", "You are in #news"));
    radios_->order("ana join club hallo");
    ASSERT_TRUE(radios_->shows("ana", "", "joined"));
    radios_->order("ana>club: Wasser steigt");
    ASSERT_TRUE(shows("ben", "1 #news club: ana: Wasser steigt")) << waypost("groups");
    type("ben", "#news verstanden");
    ASSERT_TRUE(radios_->shows("ana", "ben: verstanden", "reads"));
}

}  // namespace
}  // namespace waypost::interop
