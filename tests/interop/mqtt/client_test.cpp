// SPDX-License-Identifier: Apache-2.0
// The connection to a broker, on a real Mosquitto: what is acknowledged when, and what a lost line
// costs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/io/mqtt/mqtt_client.h"
#include "tests/fakes/loopback_tls.h"
#include "tests/interop/mqtt/mosquitto.h"

namespace waypost::interop {
namespace {

using mqtt::MqttClient;
using mqtt::MqttMessage;
using mqtt::MqttOptions;
using testing::HasSubstr;

class Owner final : public mqtt::MqttOwner {
  public:
    void mqtt_up() override { up = true; }
    void mqtt_down(const std::string& why) override {
        const std::lock_guard lock(mutex);
        up = false;
        reason = why;
    }
    bool mqtt_messages(std::vector<MqttMessage> messages) override {
        const std::lock_guard lock(mutex);
        for (auto& each : messages) got.push_back(std::move(each));
        return !store_fails;
    }
    std::vector<std::string> payloads() {
        const std::lock_guard lock(mutex);
        std::vector<std::string> all;
        for (const auto& each : got) all.push_back(each.payload);
        return all;
    }
    std::string why() {
        const std::lock_guard lock(mutex);
        return reason;
    }

    std::atomic<bool> up{false};
    std::atomic<bool> store_fails{false};
    std::mutex mutex;
    std::vector<MqttMessage> got;
    std::string reason;
};

MqttOptions options(const Mosquitto& broker) {
    MqttOptions options;
    options.host = "127.0.0.1";
    options.port = broker.port();
    options.client_id = "waypost-test";
    options.topics = {"t/#"};
    options.first_pause = std::chrono::milliseconds(50);
    return options;
}

class MqttClientTest : public testing::TestWithParam<bool> {
  protected:
    MqttOptions of(const Mosquitto& broker) const {
        MqttOptions made = options(broker);
        made.version5 = GetParam();
        return made;
    }
    std::unique_ptr<Random> random = system_random();
    Owner owner;
};
INSTANTIATE_TEST_SUITE_P(Version, MqttClientTest, testing::Bool(), [](const auto& version) {
    return version.param ? std::string("5") : std::string("3_1_1");
});

TEST_P(MqttClientTest, WhatTheStoreDidNotTakeTheBrokerBringsAgain) {
    Mosquitto broker;
    MqttClient client(of(broker), owner, *random);
    client.start();
    ASSERT_TRUE(eventually([&] { return client.up(); }));
    owner.store_fails = true;
    broker.publish("t/a", "level 3");
    ASSERT_TRUE(eventually([&] { return owner.payloads().size() >= 2; }));
    owner.store_fails = false;
    ASSERT_TRUE(eventually([&] { return client.up(); }));
    const std::size_t before = owner.payloads().size();
    broker.publish("t/a", "level 4");
    ASSERT_TRUE(eventually([&] { return owner.payloads().size() > before; }));
    client.stop();
    // Acknowledged once: nobody is brought it again.
    Owner later;
    MqttClient again(of(broker), later, *random);
    again.start();
    ASSERT_TRUE(eventually([&] { return again.up(); }));
    broker.publish("t/a", "level 5");
    ASSERT_TRUE(eventually([&] { return !later.payloads().empty(); }));
    EXPECT_EQ(later.payloads().front(), "level 5");
}

TEST_P(MqttClientTest, TheBrokerKeepsWhatComesWhileWeAreAway) {
    Mosquitto broker;
    {
        MqttClient client(of(broker), owner, *random);
        client.start();
        ASSERT_TRUE(eventually([&] { return client.up(); }));
    }
    for (int i = 0; i < 50; ++i) broker.publish("t/a", std::to_string(i));
    broker.stop();
    broker.start();
    MqttClient client(of(broker), owner, *random);
    client.start();
    ASSERT_TRUE(eventually([&] { return owner.payloads().size() >= 50; }));
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(owner.payloads()[i], std::to_string(i));
}

TEST_P(MqttClientTest, ABrokerThatGoesAndComesBackIsFoundAgain) {
    Mosquitto broker;
    MqttClient client(of(broker), owner, *random);
    client.start();
    ASSERT_TRUE(eventually([&] { return client.up(); }));
    broker.stop();
    ASSERT_TRUE(eventually([&] { return !client.up(); }));
    EXPECT_FALSE(client.publish({"t/b", "x", false}, {}).ok());
    broker.start();
    ASSERT_TRUE(eventually([&] { return client.up(); }));
    std::atomic<int> answered{0};
    ASSERT_TRUE(
        client.publish({"t/b", "x", false}, [&](bool has_it) { answered = has_it ? 1 : 2; }).ok());
    EXPECT_TRUE(eventually([&] { return answered == 1; }));
    EXPECT_TRUE(eventually([&] { return owner.payloads() == std::vector<std::string>{"x"}; }));
    EXPECT_GE(client.counters().connections, 2u);
}

TEST_P(MqttClientTest, TlsWithItsAuthorityAndAPassword) {
    const std::string folder = new_test_folder();
    loopback_tls(folder);
    Mosquitto broker({folder, true, {}});
    MqttOptions good = of(broker);
    good.tls = true;
    good.host = "localhost";
    good.ca_file = folder + "/cert.pem";
    good.user = "hill";
    good.password = Secret("secret");
    MqttClient client(std::move(good), owner, *random);
    client.start();
    EXPECT_TRUE(eventually([&] { return client.up(); })) << owner.why() << broker.log();
    client.stop();

    MqttOptions wrong = of(broker);
    wrong.tls = true;
    wrong.host = "localhost";
    wrong.ca_file = folder + "/cert.pem";
    wrong.user = "hill";
    wrong.password = Secret("guess");
    Owner refused;
    MqttClient second(std::move(wrong), refused, *random);
    second.start();
    EXPECT_TRUE(eventually([&] { return !refused.why().empty(); }));
    EXPECT_THAT(refused.why(), HasSubstr("refuses us"));
    second.stop();

    // Somebody else's authority, as where another answers in the broker's place.
    MqttOptions other = of(broker);
    other.tls = true;
    other.host = "localhost";
    other.user = "hill";
    other.password = Secret("secret");
    Owner strange;
    MqttClient third(std::move(other), strange, *random);
    third.start();
    EXPECT_TRUE(eventually([&] { return !strange.why().empty(); }));
    EXPECT_FALSE(third.up());
    third.stop();
    std::filesystem::remove_all(folder);
}

TEST_P(MqttClientTest, WhatIsRetainedSaysSoAndWhatIsTooLargeIsDropped) {
    Mosquitto broker;
    broker.publish("t/old", "from before", true);
    MqttOptions small = of(broker);
    small.most_bytes = 20;
    MqttClient client(std::move(small), owner, *random);
    client.start();
    ASSERT_TRUE(eventually([&] { return owner.payloads().size() == 1; }));
    EXPECT_TRUE(owner.got[0].retained);
    broker.publish("t/a", std::string(6000, 'x'));
    broker.publish("t/a", "after");
    ASSERT_TRUE(eventually([&] { return owner.payloads().size() == 2; }));
    EXPECT_EQ(owner.payloads()[1], "after");
    EXPECT_FALSE(owner.got[1].retained);
}

TEST_P(MqttClientTest, TheWillIsPublishedWhenWeVanish) {
    Mosquitto broker;
    MqttOptions with_will = of(broker);
    with_will.will = MqttMessage{"w/state", "offline", true};
    {
        MqttClient client(std::move(with_will), owner, *random);
        client.start();
        ASSERT_TRUE(eventually([&] { return client.up(); }));
        ASSERT_TRUE(client.publish({"w/state", "online", true}, {}).ok());
        EXPECT_TRUE(eventually([&] { return broker.retained("w/state") == "online\n"; }));
    }
    EXPECT_EQ(broker.retained("w/state"), "online\n");  // we said goodbye
    MqttOptions again = of(broker);
    again.will = MqttMessage{"w/state", "offline", true};
    MqttClient client(std::move(again), owner, *random);
    client.start();
    ASSERT_TRUE(eventually([&] { return client.up(); }));
    owner.store_fails = true;  // the line is dropped without a word
    broker.publish("t/a", "x");
    EXPECT_TRUE(eventually([&] { return broker.retained("w/state") == "offline\n"; }));
}

TEST(MqttClient, ABrokerThatIsNotThereIsSaidInWords) {
    Mosquitto broker;
    MqttOptions nowhere = options(broker);
    broker.stop();
    Owner owner;
    const auto random = system_random();
    MqttClient client(std::move(nowhere), owner, *random);
    client.start();
    EXPECT_TRUE(eventually([&] { return !owner.why().empty(); }));
    EXPECT_THAT(owner.why(), HasSubstr("refused"));
    client.stop();
}

}  // namespace
}  // namespace waypost::interop
