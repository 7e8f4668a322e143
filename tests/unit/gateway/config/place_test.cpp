// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/config/config.h"

namespace waypost {
namespace {

class PlaceSetting : public ::testing::Test {
  protected:
    ~PlaceSetting() override { std::filesystem::remove(file_); }
    LoadedConfig load(const std::string& place) {
        std::ofstream(file_) << "[box]\ndomain = \"hill.example\"\nplace = \"" << place << "\"\n";
        auto loaded = load_config(file_, core_sections());
        EXPECT_TRUE(loaded.ok());
        return std::move(*loaded);
    }
    const std::string file_ = testing::TempDir() + "place-" + std::to_string(::getpid()) + ".toml";
};

TEST_F(PlaceSetting, IsKeptAsItIsWritten) {
    const LoadedConfig loaded = load("47.1234, 11.5678");
    EXPECT_TRUE(loaded.problems.empty());
    EXPECT_EQ(loaded.config.section("box").text("place"), "47.1234, 11.5678");
    EXPECT_TRUE(load("").problems.empty());
}

TEST_F(PlaceSetting, OneThatIsNoneIsSaidWithItsLine) {
    const LoadedConfig loaded = load("147.1234, 11.5678");
    ASSERT_EQ(loaded.problems.size(), 1u);
    EXPECT_NE(loaded.problems[0].place.find(".toml:3"), std::string::npos)
        << loaded.problems[0].place;
    EXPECT_EQ(loaded.problems[0].text,
              "place: \"147.1234, 11.5678\" is no place: latitude, the first, is -90 to 90");
}

}  // namespace
}  // namespace waypost
