// SPDX-License-Identifier: Apache-2.0
// A whole box with sensors on a broker, and a villager whose radio is on it too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/interop/mqtt/mosquitto.h"
#include "tests/interop/mqtt/mqtt_radio.h"

namespace waypost::interop {
namespace {

using testing::HasSubstr;

constexpr char kRules[] = R"(
[river]
topic = "flood/gauge"
value = "/level"
above = 2.5
hysteresis = 0.2
text = "River at {value} m"
over = "River fell to {value} m"
to = ["ana"]
ask = "water"
unit = "m"
[siren]
topic = "siren"
above = 0.5
text = "Siren pulled"
to = ["alarm"]
)";
constexpr char kDevices[] = R"(
[fridge]
device = "a84041ffff000001"
value = "/temperature"
above = 8
text = "Clinic fridge at {value} C"
to = ["ana"]
down = { application = "app1", device = "a84041ffff000002", port = 5, begins = "01" }
)";

std::string settings(const Folder& folder, int port) {
    std::ofstream(folder / "sensors.toml") << kRules;
    std::ofstream(folder / "lorawan.toml") << kDevices;
    const std::string broker = "broker = \"mqtt://127.0.0.1:" + std::to_string(port) + "\"\n";
    return "operators = [\"carl\", \"ana\"]\n[store]\nkeep_free = "
           "\"1MiB\"\n[meshtastic_mqtt.hill]\n" +
           broker + "root = \"msh/EU_868\"\nchannels = \"" + channels_file(folder) +
           "\"\n[sensors.home]\n" + broker + "rules = \"" + (folder / "sensors.toml") +
           "\"\nspeaks_for = \"carl\"\n[lorawan.valley]\n" + broker + "rules = \"" +
           (folder / "lorawan.toml") + "\"\nspeaks_for = \"carl\"\n";
}

class SensorsTest : public testing::Test {
  protected:
    SensorsTest() {
        EXPECT_TRUE(ana.knows_box()) << box.log();
        ana.tell_who();
        EXPECT_TRUE(eventually([this] {
            return box.waypost("status").find("nodes known: 1") != std::string::npos;
        })) << box.log();
        box.waypost("people add ana --radio " + ana.address());
        box.waypost("people add carl");
    }
    bool shows_some(const std::string& text) {
        return eventually([&] {
            for (const std::string& line : ana.screen())
                if (line.find(text) != std::string::npos) return true;
            return false;
        });
    }
    std::size_t lines_with(const std::string& text) {
        std::size_t count = 0;
        for (const std::string& line : ana.screen()) count += line.find(text) != line.npos;
        return count;
    }

    Folder folder;
    Mosquitto broker;
    MqttRadio ana{"Ana", broker.port(), village_channel()};
    BoxProcess box{folder, settings(folder, broker.port())};
};

TEST_F(SensorsTest, AFloodIsToldOnceAndWhenItIsOver) {
    broker.publish("flood/gauge", R"({"level": 2.0})");
    broker.publish("flood/gauge", R"({"level": 2.75})");
    EXPECT_TRUE(shows_some("River at 2.75 m")) << box.traces(3) << box.log();
    broker.publish("flood/gauge", R"({"level": 2.9})");
    broker.publish("flood/gauge", "rubbish");
    box.kill9();
    broker.publish("flood/gauge", R"({"level": 3.0})");
    box.start();
    broker.publish("flood/gauge", R"({"level": 1.5})");
    EXPECT_TRUE(shows_some("River fell to 1.5 m")) << box.traces(4) << box.log();
    EXPECT_EQ(lines_with("River at"), 1u);
}

TEST_F(SensorsTest, AQuestionIsAnsweredWithTheLastValue) {
    broker.publish("flood/gauge", R"({"level": 1.83})", true);
    ASSERT_TRUE(box.status_says("1.83 m"));
    std::this_thread::sleep_for(std::chrono::seconds(6));
    ana.say("water?");
    EXPECT_TRUE(shows_some("water: 1.83 m (")) << box.log();
    ana.say("?nothing");
    EXPECT_TRUE(shows_some("nothing"));
}

TEST_F(SensorsTest, AnAlarmCallsTheResponders) {
    broker.publish("siren", "on");
    EXPECT_TRUE(shows_some("Siren pulled")) << box.traces(3) << box.log();
    EXPECT_THAT(box.waypost("alarms"), HasSubstr("siren"));
}

TEST_F(SensorsTest, ALoRaWanDeviceIsHeardAndOneIsTold) {
    const auto told = [&] {
        return shell("mosquitto_sub -p " + std::to_string(broker.port()) +
                     " -i siren -c -q 1 -t 'application/app1/device/+/command/down' -C 1 -W 15 "
                     "|| true");
    };
    shell("mosquitto_sub -p " + std::to_string(broker.port()) +
          " -i siren -c -q 1 -t 'application/app1/device/+/command/down' -E");
    broker.publish("application/x/device/a84041ffff000001/event/up",
                   R"({"deviceInfo":{"devEui":"a84041ffff000001"},"fPort":2,"data":"AQ==",)"
                   R"("object":{"temperature":9.25}})");
    EXPECT_TRUE(shows_some("Clinic fridge at 9.25 C")) << box.traces(3) << box.log();
    EXPECT_THAT(told(), HasSubstr(R"("data":"AQ==","devEui":"a84041ffff000002","fPort":5)"));
}

TEST_F(SensorsTest, TheBoxShowsHowItIs) {
    const auto says = [&](const std::string& topic, const std::string& text) {
        return eventually([&] { return broker.retained(topic).find(text) != std::string::npos; });
    };
    EXPECT_TRUE(says("waypost/village/transport/meshtastic_mqtt.hill", "\"up\":true"));
    EXPECT_TRUE(says("waypost/village/state", "online"));
    box.kill9();
    EXPECT_TRUE(says("waypost/village/state", "offline"));
}

}  // namespace
}  // namespace waypost::interop
