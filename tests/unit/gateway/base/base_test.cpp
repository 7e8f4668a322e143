// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "gateway/base/clock.h"
#include "gateway/base/durable_file.h"
#include "gateway/base/log.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/base/secret.h"
#include "gateway/message/address.h"

namespace waypost {
namespace {

TEST(Result, GivesItsValueOrThrowsForTheCallersBug) {
    const Result<int> good = 7;
    const Result<int> bad = bad_input("no");
    EXPECT_EQ(*good, 7);
    EXPECT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code, Code::BadInput);
    EXPECT_THROW((void)bad.value(), std::logic_error);
}

TEST(Random, IsRepeatableWithASeedAndStaysBelowItsBound) {
    const auto a = seeded_random(3);
    const auto b = seeded_random(3);
    for (int i = 0; i < 1000; ++i) {
        const auto x = a->below(7);
        EXPECT_EQ(x, b->below(7));
        EXPECT_LT(x, 7u);
    }
    EXPECT_EQ(system_random()->hex(8).size(), 16u);
    EXPECT_NE(system_random()->hex(8), system_random()->hex(8));
}

TEST(SystemClock, BoxTimeGoesOnFromWhereTheStoreRememberedIt) {
    const SystemClock clock(box_from_ms(5000));
    EXPECT_GE(to_ms(clock.box()), 5000);
    EXPECT_LE(clock.box(), clock.box());
}

TEST(Log, ShortensAddresses) {
    EXPECT_EQ(shorten("ana@hill.example"), "an\u2026@hill.example");
    EXPECT_EQ(shorten("a@b"), "a@b");
}

TEST(SecretFile, IsReadOnlyIfNobodyElseCanReadIt) {
    const auto path = std::filesystem::temp_directory_path() / "waypost-secret-test";
    std::ofstream(path) << "hush\n";
    ::chmod(path.c_str(), 0644);
    EXPECT_EQ(read_secret_file(path).error().code, Code::Refused);
    ::chmod(path.c_str(), 0600);
    auto secret = read_secret_file(path);
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(secret->reveal(), "hush");
    std::filesystem::remove(path);
    EXPECT_EQ(read_secret_file(path).error().code, Code::NotFound);
}

TEST(SecretFile, IsWrittenForItsOwnerAlone) {
    const std::string folder =
        (std::filesystem::temp_directory_path() / "waypost-secret-folder").string();
    const std::string path = folder + "/deep/key";
    ASSERT_TRUE(write_secret_file(path, "hush").ok());
    ASSERT_TRUE(write_secret_file(path, "hush now").ok()) << "in the place of the other";
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    const auto secret = read_secret_file(path);
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(secret->reveal(), "hush now");
    EXPECT_FALSE(write_secret_file(path + "/below", "hush").ok()) << "that is no folder";
    std::filesystem::remove_all(folder);
}

struct AddressCase {
    const char* typed;
    const char* uri;  // nullptr: refused
};

class AddressTable : public ::testing::TestWithParam<AddressCase> {};

TEST_P(AddressTable, Parses) {
    const auto got = parse_address(GetParam().typed);
    if (GetParam().uri == nullptr) {
        EXPECT_FALSE(got.ok()) << GetParam().typed << " gave " << got->uri();
    } else {
        ASSERT_TRUE(got.ok()) << GetParam().typed << ": " << got.error().text;
        EXPECT_EQ(got->uri(), GetParam().uri);
    }
}

const std::string kLongLocal = std::string(193, 'a') + "@b.example";

INSTANTIATE_TEST_SUITE_P(
    Addresses, AddressTable,
    ::testing::Values(AddressCase{"bob@example.org", "mailto:bob@example.org"},
                      AddressCase{"Bob@EXAMPLE.org", "mailto:Bob@example.org"},
                      AddressCase{"mailto:bob@example.org", "mailto:bob@example.org"},
                      AddressCase{"XMPP:bob@x.org", "xmpp:bob@x.org"},
                      AddressCase{"acct:bob@social.example", "acct:bob@social.example"},
                      AddressCase{"meshtastic:!A1B2C3D4", "meshtastic:!a1b2c3d4"},
                      AddressCase{"person:Ana", "person:ana"},
                      AddressCase{"j\xc3\xb6rg@m\xc3\xbcnchen.example",
                                  "mailto:j\xc3\xb6rg@m\xc3\xbcnchen.example"},
                      AddressCase{"bob", nullptr}, AddressCase{"", nullptr},
                      AddressCase{"@x.org", nullptr}, AddressCase{"bob@", nullptr},
                      AddressCase{"bob@x..org", nullptr}, AddressCase{"bob@.org", nullptr},
                      AddressCase{"bob@x.org.", nullptr}, AddressCase{"a@b@c.org", nullptr},
                      AddressCase{"bob@x org", nullptr}, AddressCase{"bob@x.org\r\nRCPT", nullptr},
                      AddressCase{"<bob@x.org>", nullptr},
                      AddressCase{kLongLocal.c_str(), nullptr}));

TEST(Address, PartsAreWhereTheyBelong) {
    const Address a = mailto("ana", "Hill.Example");
    EXPECT_EQ(a.domain(), "hill.example");
    EXPECT_EQ(a.local_part(), "ana");
    EXPECT_EQ(person("ana").local_part(), "ana");
    EXPECT_TRUE(person("ana").domain().empty());
}

}  // namespace
}  // namespace waypost
