// SPDX-License-Identifier: Apache-2.0
// An amateur station has a radio of its own, by whatever name its port is called.
#include "app/radio_service.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "app/transports.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

using ::testing::HasSubstr;

struct RadioService : ::testing::Test {
    RadioService() : folder(::testing::TempDir() + "radio-service") {
        fs::remove_all(folder);
        fs::create_directories(folder);
        std::ofstream(folder / "tty") << "";
        fs::create_symlink(folder / "tty", folder / "by-id");
    }
    ~RadioService() override { fs::remove_all(folder); }

    static std::string trunk(const std::string& name, const std::string& port, bool amateur) {
        return "[trunk." + name + "]\nneighbour = \"" + name + ".example\"\nport = \"" + port +
               "\"\nmodem = \"rn2483\"\ncode_file = \"code\"\nfrequency = 433775000\nregion = \"" +
               (amateur ? "R1\"\nservice = \"amateur\"\ncall_sign = \"DB0ABC\"\n" : "EU433\"\n");
    }
    std::string port(const char* name) const { return "serial:" + (folder / name).string(); }
    std::string why_not(const std::string& sections) const {
        const fs::path file = folder / "waypost.toml";
        std::ofstream(file) << "[box]\ndomain = \"hill.example\"\n" << sections;
        const auto loaded = load_config(file.string(), all_sections());
        EXPECT_TRUE(loaded.ok()) << loaded.error().text;
        for (const auto& problem : loaded->problems) ADD_FAILURE() << problem.text;
        try {
            check_radio_services(loaded->config);
        } catch (const std::exception& e) {
            return e.what();
        }
        return {};
    }
    const fs::path folder;
};

TEST_F(RadioService, OnePortIsOfOneService) {
    EXPECT_EQ(why_not(trunk("dale", port("tty"), true) + trunk("moor", port("other"), false)), "");
    EXPECT_EQ(why_not(trunk("dale", port("tty"), true) + trunk("moor", port("tty"), true)), "");
    EXPECT_EQ(
        why_not(trunk("dale", "tcp:127.0.0.1:1", true) + trunk("moor", "tcp:127.0.0.1:1", false)),
        "[trunk.dale] and [trunk.moor] name the same port, tcp:127.0.0.1:1: an amateur station "
        "has a radio of its own");
}

TEST_F(RadioService, AnotherNameOfTheDeviceIsTheSame) {
    EXPECT_THAT(why_not(trunk("dale", port("by-id"), true) +
                        trunk("moor", port("tty") + "?baud=57600", false)),
                HasSubstr("name the same port"));
    EXPECT_THAT(why_not("[meshtastic.roof]\nport = \"" + port("tty") + "\"\n" +
                        trunk("dale", port("by-id"), true)),
                HasSubstr("[meshtastic.roof] and [trunk.dale] name the same port"));
    EXPECT_THAT(why_not("[reticulum.roof]\nport = \"rnode:" + (folder / "tty").string() + "\"\n" +
                        trunk("dale", port("by-id"), true)),
                HasSubstr("[reticulum.roof] and [trunk.dale] name the same port"));
}

}  // namespace
}  // namespace waypost
