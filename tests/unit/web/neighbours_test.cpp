// SPDX-License-Identifier: Apache-2.0
#include <Poco/JSON/Array.h>
#include <gtest/gtest.h>

#include "api_village.h"

namespace waypost::api {
namespace {

class NeighboursApi : public ApiVillage {
  protected:
    NeighboursApi() {
        close();
        Neighbour dale;
        dale.name = "dale";
        dale.domains = {"dale.example", "moor.example"};
        dale.addresses = {*IpNetwork::parse("192.0.2.1")};
        settings_.neighbours = {dale};
        open();
        name("ana", "!0000000a");
    }
    Json::Ptr get(const std::string& path) {
        const Reply reply = call("GET", path);
        EXPECT_EQ(reply.status, 200);
        return reply.body;
    }
    void writes(const std::string& to, const std::string& text, const std::string& peer) {
        Message message = letter("ben@dale.example", to, text);
        message.peer = peer;
        hand(message);
    }
};

TEST_F(NeighboursApi, SaysWhatEachBroughtAndWhatIsWrong) {
    writes("ana@hill.example", "hello", "192.0.2.1");
    writes("ana@hill.example", "forged", "198.51.100.7");
    writes("alarm@hill.example", "flood", "192.0.2.1");
    const auto all = get("/neighbours")->getArray("neighbours");
    ASSERT_EQ(all->size(), 1u);
    const auto dale = all->getObject(0);
    EXPECT_EQ(dale->getValue<std::string>("name"), "dale");
    EXPECT_EQ(dale->getArray("domains")->size(), 2u);
    EXPECT_EQ(dale->getValue<int>("messages_today"), 1);
    EXPECT_EQ(dale->getValue<int>("messages_per_day"), 500);
    EXPECT_EQ(dale->getValue<int>("alarms_today"), 1);
    EXPECT_EQ(dale->getValue<std::string>("alarms"), "console");
    EXPECT_EQ(dale->getValue<std::string>("alarm_text"), "ALARM from dale: flood");
    EXPECT_NE(dale->getValue<std::string>("problem").find("198.51.100.7"), std::string::npos);
    EXPECT_GT(dale->getValue<std::int64_t>("heard_ms"), 0);
}

TEST_F(NeighboursApi, StatusShowsAlarmsOfTheLastDay) {
    writes("alarm@hill.example", "flood", "192.0.2.1");
    const auto alarms = get("/status")->getArray("neighbours_alarms");
    ASSERT_EQ(alarms->size(), 1u);
    EXPECT_EQ(alarms->getObject(0)->getValue<std::string>("text"), "ALARM from dale: flood");
    pass(std::chrono::hours(25));
    EXPECT_EQ(get("/status")->getArray("neighbours_alarms")->size(), 0u);
}

TEST_F(NeighboursApi, AStolenBoxIsRefusedUntilItIsPairedAnew) {
    const auto said = [&](const std::string& what) { return call("POST", "/neighbours/" + what); };
    EXPECT_EQ(said("moor/stolen").status, 404);
    EXPECT_EQ(said("dale/paired").status, 409);
    const Reply stolen = said("dale/stolen");
    ASSERT_EQ(stolen.status, 200);
    EXPECT_EQ(stolen.body->getValue<int>("held"), 0);
    EXPECT_FALSE(stolen.body->getValue<bool>("restarts")) << "nobody can here";
    writes("ana@hill.example", "hello", "192.0.2.1");
    auto dale = get("/neighbours")->getArray("neighbours")->getObject(0);
    EXPECT_EQ(dale->getValue<int>("messages_today"), 0);
    EXPECT_GT(dale->getValue<std::int64_t>("stolen_ms"), 0);
    EXPECT_EQ(dale->getValue<std::string>("stolen_by"), "an operator");
    EXPECT_EQ(said("dale/paired").status, 200);
    dale = get("/neighbours")->getArray("neighbours")->getObject(0);
    EXPECT_EQ(dale->getValue<std::int64_t>("stolen_ms"), 0);
    writes("ana@hill.example", "hello", "192.0.2.1");
    EXPECT_EQ(
        get("/neighbours")->getArray("neighbours")->getObject(0)->getValue<int>("messages_today"),
        1);
}

}  // namespace
}  // namespace waypost::api
