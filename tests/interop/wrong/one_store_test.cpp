// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace waypost::interop
