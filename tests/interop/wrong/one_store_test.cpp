// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

TEST(OneStore, ASecondGatewayOnItIsRefusedInASentence) {
    Folder folder;
    BoxProcess box(folder, "");
    const std::string said =
        shell(WAYPOST_BIN "/waypostd --config " + folder / "waypost.toml" + "; echo exit $?");
    EXPECT_NE(said.find("another gateway runs on this store"), std::string::npos) << said;
    EXPECT_NE(said.find("stop it first"), std::string::npos) << said;
    EXPECT_NE(said.find("exit 1"), std::string::npos) << said;
    EXPECT_TRUE(box.up()) << "the first one goes on";
    EXPECT_EQ(box.waypost("people add ana").find("error"), std::string::npos);

    box.kill9();
    box.start();
    EXPECT_TRUE(box.up()) << "a kill leaves no lock behind";
}

TEST(ConfigCheck, SaysWhatOnlyTheTransportKnows) {
    const Folder folder;
    const auto check = [&](const std::string& email) {
        std::ofstream(folder / "waypost.toml")
            << "[box]\ndomain = \"hill.example\"\n[email.relay]\n" + email;
        return shell(WAYPOST_BIN "/waypost --config " + folder / "waypost.toml" +
                     " config check || true");
    };
    EXPECT_EQ(check("trusted = [\"127.0.0.1/32\"]\n"), "The configuration is right.\n");
    const std::string network = check("trusted = [\"127.0.0.1/99\"]\n");
    EXPECT_NE(network.find("[email.relay] trusted: 127.0.0.1/99"), std::string::npos) << network;
    const std::string password = check("user = \"hill\"\npassword_file = \"none\"\n");
    EXPECT_NE(password.find("none"), std::string::npos) << password;
    EXPECT_EQ(password.find("right"), std::string::npos) << password;
}

}  // namespace
}  // namespace waypost::interop
