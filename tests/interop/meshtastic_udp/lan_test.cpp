// SPDX-License-Identifier: Apache-2.0
// Whole boxes and radios on a local network.
#include "tests/interop/meshtastic_udp/lan.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/interop/meshtastic_udp/udp_radio.h"

namespace waypost::interop {
namespace {

std::string settings(const Folder& folder, const std::string& name, const std::string& more = {}) {
    const std::string channels = folder / "channels";
    std::ofstream(channels) << "LongFast AQ== 13\n";
    std::filesystem::permissions(
        channels, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return "[meshtastic_udp.lan]\nchannels = \"" + channels + "\"\nname = \"" + name + "\"\n" +
           more;
}

// Ana is at hill as the box is, Ben at dale; each has told who he is, and knows the box.
class UdpTest : public testing::Test {
  protected:
    UdpTest() {
        const std::string status = box.waypost("status");
        box_id = status.substr(status.find("node: ") + 6, 9);
        for (auto* radio : {&ana, &ben}) {
            radio->does(radio == &ana ? "who Ana" : "who Ben");
            EXPECT_EQ(radio->knows("Hill"), box_id) << radio->lines() << box.log();
        }
        EXPECT_TRUE(box.status_says("nodes known: 2")) << box.waypost("status");
        box.waypost("people add ana --radio meshtastic:" + ana.id());
        box.waypost("people add ben --radio meshtastic:" + ben.id());
    }
    ~UdpTest() override { lan().at_hill(); }

    void say(UdpRadio& who, const std::string& text) { who.does("say " + box_id + ' ' + text); }
    static Folder& at_dale(Folder& folder) {
        lan().at_dale();
        return folder;
    }
    static const Folder& at_hill(const Folder& folder) {
        lan().at_hill();
        return folder;
    }

    Folder folder, dale_folder;
    UdpRadio ben{at_dale(dale_folder), "10.9.0.2"};
    BoxProcess box{at_hill(folder), settings(folder, "Hill"), "hill.test"};
    UdpRadio ana{folder, "10.9.0.1"};
    std::string box_id;
};

TEST_F(UdpTest, TwoPeopleWriteToOneAnotherThroughTheBox) {
    say(ana, "@ben come to the ford");
    EXPECT_TRUE(ana.told("ack " + box_id)) << box.log();
    EXPECT_TRUE(ben.told("sealed " + box_id + " 1 ana: come to the ford")) << box.traces(2);
    EXPECT_TRUE(ana.told("1 kept")) << box.traces(2);
    EXPECT_TRUE(eventually([&] { return box.traces(2).find("delivered") != std::string::npos; }));
    say(ben, "*1 on my way");
    EXPECT_TRUE(ana.told("on my way")) << box.traces(5);
    EXPECT_EQ(ben.times("come to the ford"), 1u);
}

TEST_F(UdpTest, AStrangersCryOnTheChannelIsAnAlarm) {
    UdpRadio eve(folder, "10.9.0.1");
    eve.does("cry SOS the dam breaks");
    EXPECT_TRUE(eventually([&] {
        return box.waypost("alarms").find("the dam breaks") != std::string::npos;
    })) << box.log();
}

TEST_F(UdpTest, RubbishAndWhatIsForeignIsNotTaken) {
    UdpRadio eve(dale_folder, "10.9.0.1");
    for (const char* bytes : {"", "ff", "0a", "2affffffff7f00", "0d01000000150200000035090000002a"})
        eve.does(std::string("raw ") + bytes);
    for (const char* how : {"oversized ", "foreign ", "clear "})
        eve.does(how + std::string("SOS nobody"));
    eve.does("forged " + box_id + " SOS nobody");
    EXPECT_TRUE(box.status_says("no packets: 7")) << box.waypost("status");
    EXPECT_TRUE(box.status_says("unreadable: 1")) << box.waypost("status");
    say(ana, "@ben still there?");
    EXPECT_TRUE(ben.told("still there?")) << box.log();
    EXPECT_EQ(box.waypost("alarms").find("nobody"), std::string::npos);
}

TEST_F(UdpTest, AFloodIsCutAndEndsWithItself) {
    UdpRadio eve(dale_folder, "10.9.0.1");
    EXPECT_TRUE(eventually([&] {
        eve.does("flood 1000");
        const std::string status = box.waypost("status");
        return status.find("too many: ") != std::string::npos &&
               status.find("too many: 0") == std::string::npos;
    })) << box.waypost("status");
    say(ana, "@ben dry now");
    EXPECT_TRUE(ben.told("dry now")) << box.log();
}

TEST_F(UdpTest, ABoxThatIsKilledBringsEachMessageOnce) {
    say(ana, "@ben letter 0");
    ASSERT_TRUE(ben.told("letter 0")) << box.log();
    box.kill9();
    for (int i = 1; i <= 3; ++i) say(ana, "@ben letter " + std::to_string(i));
    for (const char* where : {"text-read:1", "committed:2", "text-queued:1", "text-written:1"}) {
        box.start(where);
        EXPECT_TRUE(eventually([&] { return box.died(); })) << where << box.log();
    }
    box.start();
    for (int i = 1; i <= 3; ++i) {
        const std::string letter = "letter " + std::to_string(i);
        EXPECT_TRUE(ben.told(letter)) << box.traces(9) << box.log();
    }
    EXPECT_TRUE(eventually([&] { return ana.times("ack " + box_id) == 4; })) << ana.lines();
    for (int i = 0; i <= 3; ++i)
        EXPECT_EQ(ben.times("letter " + std::to_string(i)), 1u) << ben.lines() << box.traces(9);
}

TEST_F(UdpTest, AnInterfaceThatGoesComesBack) {
    shell("ip link set hill0 down");
    EXPECT_TRUE(box.status_says("no interface on a network is up")) << box.waypost("status");
    shell("echo 'while it was gone' | " + box.command() + " send --from ana --to ben");
    shell("ip link set hill0 up");
    EXPECT_TRUE(
        eventually([&] { return ben.times("while it was gone") == 1; }, std::chrono::seconds(90)))
        << box.traces(1) << box.log();
}

// Each is a node of its own, and one is on an interface by its address.
TEST_F(UdpTest, TwoBoxesAreTwoNodes) {
    lan().at_dale();
    BoxProcess dale(dale_folder, settings(dale_folder, "Dale", "interface = \"10.9.0.2\"\n"),
                    "dale.test");
    const std::string dale_id = ana.knows("Dale");
    ASSERT_NE(dale_id, "");
    EXPECT_NE(dale_id, box_id);
    EXPECT_TRUE(box.status_says("nodes known: 3")) << box.waypost("status");
    box.waypost("people add dale --radio meshtastic:" + dale_id);
    shell("echo 'from box to box' | " + box.command() + " send --from ana --to dale");
    EXPECT_TRUE(eventually([&] { return box.traces(1).find("delivered") != std::string::npos; },
                           std::chrono::seconds(90)))
        << box.traces(1) << dale.log();
    UdpRadio eve(folder, "10.9.0.2");
    eve.does("cry SOS at the ford");
    for (const auto* each : {&box, &dale}) {
        EXPECT_TRUE(eventually([&] {
            return each->waypost("alarms").find("at the ford") != std::string::npos;
        })) << each->log();
    }
}

}  // namespace
}  // namespace waypost::interop
