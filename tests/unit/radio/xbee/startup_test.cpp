// SPDX-License-Identifier: Apache-2.0
// From whatever state a module is in to a driver that is ready, or says why not.
#include "two_sides.h"

namespace waypost::xbee {
namespace {

using std::chrono::seconds;
using StartUp = TwoSides;

TEST_F(StartUp, FromEveryStateIntoEveryMode) {
    for (int found = 0; found <= 2; ++found) {
        for (const bool heeds_escape : {true, false}) {
            for (const char* wanted : {"", "1", "2"}) {
                if (found == 0 && !heeds_escape) continue;
                XbeeOptions options;
                options.parameters["AP"] = byte(found);
                options.command_mode_in_api = heeds_escape;
                Side& side = add(options, *wanted == '\0' ? ModemSettings{} : with("api", wanted));
                SCOPED_TRACE(std::to_string(found) + " to " + wanted);
                run_until_ready(side);
                EXPECT_EQ(side.radio->why_down(), "");
                const std::string mode = side.radio->details().at("api");
                EXPECT_EQ(side.module->get("AP"), byte(std::stoi(mode)));
                if (*wanted != '\0') {
                    EXPECT_EQ(mode, wanted);
                }
                afresh();
            }
        }
    }
}

TEST_F(StartUp, WhatTheModuleSaysIsKnown) {
    Side& side = add();
    run_until_ready(side);
    const auto details = side.radio->details();
    EXPECT_EQ(details.at("address"), address(0));
    EXPECT_EQ(details.at("model"), "XBee SX 868");
    EXPECT_EQ(details.at("firmware"), "a009");
    EXPECT_EQ(details.at("rate"), "80000 bit/s");
    const FrameLimits limits = side.radio->limits();
    EXPECT_EQ(limits.payload, 256u);
    EXPECT_TRUE(limits.acks && limits.addressed && limits.keeps_law);
    EXPECT_EQ(side.radio->airtime(256).count(), 29'600);
    EXPECT_EQ(side.module->flash_writes(), 0) << "nothing differed";
}

TEST_F(StartUp, AirtimeAtTenKilobits) {
    XbeeOptions options;
    options.parameters["BR"] = byte(0);
    Side& side = add(options);
    run_until_ready(side);
    EXPECT_EQ(side.radio->airtime(256).count(), 236'800);
}

TEST_F(StartUp, ANeighboursDataBeforeTheOk) {
    Side& side = add();
    side.module->trouble().before_ok = std::string("\x7E\0\x10 data+++OK?", 15);
    run_until_ready(side);
}

TEST_F(StartUp, AModuleThatWasLeftInCommandMode) {
    for (const auto& kind : {xbee_kind(), xbee_transparent_kind()}) {
        Side& side = add({}, {}, kind);
        side.module->from_host("+++", now_);
        run(seconds(10));
        EXPECT_TRUE(side.radio->ready()) << side.radio->why_down();
        EXPECT_TRUE(side.bauds.empty());
    }
}

TEST_F(StartUp, InitLinesAreSetReadBackAndWrittenToFlashOnce) {
    ModemSettings settings = with("init", "ATMT 1; NH=2\nNI hill");
    settings.network = 0x1234;
    Side& side = add({}, settings);
    run_until_ready(side);
    EXPECT_EQ(side.module->get("MT"), byte(1));
    EXPECT_EQ(side.module->get("NH"), byte(2));
    EXPECT_EQ(side.module->get("NI"), "hill");
    EXPECT_EQ(side.module->get("ID"), "\x12\x34");
    EXPECT_EQ(side.module->flash_writes(), 1);
    EXPECT_EQ(side.radio->details().at("name"), "hill");
    keep(side, side.radio->closed(now_));
    EXPECT_FALSE(side.radio->ready());
    keep(side, side.radio->opened(now_));
    run_until_ready(side);
    EXPECT_EQ(side.module->flash_writes(), 1) << "the second time nothing differed";
}

TEST_F(StartUp, WhatTheModuleRefusesOrForgetsIsSaid) {
    const std::pair<const char*, const char*> cases[] = {
        {"XX=1", "the module does not know XX"},
        {"%H=1", "the module refuses %H 01"},
        {"MT=1", "MT was set to 01 and reads 03"},
    };
    for (const auto& [line, why] : cases) {
        Side& side = add({}, with("init", line));
        side.module->trouble().not_kept = {"MT"};
        run(seconds(10));
        EXPECT_FALSE(side.radio->ready());
        EXPECT_EQ(side.radio->why_down(), why);
        EXPECT_EQ(side.radio->room(), 0);
        EXPECT_EQ(side.module->flash_writes(), 0);
    }
}

TEST_F(StartUp, ARefusalIsTriedAgainAfterAWhile) {
    Side& side = add({}, with("init", "MT=1"));
    side.module->trouble().not_kept = {"MT"};
    run(seconds(10));
    EXPECT_FALSE(side.radio->ready());
    side.module->trouble().not_kept.clear();
    run(seconds(70));
    EXPECT_TRUE(side.radio->ready());
}

TEST_F(StartUp, AKeyIsSetEveryTimeAndNotReadBack) {
    Side& side = add({}, with("init", "EE=1; KY=414243"));
    run_until_ready(side);
    EXPECT_EQ(side.module->get("EE"), byte(1));
    EXPECT_EQ(side.module->keys(), std::vector<std::string>{"ABC"});
    keep(side, side.radio->closed(now_));
    keep(side, side.radio->opened(now_));
    run_until_ready(side);
    EXPECT_EQ(side.module->keys().size(), 2u);
}

TEST_F(StartUp, TheSpeedOfTheLineIsChangedWhereAskedFor) {
    Side& side = add({}, with("speed", "115200"));
    run_until_ready(side);
    EXPECT_EQ(side.bauds, std::vector<int>{115200});
    EXPECT_EQ(side.module->get("BD"), byte(7));
    EXPECT_EQ(side.module->flash_writes(), 1);
}

TEST_F(StartUp, NobodyAnswersAtAnySpeed) {
    Side& side = add();
    side.module->trouble().deaf_to_host = true;
    run(seconds(45));
    EXPECT_EQ(side.bauds, (std::vector<int>{115200, 57600, 38400, 19200, 9600}));
    EXPECT_EQ(side.reopened, 1);
    EXPECT_EQ(side.radio->why_down(), "no XBee answers at any speed");
    EXPECT_EQ(side.radio->next_tick(), BoxTime::max());
    send(side, 1, "hi");
    EXPECT_EQ(side.fates(), std::vector{FrameFate::Failed});
}

TEST_F(StartUp, WhoTurnsSilentWhileItIsSetUpIsLookedForAgain) {
    Side& side = add();
    while (side.radio->why_down() != "setting the module up") run(milliseconds(1));
    side.module->trouble().deaf_to_host = true;
    run(seconds(45));
    EXPECT_GE(side.reopened, 1);
    EXPECT_FALSE(side.radio->ready());
}

TEST_F(StartUp, ParametersThatSomebodyElseChangedAreSetAgain) {
    Side& side = add({}, with("init", "MT=1"));
    run_until_ready(side);
    side.module->set("MT", byte(7));
    run(std::chrono::minutes(11));
    EXPECT_EQ(side.module->get("MT"), byte(1));
    EXPECT_TRUE(side.radio->ready());
}

TEST(XbeeSettings, WhatMakesNoSenseIsRefused) {
    const std::pair<const char*, const char*> cases[] = {
        {"api", "3"},      {"direct", "1"},     {"acks", ""},         {"speed", "4800"},
        {"speed", "fast"}, {"init", "A"},       {"init", "MT=zz"},    {"init", "ATRE"},
        {"init", "AP=1"},  {"colour", "green"}, {"init", "MT=1;BD7"},
    };
    for (const auto& [name, value] : cases) {
        ModemSettings settings;
        settings.more[name] = value;
        EXPECT_THROW(read_settings(settings), std::runtime_error) << name << ' ' << value;
    }
    ModemSettings settings;
    settings.frequency_hz = 869'525'000;
    EXPECT_THROW(read_settings(settings), std::runtime_error);
}

TEST(XbeeSettings, AtLinesAsXctuAndXbnetHaveThem) {
    ModemSettings settings;
    settings.more["init"] = "ATMT1;at nh 2 ; %H = 1a0;NI My hill;AC";
    const auto init = read_settings(settings).init;
    ASSERT_EQ(init.size(), 5u);
    EXPECT_EQ(init[0].name + init[0].value, "MT\x01");
    EXPECT_EQ(init[1].name + init[1].value, "NH\x02");
    EXPECT_EQ(init[2].name + init[2].value, "%H\x01\xA0");
    EXPECT_EQ(init[3].name + init[3].value, "NIMy hill");
    EXPECT_EQ(init[4].name + init[4].value, "AC");
}

}  // namespace
}  // namespace waypost::xbee
