// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bad_relay.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

// The peer says a line of rubbish and then nothing, but keeps the line open.
TEST(SilentDevice, IsNoticedSaidAndItsLineOpenedAgain) {
    BadRelay device;
    Folder folder;
    BoxProcess box(folder, "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" +
                               std::to_string(device.port()) + "\"\n");
    EXPECT_TRUE(eventually([&] {
        return box.waypost("status").find(
                   "meshtastic.roof: DOWN (waiting for the device to tell about itself)") !=
               std::string::npos;
    })) << box.waypost("status");
    EXPECT_TRUE(eventually([&] { return device.connections() >= 2; }, std::chrono::seconds(60)));
    EXPECT_NE(box.log().find("meshtastic silent id=meshtastic.roof"), std::string::npos)
        << box.log();
}

}  // namespace
}  // namespace waypost::interop
