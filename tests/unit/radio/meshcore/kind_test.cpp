// SPDX-License-Identifier: Apache-2.0
// Settings of a MeshCore radio: what is refused, and in which words.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "radio/meshcore/meshcore_transport.h"

namespace waypost::meshcore {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string refusal(const Values& more, const std::vector<std::string>& rooms = {}) {
    const TransportKind kind = meshcore_kind();
    Values text;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    for (const Setting& setting : kind.section->settings) {
        if (setting.kind == Setting::Kind::List)
            lists[std::string(setting.key)] = rooms;
        else
            text[std::string(setting.key)] = setting.fallback;
    }
    text["port"] = "tcp:127.0.0.1:5000";
    text["region"] = "EU868";
    for (const auto& [key, value] : more) text[key] = value;
    try {
        const auto made =
            kind.make("meshcore.roof", SectionValues(kind.section, "roof", text, lists));
        EXPECT_EQ(made->id(), "meshcore.roof");
        EXPECT_EQ(made->scheme(), "meshcore");
        EXPECT_TRUE(made->limits().ordered);
        return {};
    } catch (const std::runtime_error& e) {
        return e.what();
    }
}

std::string password_file(const std::string& password) {
    char name[] = "/tmp/waypost-room-XXXXXX";
    const int fd = ::mkstemp(name);
    EXPECT_GE(fd, 0);
    ::close(fd);
    std::ofstream(name) << password << '\n';
    ::chmod(name, 0600);
    return name;
}

TEST(MeshcoreKind, ARadioNeedsALineThatItCanHave) {
    EXPECT_EQ(refusal({}), "");
    EXPECT_EQ(refusal({{"port", "serial:/dev/ttyACM0"}}), "");
    EXPECT_NE(refusal({{"port", "/dev/ttyACM0"}}).find("port is serial:/dev/NAME"),
              std::string::npos);
}

TEST(MeshcoreKind, ARoomIsAKeyAndAGroup) {
    EXPECT_EQ(refusal({}, {"a1b2c3d4e5f6=news", "A1B2C3D4E5F7=#club"}), "");
    EXPECT_EQ(refusal({}, {std::string(64, 'a') + "=news"}), "");
    for (const char* bad :
         {"news", "a1b2=news", "a1b2c3d4e5f6", "a1b2c3d4e5f6=", "=news", "a1b2c3d4e5fx=news"})
        EXPECT_NE(refusal({}, {bad}).find("is no room; write"), std::string::npos) << bad;
    EXPECT_NE(refusal({}, {std::string(66, 'a') + "=news"}), "");
}

TEST(MeshcoreKind, APasswordHasRoomInItsPacket) {
    const std::string good = password_file("hallo"), large = password_file("sixteen letters!");
    EXPECT_EQ(refusal({{"room_password_file", good}}), "");
    EXPECT_NE(refusal({{"room_password_file", large}}).find("at most 15 bytes"), std::string::npos);
    EXPECT_NE(refusal({{"room_password_file", "/nowhere/at/all"}}), "");
    ::unlink(good.c_str());
    ::unlink(large.c_str());
}

}  // namespace
}  // namespace waypost::meshcore
