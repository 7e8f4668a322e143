// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridges/sensors/box_states.h"
#include "bridges/sensors/topic_source.h"

namespace waypost::sensors {
namespace {

using std::chrono::seconds;

SeenTransport roof(bool up, const std::string& why = {}) {
    SeenTransport seen{"meshtastic.roof", "meshtastic", {}};
    seen.status.up = up;
    seen.status.why = why;
    seen.status.metrics["heard"] = 3;
    seen.status.details["node"] = "!a1b2c3d4";
    return seen;
}

TEST(BoxStates, WhatChangesIsSaidAndRetained) {
    BoxStates states("waypost", "hill");
    BoxTime now{seconds(100)};
    auto news = states.news({roof(true)}, now);
    ASSERT_EQ(news.size(), 1u);
    EXPECT_EQ(news[0].topic, "waypost/hill/transport/meshtastic.roof");
    EXPECT_TRUE(news[0].retained);
    EXPECT_EQ(news[0].payload, R"({"heard":3,"network":"meshtastic","up":true})");
    EXPECT_TRUE(states.news({roof(true)}, now + seconds(59)).empty());
    EXPECT_EQ(states.news({roof(true)}, now + seconds(60)).size(), 1u);
    news = states.news({roof(false, "no line")}, now + seconds(61));
    ASSERT_EQ(news.size(), 1u);
    EXPECT_NE(news[0].payload.find("\"why\":\"no line\""), std::string::npos);
    news = states.news({}, now + seconds(62));
    ASSERT_EQ(news.size(), 1u);
    EXPECT_EQ(news[0].payload, "");  // takes the retained one away
    EXPECT_TRUE(states.news({}, now + seconds(63)).empty());
    states.news({roof(true)}, now + seconds(64));
    states.forget();
    EXPECT_EQ(states.news({roof(true)}, now + seconds(65)).size(), 1u);
    EXPECT_EQ(states.will().payload, "offline");
}

TEST(BoxStates, WithoutAPrefixNothingIsShown) {
    BoxStates states("", "hill");
    EXPECT_FALSE(states.on());
    EXPECT_TRUE(states.news({roof(true)}, BoxTime{seconds(1)}).empty());
}

TEST(TopicSource, ATopicMayBeOfSeveralSensors) {
    Rule level, battery;
    level.name = "level";
    level.topic = "flood/+";
    level.value = "/level";
    battery = level;
    battery.name = "battery";
    battery.value = "/battery";
    const TopicSource source({level, battery});
    EXPECT_EQ(source.topics(), std::vector<std::string>{"flood/+"});
    const Readings both = source.read({"flood/gauge", R"({"level":2,"battery":80})", false});
    ASSERT_EQ(both.all.size(), 2u);
    EXPECT_EQ(both.all[1].value, 80);
    const Readings one = source.read({"flood/gauge", R"({"level":2})", true});
    EXPECT_EQ(one.all.size(), 1u);
    EXPECT_TRUE(one.strange);
    EXPECT_TRUE(source.read({"other/gauge", "2", false}).all.empty());
}

}  // namespace
}  // namespace waypost::sensors
