// SPDX-License-Identifier: Apache-2.0
// A whole box whose radios are on a broker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/interop/mqtt/mosquitto.h"
#include "tests/interop/mqtt/mqtt_radio.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;

std::string settings(const Folder& folder, int port) {
    return "[meshtastic_mqtt.hill]\nbroker = \"mqtt://127.0.0.1:" + std::to_string(port) +
           "\"\nroot = \"msh/EU_868\"\nchannels = \"" + channels_file(folder) + "\"\n";
}

class MqttMeshTest : public testing::Test {
  protected:
    MqttMeshTest() {
        for (auto* radio : {&ana, &ben}) {
            EXPECT_TRUE(radio->knows_box()) << box.log();
            radio->tell_who();
        }
        EXPECT_TRUE(eventually([this] { return knows("nodes known: 2"); })) << box.log();
        box.waypost("people add ana --radio " + ana.address());
        box.waypost("people add ben --radio " + ben.address());
    }
    bool knows(const std::string& text) {
        return box.waypost("status").find(text) != std::string::npos;
    }

    Folder folder;
    Mosquitto broker;
    MqttRadio ana{"Ana", broker.port(), village_channel()};
    MqttRadio ben{"Ben", broker.port(), village_channel()};
    BoxProcess box{folder, settings(folder, broker.port())};
};

TEST_F(MqttMeshTest, TwoRadiosWriteToOneAnotherThroughTheBox) {
    ana.say("@ben come to the ford", 3);  // three gateways heard her
    EXPECT_TRUE(ana.acked(1));
    EXPECT_TRUE(ben.shows("1 ana: come to the ford")) << box.traces(3) << box.log();
    EXPECT_TRUE(ana.shows("1 kept")) << box.traces(3);
    EXPECT_TRUE(eventually([&] { return box.traces(3).find("delivered") != std::string::npos; }));
    ben.say("*1 on my way");
    EXPECT_TRUE(eventually([&] {
        const auto screen = ana.screen();
        return !screen.empty() && screen.back().find("on my way") != std::string::npos;
    })) << box.traces(6);
    EXPECT_EQ(ben.copies("1 ana: come to the ford"), 1u);
}

TEST_F(MqttMeshTest, ABrokerThatDiesCostsNothing) {
    broker.stop();
    shell("echo 'while it was gone' | " + box.command() + " send --from ana --to ben");
    EXPECT_TRUE(box.status_says("meshtastic_mqtt.hill"));
    broker.start();
    EXPECT_TRUE(eventually([&] { return !ben.screen().empty(); }, std::chrono::seconds(90)))
        << box.traces(2) << box.log();
    EXPECT_THAT(ben.screen().front(), HasSubstr("while it was gone"));
}

TEST_F(MqttMeshTest, ManyLettersWaitForADeadBrokerAndArriveOnce) {
    constexpr std::size_t kLetters = 100;
    broker.stop();
    shell("seq " + std::to_string(kLetters) + " | xargs -P 4 -I N sh -c \"echo 'letter N.' | " +
          box.command() + " send --from ana --to ben\"");
    broker.start();
    std::map<std::string, int> shown;  // by what stands behind the number and the name
    const auto look = [&] {
        shown.clear();
        for (const std::string& line : ben.screen())
            if (const auto at = line.find("letter "); at != line.npos) ++shown[line.substr(at)];
        return shown.size();
    };
    EXPECT_TRUE(eventually([&] { return look() >= kLetters; }, std::chrono::seconds(90)))
        << look() << box.waypost("status") << box.traces(2);
    for (const auto& [letter, times] : shown) EXPECT_EQ(times, 1) << letter;
    EXPECT_EQ(shown.size(), kLetters);
}

TEST_F(MqttMeshTest, ABoxThatIsKilledIsBroughtWhatItHadNotOnDisk) {
    ana.say("@ben first");
    ASSERT_TRUE(ben.shows("1 ana: first")) << box.log();
    box.kill9();
    for (int i = 2; i <= 6; ++i) ana.say("@ben letter " + std::to_string(i), 2);
    box.start();
    for (int i = 2; i <= 6; ++i) {
        const std::string wanted = "letter " + std::to_string(i);
        EXPECT_TRUE(eventually([&] {
            const auto screen = ben.screen();
            return std::any_of(screen.begin(), screen.end(), [&](const std::string& line) {
                return line.find(wanted) != std::string::npos;
            });
        })) << wanted
            << box.traces(9) << box.log();
    }
    const auto screen = ben.screen();
    EXPECT_EQ(std::count_if(screen.begin(), screen.end(),
                            [](const auto& line) { return line.find("letter ") != line.npos; }),
              5);
}

TEST_F(MqttMeshTest, RetainedRubbishAndBrokenOnesHurtNobody) {
    broker.publish("msh/EU_868/2/e/PKI/!aa000001", "rubbish", true);
    broker.publish("msh/EU_868/2/e/Village/!aa000002", std::string("\x0a\xff\xff\xff\x7f", 5));
    broker.publish("msh/EU_868/2/e/Village/!aa000002", ana.last_envelope().substr(0, 11));
    broker.publish("msh/EU_868/2/e/Other/!aa000002", ana.last_envelope());
    MqttRadio stranger("Eve", broker.port(), *meshtastic::channel_key("Village", "another key.."));
    stranger.cry("SOS");
    box.stop();
    box.start();
    ana.say("@ben still there?");
    EXPECT_TRUE(ben.shows("1 ana: still there?")) << box.log();
    EXPECT_TRUE(box.status_says("no envelopes"));
}

// Two boxes on two brokers, between which a bridge carries everything both ways.
TEST(MqttLoop, TwoBridgedBrokersBringEachMessageOnce) {
    Folder hill_folder, dale_folder;
    Mosquitto hill;
    Mosquitto dale({{},
                    false,
                    "connection hill\naddress 127.0.0.1:" + std::to_string(hill.port()) +
                        "\ntopic msh/# both 1\nbridge_protocol_version mqttv311\n"});
    MqttRadio ana("Ana", dale.port(), village_channel());
    BoxProcess dale_box(dale_folder, settings(dale_folder, dale.port()), "dale.test");
    ASSERT_TRUE(ana.knows_box()) << dale_box.log();
    BoxProcess hill_box(hill_folder, settings(hill_folder, hill.port()), "hill.test");
    ana.tell_who();
    for (auto* box : {&hill_box, &dale_box}) {
        EXPECT_TRUE(box->status_says("meshtastic_mqtt.hill")) << box->log();
        ASSERT_TRUE(eventually([&] {
            return box->waypost("status").find("nodes known: 2") != std::string::npos;
        })) << box->waypost("status");
    }
    // Whichever box she heard first.
    ana.say("?", 2);
    EXPECT_TRUE(eventually([&] { return !ana.screen().empty(); }));
    const auto screen = ana.screen();
    EXPECT_EQ(screen.size(), 1u);
    EXPECT_TRUE(ana.acked(1));
}

}  // namespace
}  // namespace waypost::interop
