// SPDX-License-Identifier: Apache-2.0
// An operator's key on his machine, and the numbers of what he signs.
#include "gateway/care/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace waypost::care {
namespace {

class CareKeyFile : public ::testing::Test {
  protected:
    CareKeyFile() { std::filesystem::create_directory(folder_); }
    ~CareKeyFile() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Result<Signed> sign(const Secret& passphrase, std::int64_t now_ms = 1'000'000) const {
        return sign_with_file(path_, passphrase, "hill.example", "status", 5, wall_from_ms(now_ms));
    }
    const std::unique_ptr<Random> random_ = system_random();
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / ("waypost-care-" + random_->hex(8));
    const std::string path_ = folder_ / "carl.key";
};

TEST_F(CareKeyFile, SignsWithNumbersThatOnlyGrow) {
    const auto key = make_key_file(path_, Secret(), *random_);
    ASSERT_TRUE(key.ok()) << key.error().text;
    struct stat info {};
    ASSERT_EQ(::stat(path_.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    const auto first = sign(Secret());
    ASSERT_TRUE(first.ok()) << first.error().text;
    EXPECT_EQ(first->number, 1'000'000u);
    EXPECT_TRUE(is_signed_by(*parse_packet(first->packet), *key));
    EXPECT_EQ(sign(Secret())->number, 1'000'001u) << "the clock stands still";
    EXPECT_EQ(sign(Secret(), 5)->number, 1'000'002u) << "the clock went back";
    EXPECT_EQ(sign(Secret(), 2'000'000)->number, 2'000'000u);
}

TEST_F(CareKeyFile, IsSealedByAPassphrase) {
    const auto key = make_key_file(path_, Secret("open sesame"), *random_);
    ASSERT_TRUE(key.ok()) << key.error().text;
    EXPECT_EQ(sign(Secret()).error().code, Code::Refused);
    EXPECT_NE(sign(Secret("open sesam")).error().text.find("passphrase is wrong"),
              std::string::npos);
    const auto packet = sign(Secret("open sesame"));
    ASSERT_TRUE(packet.ok()) << packet.error().text;
    EXPECT_TRUE(is_signed_by(*parse_packet(packet->packet), *key));
}

TEST_F(CareKeyFile, TakesTheWayOfNoOtherFile) {
    ASSERT_TRUE(make_key_file(path_, Secret(), *random_).ok());
    EXPECT_EQ(make_key_file(path_, Secret(), *random_).error().code, Code::Conflict);
}

TEST_F(CareKeyFile, RefusesAFileThatIsNoneOrThatOthersRead) {
    EXPECT_FALSE(sign(Secret()).ok()) << "it is not there";
    ASSERT_TRUE(make_key_file(path_, Secret(), *random_).ok());
    ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
    EXPECT_FALSE(sign(Secret()).ok());
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    for (const char* text : {"", "seed AAAA\n", "Waypost care key, secret: keep it to yourself\n",
                             "Waypost care key, secret: keep it to yourself\nseed AAAA\n",
                             "Waypost care key, secret: keep it to yourself\nsealed AAAA\n",
                             "Waypost care key, secret: keep it to yourself\nx\n"}) {
        std::ofstream(path_, std::ios::trunc) << text;
        EXPECT_FALSE(sign(Secret()).ok()) << text;
    }
}

}  // namespace
}  // namespace waypost::care
