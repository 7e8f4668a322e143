// SPDX-License-Identifier: Apache-2.0
// Ana of hill and Ben of dale, from radio to radio, over a link of two simulated LoRa modems that
// loses a frame in ten: two gateways as they are run, killed in between.
#include <gtest/gtest.h>

#include "link_toml.h"
#include "modem_world.h"
#include "tests/interop/mail/ask.h"
#include "two_villages.h"

namespace waypost::interop {
namespace {

// Two boxes that begin anew may miss one another's first hellos, and ask less and less often.
template <class Village>
bool shows_late(Village& village, const std::string& text) {
    return village.shows_some(text) || village.shows_some(text) || village.shows_some(text);
}

TEST(Trunk, AnaAndBenWriteFromRadioToRadioOverALossyLink) {
    const Folder folder;
    const std::string code = code_file(folder);
    ModemWorld modems(0.1);
    const std::string socket = folder / "hill.sock";
    OneVillage hill("hill", "ana", link_to("dale", modems.port(0), code, false) + api_at(socket));
    OneVillage dale("dale", "ben", link_to("hill", modems.port(1), code, true));
    const auto all = [&] {
        return seen(hill, dale) + hill.box().waypost("status") + dale.box().waypost("status");
    };
    // A hello that is lost is said again after a while.
    const auto met = [&] {
        return says(hill.box(), "status", "trunk.dale: works") &&
               says(dale.box(), "status", "trunk.hill: works");
    };
    ASSERT_TRUE(met() || met()) << all();
    hill.type("@ben.dale Is the ford open?");
    ASSERT_TRUE(hill.shows("1 kept")) << all();
    ASSERT_TRUE(dale.shows("1 ana.hill: Is the ford open?")) << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "in custody of dale"))
        << hill.box().waypost("trace 1") << all();
    ASSERT_TRUE(says(hill.box(), "trace 1", "delivered [reported]"))
        << hill.box().waypost("trace 1") << all();
    hill.type("?1");
    ASSERT_TRUE(hill.shows_some("1 ben.dale: delivered ")) << all();
    dale.type("*1 Yes, since noon");
    ASSERT_TRUE(hill.shows("2 ben.dale: Yes, since noon")) << all();
    ASSERT_TRUE(says(hill.box(), "neighbours", "1 of 500 messages today")) << all();

    // Who looks on sees what went over the air, and not what it says.
    const std::string live = ask(socket, "GET", "/live?packets=1", "\"text\":\"report ");
    EXPECT_NE(live.find("\"text\":\"hello of link "), std::string::npos) << live;
    EXPECT_NE(live.find("\"direction\":\"out\""), std::string::npos) << live;
    EXPECT_NE(live.find("\"transport\":\"trunk.dale\""), std::string::npos) << live;
    EXPECT_EQ(live.find("ford"), std::string::npos) << live;

    // Who is not there: ana hears of it.
    hill.type("@nobody.dale Hello");
    ASSERT_TRUE(hill.shows_some("3 FAIL")) << all();

    // Killed when the attempt is on record and no frame has left; and between taking and telling.
    hill.box().stop();
    hill.box().start("attempt-begun");
    hill.type("@ben.dale After the first kill");
    ASSERT_TRUE(eventually([&] { return hill.box().died(); })) << all();
    hill.box().start();
    ASSERT_TRUE(shows_late(dale, "ana.hill: After the first kill")) << all();
    dale.box().stop();
    dale.box().start("committed:3");
    hill.type("@ben.dale After the second kill");
    ASSERT_TRUE(eventually([&] { return dale.box().died(); })) << all();
    dale.box().start();
    ASSERT_TRUE(shows_late(dale, "ana.hill: After the second kill")) << all();
    std::size_t shown = 0;
    for (std::size_t at = dale.screen().find("second kill"); at != std::string::npos;
         at = dale.screen().find("second kill", at + 1))
        ++shown;
    EXPECT_EQ(shown, 1u) << all();
    EXPECT_LT(modems.seconds_on_air(), 30) << all();
}

// hill has one modem for both neighbours.
TEST(Trunk, OneModemSpeaksToTwoVillagesAndALetterToBothGoesOnce) {
    const Folder folder;
    const std::string dale_code = code_file(folder, "dale"), moor_code = code_file(folder, "moor");
    ModemWorld modems(0.05, 3);
    OneVillage hill("hill", "ana",
                    link_to("dale", modems.port(0), dale_code, false) +
                        link_to("moor", modems.port(0), moor_code, false));
    OneVillage dale("dale", "ben", link_to("hill", modems.port(1), dale_code, true));
    OneVillage moor("moor", "cat", link_to("hill", modems.port(2), moor_code, true));
    const auto all = [&] {
        return seen(hill, dale) + "moor:\n" + moor.screen() + moor.box().log() +
               hill.box().waypost("status") + dale.box().waypost("status") +
               moor.box().waypost("status");
    };
    const auto met = [&] {
        return says(hill.box(), "status", "trunk.dale: works") &&
               says(hill.box(), "status", "trunk.moor: works") &&
               says(dale.box(), "status", "trunk.hill: works") &&
               says(moor.box(), "status", "trunk.hill: works");
    };
    ASSERT_TRUE(met() || met()) << all();
    EXPECT_TRUE(says(hill.box(), "status", "airtime: counted at trunk.dale")) << all();

    hill.type("@ben.dale Is the ford open?");
    hill.type("@cat.moor Is there snow?");
    ASSERT_TRUE(dale.shows_some("ana.hill: Is the ford open?")) << all();
    ASSERT_TRUE(moor.shows_some("ana.hill: Is there snow?")) << all();
    moor.type("*1 Up to the knee");
    ASSERT_TRUE(hill.shows_some("cat.moor: Up to the knee")) << all();

    std::string text = "Notice of the water board. ";
    const auto random = seeded_random(5);  // little of it can be guessed
    for (int i = 0; i < 150; ++i) text += random->hex(4) + (i % 10 == 9 ? ".\\n" : " ");
    // A neighbour that is not heard in that moment gets its copy alone: then the next goes once.
    bool once = false;
    for (int notice = 1; notice <= 3 && !once; ++notice) {
        const std::string number = "No. " + std::to_string(notice);
        shell("printf '" + number + ". " + text + "' | " + hill.box().command() +
              " send --from ana --to ben@dale.example cat@moor.example");
        ASSERT_TRUE(dale.shows_some("ana.hill: " + number)) << all();
        ASSERT_TRUE(moor.shows_some("ana.hill: " + number)) << all();
        once = says(hill.box(), "status", "casts: 1");
    }
    EXPECT_TRUE(once) << all();
    EXPECT_LT(modems.seconds_on_air(), 60) << all();
}

TEST(Trunk, WhereNothingMayBeSentTheBoxSaysWhyAndDoesNotStart) {
    const Folder folder;
    const std::string code = code_file(folder);
    ModemWorld modems(0);
    std::string toml = link_to("dale", modems.port(0), code, false);
    toml.replace(toml.find("869525000"), 9, "868650000");  // alarms only
    std::string why;
    try {
        const BoxProcess box(folder, toml, "hill.example");
    } catch (const std::exception& e) {
        why = e.what();
    }
    EXPECT_NE(why.find("868.650 MHz with 250.0 kHz is not allowed in EU868"), std::string::npos)
        << why;
    EXPECT_EQ(modems.seconds_on_air(), 0);
}

}  // namespace
}  // namespace waypost::interop
