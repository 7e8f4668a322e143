// SPDX-License-Identifier: Apache-2.0
#include "gateway/encryption/data_encryption.h"

#include <gtest/gtest.h>

#include "tests/unit/gateway/encryption/told_folder.h"

namespace waypost {
namespace {

constexpr char kPassphrase[] = "five words of the village";

class DataEncryptionTest : public ::testing::Test {
  protected:
    Result<std::string> encrypt(const std::string& passphrase, bool stick = false) {
        return encryption_.encrypt(passphrase, stick, *random_);
    }
    Code refused(const std::string& passphrase) {
        const auto key = encrypt(passphrase);
        EXPECT_FALSE(key.ok()) << passphrase;
        EXPECT_EQ(told_.wished(), "");
        return key.ok() ? Code::Internal : key.error().code;
    }

    ToldFolder told_;
    DataEncryption encryption_{told_.folder(), told_.wish()};
    std::unique_ptr<Random> random_ = seeded_random(7);
};

TEST_F(DataEncryptionTest, ABoxWithoutAnImagesSideHasNone) {
    EXPECT_FALSE(encryption_.facts());
    EXPECT_EQ(refused(kPassphrase), Code::NotFound);
}

TEST_F(DataEncryptionTest, WhatTheImagesSideSays) {
    told_.says("encrypting 37");
    EXPECT_EQ(encryption_.facts()->state, "encrypting");
    EXPECT_EQ(encryption_.facts()->percent, 37);
    told_.says("encrypting 9999");
    EXPECT_EQ(encryption_.facts()->percent, 100);
    told_.says("encrypting x");
    EXPECT_EQ(encryption_.facts()->percent, 0);
    told_.says("failed no-stick");
    EXPECT_EQ(encryption_.facts()->why, "no-stick");
    told_.says("");
    EXPECT_EQ(encryption_.facts()->state, "");
}

TEST_F(DataEncryptionTest, TheWishHasPassphraseAndKeyForTheImagesSideOnly) {
    told_.says("clear");
    const auto key = encrypt(kPassphrase, true);
    ASSERT_TRUE(key.ok()) << key.error().text;
    EXPECT_EQ(key->size(), 8 * 4 + 7u);
    std::string together = *key;
    std::erase(together, '-');
    EXPECT_EQ(together.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
    EXPECT_EQ(told_.wished(), std::string(kPassphrase) + '\n' + together + "\nstick\n");
    EXPECT_EQ(std::filesystem::status(told_.wish()).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(DataEncryptionTest, NoTwoKeysAreAlike) {
    told_.says("failed busy");
    const auto first = encrypt(kPassphrase);
    std::filesystem::remove(told_.wish());
    const auto second = encrypt(kPassphrase);
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_NE(*first, *second);
}

TEST_F(DataEncryptionTest, PassphrasesThatAreRefused) {
    told_.says("clear");
    EXPECT_EQ(refused(""), Code::BadInput);
    EXPECT_EQ(refused("eleven lett"), Code::BadInput);
    EXPECT_EQ(refused("two lines\nof a passphrase"), Code::BadInput);
    EXPECT_EQ(refused("p\xc3\xa4ssphrase of letters"), Code::BadInput);
    EXPECT_EQ(refused(" begins with a space"), Code::BadInput);
    EXPECT_EQ(refused("ends with a space "), Code::BadInput);
    EXPECT_EQ(refused(std::string(201, 'x')), Code::TooLarge);
    EXPECT_TRUE(encrypt(std::string(200, 'x')).ok());
}

TEST_F(DataEncryptionTest, OnceIsEnough) {
    for (const char* state : {"preparing", "encrypting 3", "encrypted", "locked"}) {
        told_.says(state);
        EXPECT_EQ(refused(kPassphrase), Code::Conflict) << state;
    }
    told_.says("clear");
    ASSERT_TRUE(encrypt(kPassphrase).ok());
    EXPECT_EQ(encrypt(kPassphrase).error().code, Code::Busy);
}

}  // namespace
}  // namespace waypost
