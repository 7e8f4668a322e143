// SPDX-License-Identifier: Apache-2.0
// Charts and map over the API.
#include <Poco/JSON/Parser.h>

#include "api_village.h"

namespace waypost::api {
namespace {

class ChartsApi : public ApiVillage {
  protected:
    ChartsApi() {
        close();
        settings_.place = GeoPoint{47.1234, 11.5678};
        Neighbour dale;
        dale.name = "dale";
        dale.domains = {"dale.example"};
        dale.keys = {"trunk:dale"};
        settings_.neighbours = {dale};
        open();
    }
    // As whoever asks over the wire reads it.
    Json::Ptr get(const std::string& path) {
        const Reply reply = call("GET", path);
        EXPECT_EQ(reply.status, 200) << path;
        return Poco::JSON::Parser().parse(json_of(reply)).extract<Json::Ptr>();
    }
};

TEST_F(ChartsApi, HistoryHasANumberOrNullForEachStep) {
    radio_->metrics = {{"snr_db", -4.56789}};
    pass(std::chrono::minutes(1));
    const auto all = get("/history?hours=2");
    EXPECT_EQ(all->getValue<int>("step_ms"), 600'000);
    const auto roof = all->getArray("transports")->getObject(1);
    EXPECT_EQ(roof->getValue<std::string>("id"), "meshtastic.roof");
    EXPECT_EQ(roof->getValue<std::string>("network"), "meshtastic");
    const auto series = roof->getObject("series");
    const auto snr = series->getArray("snr_db");
    ASSERT_EQ(snr->size(), 12u);
    EXPECT_TRUE(snr->isNull(0));
    EXPECT_DOUBLE_EQ(snr->getElement<double>(11), -4.568);
    EXPECT_FALSE(series->has("loss"));
    EXPECT_EQ(get("/history")
                  ->getArray("transports")
                  ->getObject(1)
                  ->getObject("series")
                  ->getArray("up")
                  ->size(),
              144u);
}

TEST_F(ChartsApi, HistoryIsOfAWeekAtMost) {
    for (const std::string hours : {"0", "169", "-1", "x", "99999999999999999999"})
        EXPECT_EQ(call("GET", "/history?hours=" + hours).status, 400) << hours;
}

TEST_F(ChartsApi, MapHasPlacesLinksAndRadios) {
    const auto trunk =
        std::make_shared<FakeTransport>("trunk.dale", "email", "mailto", Limits{0, 4, false});
    trunk->metrics = {{"loss", 5}};
    office_->transports().add(trunk);
    hear(kBen);
    const auto map = get("/map");
    const auto box = map->getArray("places")->getObject(0);
    EXPECT_EQ(box->getValue<std::string>("kind"), "box");
    EXPECT_DOUBLE_EQ(box->getValue<double>("latitude"), 47.1234);
    EXPECT_EQ(box->getValue<int>("alarm"), 0);
    const auto link = map->getArray("links")->getObject(0);
    EXPECT_EQ(link->getValue<std::string>("from"), "hill");
    EXPECT_EQ(link->getValue<std::string>("to"), "dale");
    EXPECT_DOUBLE_EQ(link->getValue<double>("loss"), 5);
    EXPECT_TRUE(link->isNull("snr_db"));
    const auto ben = map->getArray("radios")->getObject(0);
    EXPECT_EQ(ben->getValue<std::string>("address"), std::string("meshtastic:") + kBen);
    EXPECT_TRUE(ben->isNull("hops"));
    EXPECT_FALSE(map->getValue<bool>("tiles"));
}

TEST_F(ChartsApi, NeitherIsForVillagers) {
    for (const Route& route : routes()) {
        if (route.pattern == "/map" || route.pattern == "/history") {
            EXPECT_EQ(route.least, Role::Operator) << route.pattern;
        }
    }
}

}  // namespace
}  // namespace waypost::api
