// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "gateway/delivery/desk_alarms.h"
#include "gateway/delivery/desk_map.h"
#include "village.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr char kKey[] = "0a0a";

class MapTest : public Village {
  protected:
    MapTest() {
        close();
        settings_.place = GeoPoint{47.1234, 11.5678};
        settings_.tiles = folder_ + "/village.pmtiles";
        Neighbour dale;
        dale.name = "dale";
        dale.domains = {"dale.example"};
        dale.keys = {"trunk:moor", "nncp:dale"};
        dale.place = GeoPoint{47.2, 11.6};
        Neighbour far;
        far.name = "far";
        far.domains = {"far.example"};
        settings_.neighbours = {dale, far};
        open();
        change([](store::Tables& t) {
            t.people.put_person({"ana", "", "en", "", true, false, 0});
            t.people.put_endpoint({{"meshtastic", kAna}, "ana", "Ana's", kKey, "", 1, ""});
            t.people.put_person({"carl", "", "en", "", true, false, 0});
            t.people.put_endpoint({{"meshtastic", kCarl}, "carl", "", "", "", 1, ""});
        });
    }
    MapReport look() {
        auto report = map_report(*office_);
        EXPECT_TRUE(report.ok());
        return std::move(*report);
    }
    std::vector<MapPlace> alarms() {
        auto places = look().places;
        std::erase_if(places, [](const auto& p) { return p.kind != MapPlace::Kind::Alarm; });
        return places;
    }
    void calls(const std::string& radio, const std::string& text) {
        Message message = spoken(radio, text);
        message.verified_sender = true;
        message.sealed_under = kKey;
        hand(message);
    }
    static Heard at(double latitude, double longitude) {
        Heard heard;
        heard.place = Place{latitude, longitude, 30, 0};
        return heard;
    }
    const MapRadio* radio(const MapReport& report, const std::string& value) {
        for (const MapRadio& each : report.radios)
            if (each.address.value == value) return &each;
        return nullptr;
    }
};

TEST_F(MapTest, VillagesStandWhereTheSettingsSay) {
    const MapReport map = look();
    ASSERT_EQ(map.places.size(), 2u) << "of a neighbour without a place nothing is shown";
    EXPECT_EQ(map.places[0].name, "hill");
    EXPECT_DOUBLE_EQ(map.places[0].point.latitude, 47.1234);
    EXPECT_EQ(map.places[1].kind, MapPlace::Kind::Neighbour);
    EXPECT_EQ(map.places[1].name, "dale");
    EXPECT_DOUBLE_EQ(map.places[1].point.longitude, 11.6);
}

TEST_F(MapTest, WhereSomebodyIsIsShownWhileHisAlarmIsOpenOnly) {
    hear(kAna, at(47.125, 11.57));
    hear(kBen, at(47.126, 11.58));
    EXPECT_TRUE(alarms().empty());
    calls(kAna, "SOS car in the ford");
    const auto open = alarms();
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(open[0].name, "ana");
    EXPECT_DOUBLE_EQ(open[0].point.latitude, 47.125);
    EXPECT_EQ(open[0].metres, 30);
    EXPECT_EQ(open[0].at_ms, box_->wall_ms());
    const store::AlarmId id = open[0].alarm;
    EXPECT_GT(id, 0);
    hear(kAna, at(47.2, 11.6));
    EXPECT_DOUBLE_EQ(alarms().at(0).point.latitude, 47.2) << "as it moves";
    ASSERT_TRUE(ask([&](Desk&) { return close_alarm(*office_, id); }).ok());
    EXPECT_TRUE(alarms().empty());
}

TEST_F(MapTest, AnOldPlaceIsNone) {
    hear(kAna, at(47.125, 11.57));
    pass(hours(25));
    calls(kAna, "SOS car in the ford");
    EXPECT_TRUE(alarms().empty());
}

TEST_F(MapTest, LinksLeadToWhomTheSettingsName) {
    EXPECT_TRUE(look().links.empty());
    const auto trunk =
        std::make_shared<FakeTransport>("trunk.moor", "email", "mailto", Limits{0, 4, false});
    trunk->metrics = {{"loss", 12.5}, {"snr_db", -3}, {"heard_ago_s", 60}};
    const auto packets =
        std::make_shared<FakeTransport>("nncp.post", "nncp", "mailto", Limits{0, 4, false});
    packets->up = false;
    for (const auto& each : {trunk, packets}) office_->transports().add(each);
    const auto links = look().links;
    ASSERT_EQ(links.size(), 2u);
    EXPECT_EQ(links[0].neighbour, "dale");
    EXPECT_EQ(links[0].transport, "trunk.moor");
    EXPECT_TRUE(links[0].up);
    EXPECT_EQ(links[0].loss, 12.5);
    EXPECT_EQ(links[0].snr_db, -3);
    EXPECT_EQ(links[0].heard_ms, box_->wall_ms() - 60'000);
    EXPECT_EQ(links[1].transport, "nncp.post");
    EXPECT_FALSE(links[1].up);
    EXPECT_FALSE(links[1].loss);
    EXPECT_EQ(links[1].heard_ms, 0);
}

TEST_F(MapTest, RadiosAreThoseThatWereHeardAndHowWell) {
    Heard heard;
    heard.name = "Roof of Ben";
    heard.hops = 2;
    heard.snr = -7.25f;
    hear(kBen, heard);
    pass(minutes(3));
    const MapReport map = look();
    const MapRadio* ben = radio(map, kBen);
    ASSERT_NE(ben, nullptr);
    EXPECT_EQ(&map.radios.front(), ben) << "heard last comes first";
    EXPECT_EQ(ben->name, "Roof of Ben");
    EXPECT_EQ(ben->person, "");
    EXPECT_EQ(ben->transport, "meshtastic.roof");
    EXPECT_EQ(ben->hops, 2);
    EXPECT_EQ(ben->snr_db, -7.25f);
    EXPECT_EQ(ben->heard_ms, box_->wall_ms() - 180'000);
    const MapRadio* ana = radio(map, kAna);
    ASSERT_NE(ana, nullptr);
    EXPECT_EQ(ana->person, "ana");
    EXPECT_EQ(ana->hops, -1);
    EXPECT_FALSE(ana->snr_db);
}

TEST_F(MapTest, SaysWhetherThereIsGround) {
    EXPECT_FALSE(look().tiles);
    std::ofstream(settings_.tiles) << "PMTiles";
    EXPECT_TRUE(look().tiles);
}

TEST(HeardRadiosTest, TheOneUnheardForLongestMakesRoom) {
    HeardRadios radios;
    const auto address = [](std::size_t i) { return Address{"meshtastic", std::to_string(i)}; };
    for (std::size_t i = 0; i < HeardRadios::kMost; ++i)
        radios.note(address(i), {"roof", box_from_ms(static_cast<std::int64_t>(i)), 0, {}});
    radios.note(address(0), {"roof", box_from_ms(100'000), 3, 1.5f});
    radios.note(address(HeardRadios::kMost), {"roof", box_from_ms(100'001), 0, {}});
    EXPECT_EQ(radios.find(address(0))->hops, 3);
    EXPECT_FALSE(radios.find(address(1)));
    EXPECT_TRUE(radios.find(address(2)));
    EXPECT_TRUE(radios.find(address(HeardRadios::kMost)));
}

}  // namespace
}  // namespace waypost
