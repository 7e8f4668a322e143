// SPDX-License-Identifier: Apache-2.0
// What the client said, as the operator reads it; and what it is told. Against a real authority:
// tests/interop/console_tls/acme_test.cpp.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "web/tls/acme_client.h"

namespace waypost::tls {
namespace {

namespace fs = std::filesystem;

NotIssued said(const std::string& output, int status = 1) {
    return why_not({status, output, false}, std::chrono::seconds(300));
}

TEST(AcmeOutput, NoConnectionIsNoRefusal) {
    const auto no = said(
        "# INFO: Using main config file c\n"
        "ERROR: Problem connecting to server (get for https://127.0.0.1:1/dir; curl returned with "
        "7)\nEXPECTED value GOT EOF\n");
    EXPECT_FALSE(no.reached);
    EXPECT_EQ(no.why,
              "the authority cannot be reached: Problem connecting to server (get for "
              "https://127.0.0.1:1/dir; curl returned with 7)");
}

TEST(AcmeOutput, TheAuthoritysOwnWordsAreToldWithoutItsMarks) {
    const auto flat = said(
        " + Responding to challenge for village.test authorization...\n"
        "ERROR: Challenge is invalid! (returned: invalid) (result: [\"type\"]\t\"http-01\"\n"
        "[\"error\",\"detail\"]\t\"Get \\\"http://village.test/x\\\": connection refused\"\n"
        "[\"error\"]\t{\"type\":\"urn:ietf:params:acme:error:connection\"})\n");
    EXPECT_TRUE(flat.reached);
    EXPECT_EQ(
        flat.why,
        "the authority gave no certificate: Get \"http://village.test/x\": connection refused");
    const auto json = said(
        "  + ERROR: An error occurred while sending post-request (Status 429)\n\nDetails:\n"
        "{\n  \"type\": \"urn:ietf:params:acme:error:rateLimited\",\n"
        "  \"detail\": \"too many certificates (5)\x1b[2J already issued\",\n  \"status\": "
        "429\n}\n");
    EXPECT_EQ(json.why,
              "the authority gave no certificate: too many certificates (5)[2J already issued");
}

TEST(AcmeOutput, WhateverItSaysIsOneShortLine) {
    EXPECT_EQ(said("").why, "the authority gave no certificate: the client ended with status 1");
    EXPECT_LT(said("ERROR: " + std::string(100'000, 'x')).why.size(), 400u);
    EXPECT_LT(said("\"detail\": \"" + std::string(100'000, 'x')).why.size(), 400u);
    for (const char* odd : {"\"detail\"", "\"detail\": \"", "\"detail\": \"\\", "ERROR: \xff\xfe"})
        EXPECT_EQ(said(odd).why.find('\n'), std::string::npos) << odd;
    EXPECT_EQ(why_not({-1, "", true}, std::chrono::seconds(300)).why,
              "the authority did not finish within 300 s");
}

TEST(AcmeOutput, CertificatesAreTakenOutOfWhatElseIsSaid) {
    const std::string one = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    EXPECT_EQ(chain_in(" + Done\n# CERT #\n" + one + "\n" + one + "more"), one + one);
    EXPECT_EQ(chain_in("-----BEGIN CERTIFICATE-----\nAA=="), "");
    EXPECT_EQ(chain_in(""), "");
}

TEST(AcmeOutput, AShellReadsEachSettingAsOneWord) {
    EXPECT_EQ(quoted("a b"), "'a b'");
    EXPECT_EQ(quoted("it's; $(rm x) `y`"), "'it'\\''s; $(rm x) `y`'");
}

class AcmeChallenge : public ::testing::Test {
  protected:
    AcmeChallenge() { fs::create_directories(folder_ + "/challenges"); }
    ~AcmeChallenge() override { fs::remove_all(folder_); }
    const std::string folder_ = testing::TempDir() + "acme-" + std::to_string(::getpid());
    const AcmeClient client_{[this] {
        AcmeOptions options;
        options.folder = folder_;
        options.program = "/nonexistent/dehydrated";
        return options;
    }()};
};

TEST_F(AcmeChallenge, OnlyTokensAreAnswered) {
    std::ofstream(folder_ + "/challenges/tok_en-1") << "tok_en-1.print";
    std::ofstream(folder_ + "/secret") << "secret";
    std::ofstream(folder_ + "/challenges/long") << std::string(10'000, 'x');
    EXPECT_EQ(client_.challenge("tok_en-1"), "tok_en-1.print");
    EXPECT_EQ(client_.challenge("long")->size(), 512u);
    for (const char* other : {"", "none", "../secret", "..", "tok_en-1?x", "%2e%2e", "tok en"})
        EXPECT_FALSE(client_.challenge(other)) << other;
    EXPECT_FALSE(client_.challenge(std::string(200, 'a')));
}

TEST_F(AcmeChallenge, AProgramThatIsNotThereIsSaidWithItsPackage) {
    const auto answer = client_.ask({"village.test"}, -1);
    const auto* no = std::get_if<NotIssued>(&answer);
    ASSERT_NE(no, nullptr);
    EXPECT_FALSE(no->reached);
    EXPECT_NE(no->why.find("is the package dehydrated installed?"), std::string::npos) << no->why;
}

}  // namespace
}  // namespace waypost::tls
