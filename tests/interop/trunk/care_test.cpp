// SPDX-License-Identifier: Apache-2.0
// Over a radio link and nothing else: an operator's signed command and its answer; and a neighbour
// whose box is stolen, until it is paired anew.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "link_toml.h"
#include "modem_world.h"
#include "two_villages.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;

TEST(TrunkCare, ACommandGoesByRadioAndAStolenBoxIsNotHeardUntilItIsPairedAnew) {
    const Folder folder;
    const std::string tool = std::string(WAYPOST_BIN) + "/waypost ";
    const std::string key = folder / "carl.key", packet = folder / "packet";
    const std::string said = shell(tool + "--json care keygen " + key);
    const std::string public_key = said.substr(said.find("\"key\":\"") + 7, 44);
    const std::string code = code_file(folder);
    ModemWorld modems(0.05);
    OneVillage hill("hill", "ana",
                    link_to("dale", modems.port(0), code, false) + "[care.carl]\nkey = \"" +
                        public_key + "\"\nmay = [\"status\", \"stolen\"]\n");
    OneVillage dale("dale", "ben", link_to("hill", modems.port(1), code, true));
    const auto all = [&] {
        return seen(hill, dale) + hill.box().waypost("status") + dale.box().waypost("status");
    };
    const auto met = [&] {
        return says(hill.box(), "status", "trunk.dale: works") &&
               says(dale.box(), "status", "trunk.hill: works");
    };
    ASSERT_TRUE(met() || met()) << all();

    shell(tool + "care sign --key " + key + " --box hill.example --command status --out " + packet);
    EXPECT_THAT(dale.box().waypost("care send --from ben --box hill.example " + packet),
                HasSubstr("accepted"));
    ASSERT_TRUE(dale.shows_some("ways up")) << all();
    EXPECT_THAT(hill.box().waypost("care list"), HasSubstr("carl by mail ben@dale.example"));

    EXPECT_THAT(hill.box().waypost("neighbours stolen dale"), HasSubstr("are revoked"));
    // It opens anew just then.
    const std::string status = hill.box().command() + " status 2>&1 || true";
    ASSERT_TRUE(eventually([&] {
        return shell(status).find("was stolen: pair it anew") != std::string::npos;
    })) << all();
    dale.type("@ana.hill I am Ben");
    hill.type("@ben.dale Are you there?");
    ASSERT_TRUE(hill.shows_some(" kept")) << all();
    ASSERT_TRUE(says(hill.box(), "queue list held", "stolen")) << all();
    EXPECT_EQ(hill.screen().find("I am Ben"), std::string::npos) << hill.screen();

    // A code of their own again. What dale's thief wrote is with dale still, and it is Ben's box.
    hill.box().stop();
    dale.box().stop();
    std::filesystem::remove(code);
    ASSERT_EQ(code_file(folder), code);
    dale.box().start();
    hill.box().start();
    EXPECT_EQ(hill.screen().find("I am Ben"), std::string::npos) << hill.screen();
    EXPECT_THAT(hill.box().waypost("neighbours paired dale"), HasSubstr("1 go on"));
    ASSERT_TRUE(met() || met()) << all();
    ASSERT_TRUE(dale.shows_some("Are you there?")) << all();
    dale.type("@ana.hill I am back");
    ASSERT_TRUE(hill.shows_some("I am back")) << all();
}

}  // namespace
}  // namespace waypost::interop
