// SPDX-License-Identifier: Apache-2.0
// What an operator may write, of every modem there is.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "radio/trunk/pairing.h"
#include "radio/trunk/transport/trunk_transport.h"
#include "tests/fakes/fake_office.h"

namespace waypost::trunk {
namespace {

using ::testing::HasSubstr;

class TrunkKind : public ::testing::Test {
  protected:
    TrunkKind() {
        write_code("dale", 1);
        write_code("moor", 2);
    }
    ~TrunkKind() override {
        for (const char* name : {"dale", "moor"}) std::remove(code_of(name).c_str());
    }

    static std::string code_of(const std::string& name) {
        return ::testing::TempDir() + "trunk-kind-code-" + name;
    }
    static void write_code(const std::string& name, std::uint64_t seed) {
        const std::string file = code_of(name);
        std::ofstream(file) << pairing_code(new_pairing(*seeded_random(seed), 1));
        ::chmod(file.c_str(), 0600);
    }

    using Text = std::map<std::string, std::string, std::less<>>;
    // A section as it is with its defaults, and what else it says.
    std::unique_ptr<Transport> section(const std::string& name, const Text& says) {
        Text text = {{"neighbour", name + ".example"},
                     {"port", "serial:/nowhere"},
                     {"modem", "rn2483"},
                     {"code_file", code_of(name)},
                     {"typed", "false"},
                     {"trusted", "false"},
                     {"service", "licence-free"},
                     {"call_sign", ""},
                     {"region", "EU868"},
                     {"frequency", "869525000"},
                     {"bandwidth", "125000"},
                     {"spreading_factor", "9"},
                     {"coding_rate", "5"},
                     {"preamble", "12"},
                     {"power", "14"},
                     {"antenna_gain", "2.15"},
                     {"cable_loss", "0"},
                     {"network_id", "0"},
                     {"models", ""},
                     {"share", "50"},
                     {"shared_band", ""}};
        for (const auto& [key, value] : also_) text[key] = value;
        for (const auto& [key, value] : says) text[key] = value;
        const SectionValues values(kind_.section, name, text, lists_);
        return kind_.make("trunk." + name, values);
    }
    // Makes it and starts it; why not, or nothing.
    std::string why_not(const std::string& modem, const std::string& frequency = "869525000") {
        return why_not_with({{"modem", modem}, {"frequency", frequency}});
    }
    std::string why_not_with(const Text& says) {
        try {
            const auto transport = section("dale", says);
            transport->start(office_);
            transport->stop();
        } catch (const std::exception& e) {
            return e.what();
        }
        return {};
    }
    std::string why_not_beside(const Text& says) {
        try {
            section("moor", says);
        } catch (const std::exception& e) {
            return e.what();
        }
        return {};
    }

    // An amateur station on 70 cm.
    void be_amateur() {
        also_["service"] = "amateur";
        also_["call_sign"] = "DB0ABC";
        also_["region"] = "R1";
    }

    TransportKind kind_ = trunk_kind();
    Text also_;
    std::map<std::string, std::vector<std::string>, std::less<>> lists_ = {
        {"carries", {}}, {"modem_options", {}}, {"training", {}}, {"licensed", {}}, {"speeds", {}}};
    FakeOffice office_;
};

TEST_F(TrunkKind, ModemsThatChooseTheirFrequencyAreToldNone) {
    EXPECT_EQ(why_not("xbee"), "");
    EXPECT_EQ(why_not("xbee-transparent"), "");
    EXPECT_THAT(why_not("xbee", "868650000"), HasSubstr("is not allowed in EU868"))
        << "the law is asked all the same";
}

TEST_F(TrunkKind, LoraModemsAreSet) {
    EXPECT_EQ(why_not("rn2483"), "");
    EXPECT_EQ(why_not("rylr998"), "");
    EXPECT_EQ(why_not("rnode"), "");
    EXPECT_THAT(why_not("rn2483", "868650000"), HasSubstr("is not allowed in EU868"));
}

TEST_F(TrunkKind, SpeedsAreTheLawsAndTheModems) {
    also_["bandwidth"] = "125000";
    lists_["speeds"] = {"SF7/250", "SF7/125"};
    EXPECT_EQ(why_not("rn2483"), "");
    EXPECT_EQ(why_not("auto"), "");
    EXPECT_EQ(why_not("xbee"), "speeds: xbee is no LoRa modem");
    lists_["speeds"] = {"SF7/500"};
    EXPECT_THAT(why_not("rn2483"), HasSubstr("is not allowed in EU868"));
    lists_["speeds"] = {"fast"};
    EXPECT_EQ(why_not("rn2483"), "speeds: \"fast\" is no speed: write it as SF7/250 (kHz)");
}

TEST_F(TrunkKind, WithoutAKindItIsFound) {
    EXPECT_EQ(why_not("auto"), "");
    lists_["modem_options"] = {"quality=no"};
    EXPECT_EQ(why_not("auto"), "") << "of the RN2483, if it is one";
    lists_["modem_options"] = {"colour=red"};
    EXPECT_THAT(why_not("auto"), HasSubstr("none that is found by itself can be set so"));
}

TEST(KnownModem, LastsOverARestart) {
    MemoryState state;
    KnownModem known(state);
    ModemSettings settings;
    known.tell(settings);
    EXPECT_TRUE(settings.more.empty());
    EXPECT_FALSE(known.note({{"model", "RN2483"}})) << "it was named, not found";
    EXPECT_TRUE(known.note({{"found", "rn2483"}}));
    EXPECT_FALSE(known.note({{"found", "rn2483"}}));
    KnownModem(state).tell(settings);
    EXPECT_EQ(settings.more.at("first"), "rn2483");
}

TEST_F(TrunkKind, AModemThatIsNoneIsSaid) {
    EXPECT_EQ(why_not("xbe"),
              "modem: there is no xbe; there are kiss, rnode, xbee, xbee-transparent, rn2483, "
              "rylr998, e22, auto");
}

TEST_F(TrunkKind, AmateurStationsHaveACallSignAndBandsOfTheirOwn) {
    be_amateur();
    EXPECT_EQ(why_not("rn2483", "433775000"), "");
    EXPECT_EQ(why_not("kiss", "433775000"), "");
    EXPECT_THAT(why_not("rn2483", "869525000"), HasSubstr("is in no amateur band of R1"));
    EXPECT_THAT(why_not("xbee", "433775000"), HasSubstr("cannot be set to an amateur band"));
    also_["region"] = "EU868";
    EXPECT_THAT(why_not("rn2483", "433775000"), HasSubstr("set R1, R2, R3 or US"));
    also_["region"] = "R1";
    also_["call_sign"] = "";
    EXPECT_THAT(why_not("rn2483", "433775000"), HasSubstr("such as DB0ABC"));
}

TEST_F(TrunkKind, TheModemsCallSignIsTheStations) {
    be_amateur();
    lists_["modem_options"] = {"call=DB0ABC-7"};
    EXPECT_EQ(why_not("kiss", "144800000"), "");
    lists_["modem_options"] = {"call=DL1XYZ"};
    EXPECT_EQ(why_not("kiss", "144800000"),
              "modem_options: call = DL1XYZ is not the call_sign, DB0ABC");
}

TEST_F(TrunkKind, WithoutTheServiceNothingOfItIsTaken) {
    EXPECT_THAT(why_not("kiss"), HasSubstr("kiss is for amateur stations"));
    also_["call_sign"] = "DB0ABC";
    EXPECT_THAT(why_not("rn2483"), HasSubstr("call_sign is of amateur stations"));
    also_["call_sign"] = "";
    lists_["licensed"] = {"ana"};
    EXPECT_THAT(why_not("rn2483"), HasSubstr("licensed is of amateur stations"));
    lists_["licensed"] = {};
    also_["region"] = "R1";
    EXPECT_THAT(why_not("rn2483", "433775000"), HasSubstr("R1"));
}

TEST_F(TrunkKind, SectionsOfOnePortShareItsModem) {
    const auto dale = section("dale", {});
    const auto moor = section("moor", {});
    dale->start(office_);
    moor->start(office_);
    for (const auto* each : {dale.get(), moor.get()}) {
        const auto said = [each] { return each->status().details.count("neighbour") > 0; };
        while (!said()) std::this_thread::yield();
    }
    EXPECT_TRUE(dale->status().airtime_limited);
    EXPECT_FALSE(moor->status().airtime_limited) << "its airtime is that of the one radio";
    EXPECT_EQ(moor->status().details["airtime"], "counted at trunk.dale");
    EXPECT_EQ(moor->status().details["neighbour"], "moor.example");
    EXPECT_EQ(dale->status().metrics.count("airtime_total_ms"), 1u);
    EXPECT_EQ(moor->status().metrics.count("airtime_total_ms"), 0u);
    EXPECT_EQ(moor->status().metrics.at("waiting"), 0);
    EXPECT_EQ(moor->status().metrics.count("loss"), 0u) << "nobody was heard yet";
    dale->stop();
    EXPECT_FALSE(moor->status().up) << "and it runs on";
    moor->stop();
}

TEST_F(TrunkKind, SectionsOfOnePortSayTheSameOfItsModem) {
    const auto dale = section("dale", {});
    EXPECT_EQ(why_not_beside({{"power", "10"}}),
              "[trunk.dale] and [trunk.moor] have one port, thus one modem, and differ in power: "
              "say the same in both");
    EXPECT_THAT(why_not_beside({{"modem", "xbee"}}), HasSubstr("differ in modem"));
    EXPECT_EQ(why_not_beside({{"port", "serial:/elsewhere"}, {"power", "10"}}), "");
    EXPECT_EQ(why_not_beside({{"trusted", "true"}}), "") << "of the neighbour, not of the modem";
}

TEST_F(TrunkKind, AModemOfSeveralHasOneSpeed) {
    lists_["speeds"] = {"SF7/250"};
    const auto dale = section("dale", {});
    EXPECT_THAT(why_not_beside({}), HasSubstr("leave speeds out of both"));
}

TEST_F(TrunkKind, EachNeighbourOfAModemHasACodeOfItsOwn) {
    const auto dale = section("dale", {});
    EXPECT_EQ(why_not_beside({{"code_file", code_of("dale")}}),
              "[trunk.dale] and [trunk.moor] have the same pairing code: each neighbour needs one "
              "of its own (waypost trunk code)");
}

TEST_F(TrunkKind, WhatIsGoneSaysNothingOfAPort) {
    section("dale", {}).reset();
    EXPECT_EQ(why_not_beside({{"power", "10"}}), "");
}

TEST_F(TrunkKind, RadiosOfOneSharedBandHaveOneLaw) {
    const auto dale = section("dale", {{"shared_band", "roof"}});
    EXPECT_EQ(
        why_not_beside(
            {{"port", "serial:/elsewhere"}, {"frequency", "868300000"}, {"shared_band", "roof"}}),
        "shared_band: [trunk.dale] sends on EU868 869.4-869.65 and [trunk.moor] on EU868 "
        "868-868.6: give them different names, or none");
    EXPECT_EQ(why_not_beside({{"port", "serial:/elsewhere"}, {"shared_band", "roof"}}), "");
    EXPECT_THAT(why_not_beside({{"shared_band", ""}}), HasSubstr("differ in shared_band"));
}

TEST_F(TrunkKind, ALinkWhoseKeyIsRevokedDoesNotComeUp) {
    const auto prints = [](const Transport& link) {
        return dynamic_cast<const HasPeerKeys&>(link).peer_keys();
    };
    const auto stolen = section("dale", {});
    const auto moor = section("moor", {});
    ASSERT_EQ(prints(*stolen).count("trunk:dale"), 1u);
    const std::string print = prints(*stolen).at("trunk:dale");
    EXPECT_NE(print, prints(*moor).at("trunk:moor"));
    dynamic_cast<HasPeerKeys&>(*stolen).revoke({print});
    stolen->start(office_);
    EXPECT_FALSE(stolen->status().up);
    EXPECT_THAT(stolen->status().why, HasSubstr("the box of dale was stolen"));
    Delivery delivery;
    delivery.attempt = {7, 1};
    delivery.to = mailto("ben", "dale.example");
    stolen->deliver(delivery);
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].first.delivery, 7);
    EXPECT_EQ(office_.reports[0].second.kind, Outcome::Kind::NotTried);
    stolen->give_back();
    stolen->stop();
    write_code("dale", 3);
    EXPECT_NE(prints(*section("dale", {})).at("trunk:dale"), print) << "paired anew";
}

}  // namespace
}  // namespace waypost::trunk
