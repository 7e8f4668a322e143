// SPDX-License-Identifier: Apache-2.0
// talk FILE...: plays each as one test.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "player.h"

namespace waypost::talk {
namespace {

class Talk final : public ::testing::Test {
  public:
    explicit Talk(std::string file) : file_(std::move(file)) {}
    void TestBody() override {
        Player player(file_, WAYPOST_BIN);
        const std::string problem = player.play();
        EXPECT_TRUE(problem.empty()) << problem;
    }

  private:
    std::string file_;
};

}  // namespace
}  // namespace waypost::talk

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    for (int i = 1; i < argc; ++i) {
        const std::string file = argv[i];
        const std::string name = std::filesystem::path(file).stem().string();
        ::testing::RegisterTest(
            "Talk", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
            [file]() -> ::testing::Test* { return new waypost::talk::Talk(file); });
    }
    return RUN_ALL_TESTS();
}
