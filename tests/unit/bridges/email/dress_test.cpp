// SPDX-License-Identifier: Apache-2.0
// What a mail gets on. That its signature is right is for others to say: tests/interop/mail.
#include "bridges/email/dress.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace waypost::email {
namespace {

std::string pem_of(EVP_PKEY* key) {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    std::string text(bytes, static_cast<std::size_t>(size));
    BIO_free(bio);
    EVP_PKEY_free(key);
    return text;
}

std::string rsa(unsigned bits) { return pem_of(EVP_RSA_gen(bits)); }
std::string ed25519() { return pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

constexpr char kMail[] = "From: Ana <ana@village.test>\r\nSubject: ford\r\n\r\nhello\r\n";

std::unique_ptr<const DkimSigner> signer(const std::string& key = rsa(2048)) {
    return std::make_unique<DkimSigner>("village.test", "v1", Secret(key));
}
std::shared_ptr<const Srs> srs() { return std::make_shared<Srs>(Secret("secret"), "village.test"); }

MailToSend mail(const std::string& from = "ana@village.test") {
    return {from, "bob@hill.test", kMail};
}

TEST(DressTest, SignsWhatComesFromOurDomain) {
    const Dress dress(signer(), nullptr, "village.test");
    MailToSend one = mail();
    ASSERT_TRUE(dress.sign(one).ok());
    EXPECT_EQ(
        one.bytes.rfind("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=village.test", 0),
        0u)
        << one.bytes;
    EXPECT_NE(one.bytes.find("h=From:Subject:From:To:Subject;"), std::string::npos)
        << "a second From cannot be added: " << one.bytes;
    EXPECT_EQ(one.bytes.substr(one.bytes.size() - sizeof kMail + 1), kMail);
    for (std::size_t at = one.bytes.find('\n'); at != std::string::npos;
         at = one.bytes.find('\n', at + 1))
        EXPECT_EQ(one.bytes[at - 1], '\r');
}

TEST(DressTest, AnEd25519KeySignsToo) {
    const Dress dress(signer(ed25519()), nullptr, "village.test");
    MailToSend one = mail();
    ASSERT_TRUE(dress.sign(one).ok());
    EXPECT_NE(one.bytes.find("a=ed25519-sha256"), std::string::npos) << one.bytes;
}

TEST(DressTest, SignsForNobodyElse) {
    const Dress dress(signer(), nullptr, "village.test");
    for (const std::string from :
         {"From: bob@hill.test\r\n", "From: ana@evilvillage.test\r\n", "From: ana@test\r\n",
          "From: ana@village.test\r\nFrom: bob@hill.test\r\n", "Subject: none\r\n",
          "From: ana@village.test, bob@hill.test\r\n",
          "From: \"ana@village.test\" <bob@x.test>\r\n"}) {
        MailToSend one{"", "c@d.test", from + "\r\nhello\r\n"};
        const std::string before = one.bytes;
        ASSERT_TRUE(dress.sign(one).ok());
        EXPECT_EQ(one.bytes, before);
    }
    MailToSend below{"", "c@d.test", "From: a@sub.village.test\r\n\r\nhello\r\n"};
    ASSERT_TRUE(dress.sign(below).ok());
    EXPECT_EQ(below.bytes.rfind("DKIM-Signature:", 0), 0u);
}

TEST(DressTest, AKeyThatIsNoneOrTooWeakIsSaidAtStart) {
    EXPECT_THROW(signer("nonsense"), std::runtime_error);
    EXPECT_THROW(signer(rsa(512)), std::runtime_error);
    EXPECT_THROW(signer(pem_of(EVP_EC_gen("P-256"))), std::runtime_error);
}

TEST(DressTest, AForwardedMailGoesUnderASenderOfOurs) {
    const auto rewriter = srs();
    const Dress dress(nullptr, rewriter, "village.test");
    const WallTime now = wall_from_ms(1'800'000'000'000);
    MailToSend one = mail("list-7@lists.test");
    dress.forward(one, now);
    const auto back = rewriter->reverse(*parse_address("mailto:" + one.envelope_from), now);
    ASSERT_TRUE(back.ok()) << one.envelope_from;
    EXPECT_EQ(back->value, "list-7@lists.test");
}

TEST(DressTest, OursAndTheNullSenderAreNotRewritten) {
    const WallTime now = wall_from_ms(1'800'000'000'000);
    const Dress dress(nullptr, srs(), "village.test");
    for (const char* sender : {"ana@village.test", "bounce+1-x@village.test", ""}) {
        MailToSend one = mail(sender);
        dress.forward(one, now);
        EXPECT_EQ(one.envelope_from, sender);
    }
    MailToSend other = mail("joe@else.test");
    Dress(nullptr, nullptr, "village.test").forward(other, now);
    EXPECT_EQ(other.envelope_from, "joe@else.test") << "not without a secret";
}

}  // namespace
}  // namespace waypost::email
