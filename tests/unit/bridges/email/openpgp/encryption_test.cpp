// SPDX-License-Identifier: Apache-2.0
// Bob's program and the box, by way of the intake that every mail takes.
#include "bridges/email/openpgp/encryption.h"

#include <gtest/gtest.h>

#include "bridges/email/mail_intake.h"
#include "bridges/email/openpgp/autocrypt.h"
#include "bridges/email/openpgp/pgp_mime.h"
#include "tests/fakes/fake_office.h"

namespace waypost::email::openpgp {
namespace {

const Address kAna = mailto("ana", "hill.example");
const Address kBob = mailto("bob", "x.org");

const OwnKey& key_of(const std::string& name) {
    static std::map<std::string, OwnKey> keys;
    auto found = keys.find(name);
    if (found == keys.end())
        found = keys.emplace(name, std::move(make_key(name + "@x.org")).value()).first;
    return found->second;
}

std::string part(const std::string& link, const std::string& name) {
    const std::size_t from = link.find('&' + name + '=') + name.size() + 2;
    return link.substr(from, link.find('&', from) - from);
}

class EncryptionTest : public ::testing::Test {
  protected:
    // What Ana's key is, as a mail of hers says.
    Certificate anas_key() {
        const auto mail = encryption_->dress("From: a\r\n\r\n", kAna, mailto("z", "z.org"));
        const auto said = parse_autocrypt(split_mail(*mail).value("autocrypt"));
        return *read_certificate(said->key);
    }
    // Through the intake; its verdict.
    Verdict comes(const std::string& mail) {
        Verdict verdict;
        IntakeOptions options = as_;
        options.transport = "email";
        options.encryption = encryption_.get();
        MailIntake intake(office_, options,
                          [&](const std::vector<Verdict>& all) { verdict = all.front(); });
        EXPECT_TRUE(intake.body(mail));
        Envelope envelope{kBob, {kAna}};
        if (const auto at_once = intake.finish(envelope)) verdict = at_once->front();
        return verdict;
    }
    std::string head(const OwnKey* key, const std::string& more = {}) {
        return "From: <bob@x.org>\r\nTo: <ana@hill.example>\r\nMessage-ID: <" +
               std::to_string(++mails_) + "@x.org>\r\nDate: Fri, 15 Jan 2027 08:00:00 +0000\r\n" +
               (key ? autocrypt_field("Autocrypt", kBob, key->certificate) : "") + more;
    }
    std::string clear(const std::string& text, const OwnKey* key, const std::string& more = {}) {
        return head(key, more) + "Content-Type: text/plain\r\n\r\n" + text + "\r\n";
    }
    std::string sealed(const std::string& text, const OwnKey& key, const Certificate& to,
                       const std::string& more = {}) {
        const std::string plain = clear(text, &key, "Subject: Rope\r\n" + more);
        std::string mail = *sealed_mail(
            plain, "bb", [&](std::string_view inside) { return seal_message(inside, to, key); });
        mail.erase(mail.find("Autocrypt:"), mail.find("Subject:") - mail.find("Autocrypt:"));
        return mail;
    }
    const Message& last() { return office_.accepted.back(); }
    // What a mail of ours says inside, for who has the key; empty: it is not sealed to him.
    std::string inside(const std::string& mail, const OwnKey& key) {
        const auto message = encrypted_part(mail, 1 << 20);
        if (!message) return {};
        const auto opened = open_message(*message, key, {anas_key()});
        if (!opened.ok()) return {};
        EXPECT_EQ(opened->signer, anas_key().fingerprint);
        return opened->bytes;
    }
    std::string answer_of_ana() {
        return *encryption_->dress(
            "From: <ana@hill.example>\r\nTo: <bob@x.org>\r\nSubject: Re\r\n\r\nYes\r\n", kAna,
            kBob);
    }
    std::string invited() { return *encryption_->invite(kAna, "Ana"); }
    Verdict join(const std::string& link, const OwnKey& key) {
        return comes(
            sealed("x", key, anas_key(),
                   "Secure-Join: vc-request-with-auth\r\nSecure-Join-Auth: " + part(link, "s") +
                       "\r\nSecure-Join-Fingerprint: " + key.certificate.fingerprint + "\r\n"));
    }
    void restart() { encryption_ = std::make_unique<Encryption>(office_, "email"); }

    IntakeOptions as_;
    FakeOffice office_;
    std::unique_ptr<Encryption> encryption_ = std::make_unique<Encryption>(office_, "email");
    int mails_ = 0;
};

TEST_F(EncryptionTest, PlainMailIsInClear) {
    EXPECT_TRUE(comes(clear("hello", nullptr)).kept());
    EXPECT_EQ(last().privacy, Privacy::InClear);
    EXPECT_EQ(last().text, "hello");
    EXPECT_FALSE(last().verified_sender);
}

TEST_F(EncryptionTest, ASealedMailIsReadLikeAnyOtherAndLabelled) {
    EXPECT_TRUE(comes(sealed("bring it", key_of("bob"), anas_key())).kept());
    EXPECT_EQ(last().text, "bring it");
    EXPECT_EQ(last().subject, "Rope");
    EXPECT_EQ(last().privacy, Privacy::ToGateway);
    EXPECT_FALSE(last().verified_sender) << "anybody can make a key";
    EXPECT_NE(last().body.bytes.find("bring it"), std::string::npos);
    restart();
    EXPECT_TRUE(comes(sealed(std::string(300000, 'w'), key_of("bob"), anas_key())).kept());
    EXPECT_EQ(last().privacy, Privacy::ToGateway) << "a large one, after a restart";
    EXPECT_EQ(last().body.size, last().body.file.size()) << "kept opened, as a file";
}

TEST_F(EncryptionTest, WhoIsNamedInsideIsWhoIsVouchedForOutside) {
    as_.authserv_id = "mx";
    for (const char* from : {"carl@hill.example, <bob@x.org>", "Carl <carl@hill.example>",
                             "<bob@x.org>\r\nFrom: carl@hill.example"}) {
        std::string plain = clear("send me the rope", &key_of("bob"), "Subject: Rope\r\n");
        plain.replace(plain.find("<bob@x.org>"), 11, from);
        std::string mail = *sealed_mail(plain, "bb", [&](std::string_view inside) {
            return seal_message(inside, anas_key(), key_of("bob"));
        });
        mail = "Authentication-Results: mx; dmarc=pass\r\nFrom: <bob@x.org>\r\n" +
               mail.substr(mail.find("To: "));
        ASSERT_TRUE(comes(mail).kept()) << from;
        EXPECT_EQ(last().subject, "Rope") << "it was opened";
        EXPECT_EQ(last().from, kBob) << from;
        EXPECT_TRUE(last().verified_sender);
        EXPECT_EQ(last().body.bytes.find("carl@"), std::string::npos) << last().body.bytes;
    }
}

TEST_F(EncryptionTest, ALargeHeaderAndAsLargeABodyAsMayBeAreOpened) {
    const std::string mail = sealed("bring it", key_of("bob"), anas_key());
    const std::size_t header = mail.find("\r\n\r\n");
    constexpr std::size_t kHeaderInside = 8192;  // more than it has: the two are put together
    const std::string filler(MailLimits{}.header_bytes - kHeaderInside, 'x');
    const std::string padded =
        mail.substr(0, header) + "\r\nX-Pad: " + filler + mail.substr(header);
    ASSERT_TRUE(comes(padded).kept());
    EXPECT_EQ(last().text, "bring it");
    EXPECT_EQ(last().subject, "Rope");
    EXPECT_EQ(split_mail(last().body.file).value("x-pad"), filler);
    const std::string tail = "\r\n" + std::string(2 * OpenLimits{}.sealed_bytes, 'x');
    const std::size_t room = 2 * OpenLimits{}.sealed_bytes - mail.size();
    ASSERT_TRUE(comes(mail + tail.substr(0, room)).kept());
    EXPECT_EQ(last().text, "bring it");
    ASSERT_TRUE(comes(mail + tail.substr(0, room + 1)).kept());
    EXPECT_EQ(last().unreadable, Unreadable::Encrypted) << "one byte more";
}

TEST_F(EncryptionTest, WhatNoKeyOfOursOpensSaysSo) {
    EXPECT_TRUE(comes(sealed("x", key_of("bob"), key_of("carl").certificate)).kept());
    EXPECT_EQ(last().text, "[encrypted, cannot be read here]");
    EXPECT_TRUE(last().attachments.empty());
    EXPECT_EQ(last().unreadable, Unreadable::Encrypted) << "so that its sender is told";
    EXPECT_EQ(last().privacy, Privacy::EndToEnd) << "for whom it may be";
    (void)anas_key();
    EXPECT_TRUE(comes(sealed("x", key_of("bob"), key_of("carl").certificate)).kept());
    EXPECT_EQ(last().text, "[encrypted, cannot be read here]") << "she has a key, but not that one";
    (void)comes(clear("-----BEGIN PGP MESSAGE-----\r\n\r\nwUcGAB", nullptr));
    EXPECT_EQ(last().text, "[encrypted, cannot be read here]");
    (void)comes(head(nullptr) +
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee this\r\n--b\r\n"
                "Content-Type: application/pkcs7-mime\r\n\r\nAAAA\r\n--b--\r\n");
    EXPECT_EQ(last().text, "see this\n[encrypted, cannot be read here]");
    EXPECT_EQ(last().attachments.size(), 1u);
    EXPECT_EQ(last().unreadable, Unreadable::No);
}

TEST_F(EncryptionTest, AnAnswerGoesAsTheLastMailCame) {
    (void)comes(clear("hello", &key_of("bob"), "Chat-Version: 1.0\r\n"));
    EXPECT_EQ(inside(answer_of_ana(), key_of("bob")), "");
    EXPECT_TRUE(split_mail(answer_of_ana()).has("autocrypt"));
    EXPECT_TRUE(split_mail(answer_of_ana()).has("chat-version")) << "he has a chat program";
    (void)comes(sealed("hello", key_of("bob"), anas_key()));
    const std::string answer = answer_of_ana();
    EXPECT_NE(inside(answer, key_of("bob")).find("Yes"), std::string::npos);
    EXPECT_EQ(answer.find("Yes"), std::string::npos);
    EXPECT_FALSE(split_mail(answer).has("chat-version"));
    (void)comes(clear("hello", &key_of("bob")));
    EXPECT_EQ(inside(answer_of_ana(), key_of("bob")), "");
}

TEST_F(EncryptionTest, OnlyTheNewerKeyOfAPersonIsLearnt) {
    (void)comes(sealed("1", key_of("bob"), anas_key()));
    const auto robot = clear("x", &key_of("carl"), "Auto-Submitted: auto-replied\r\n");
    (void)comes(robot);
    EXPECT_NE(inside(answer_of_ana(), key_of("bob")), "") << "robots say nothing";
    const std::string old = "Date: Thu, 15 Jan 2026 08:00:00 +0000\r\n";
    (void)comes(*sealed_mail(
        old + "From: bob@x.org\r\n" +
            autocrypt_field("Autocrypt", kBob, key_of("carl").certificate) + "\r\n2\r\n",
        "bb",
        [&](std::string_view inside) { return seal_message(inside, anas_key(), key_of("carl")); }));
    EXPECT_NE(inside(answer_of_ana(), key_of("bob")), "") << "an older mail";
    (void)comes(sealed("3", key_of("carl"), anas_key()));
    EXPECT_NE(inside(answer_of_ana(), key_of("carl")), "") << "he has a new program";
}

TEST_F(EncryptionTest, AForgedMailChangesNothingThatIsKnown) {
    const std::string pass = "Authentication-Results: mx; dmarc=pass\r\n";
    const std::string fail = "Authentication-Results: mx; dmarc=fail\r\n";
    const OwnKey& bob = key_of("bob");
    const OwnKey& eve = key_of("carl");
    as_.authserv_id = "mx";
    (void)comes(fail + sealed("1", bob, anas_key()));
    ASSERT_NE(inside(answer_of_ana(), bob), "") << "the first one is believed: nobody is replaced";
    for (const std::string& verdict : {fail, std::string()}) {
        (void)comes(verdict + clear("it is me, Bob", nullptr));
        EXPECT_NE(inside(answer_of_ana(), bob), "") << "not in clear: " << verdict;
        (void)comes(verdict + clear("it is me, Bob", &eve));
        EXPECT_NE(inside(answer_of_ana(), bob), "") << "clear, another key: " << verdict;
        (void)comes(verdict + sealed("it is me, Bob", eve, anas_key(), pass));
        EXPECT_EQ(last().text, "it is me, Bob");
        EXPECT_NE(inside(answer_of_ana(), bob), "") << "sealed, another key: " << verdict;
    }
    (void)comes(pass + clear("in clear now", nullptr));
    EXPECT_EQ(inside(answer_of_ana(), bob), "");
    (void)comes(fail + sealed("sealed again", eve, anas_key()));
    EXPECT_EQ(inside(answer_of_ana(), eve), "");
    (void)comes(fail + sealed("sealed again", bob, anas_key()));
    EXPECT_NE(inside(answer_of_ana(), bob), "") << "signed by the known key";
    (void)comes(pass + sealed("a new program", eve, anas_key()));
    EXPECT_NE(inside(answer_of_ana(), eve), "");
    as_.authserv_id.clear();
    (void)comes(sealed("and back", bob, anas_key()));
    EXPECT_NE(inside(answer_of_ana(), bob), "") << "nobody in front who could tell";
}

TEST_F(EncryptionTest, WhoTakesAnInvitationIsProvenFromThenOn) {
    const OwnKey& bob = key_of("bob");
    const std::string link = invited();
    const std::string number = "Secure-Join: vc-request\r\nSecure-Join-Invitenumber: ";
    ASSERT_TRUE(comes(clear("x", &bob, number + part(link, "i") + "\r\n")).kept());
    ASSERT_EQ(office_.accepted.size(), 1u) << "the answer, and nothing for the radio";
    EXPECT_EQ(last().to, std::vector<Address>{kBob});
    EXPECT_FALSE(last().submitted) << "nothing is proven yet";
    std::string said = inside(last().body.bytes, bob);
    EXPECT_EQ(split_mail(said).value("secure-join"), "vc-auth-required");
    EXPECT_TRUE(split_mail(said).has("autocrypt-gossip"));
    ASSERT_TRUE(join(link, bob).kept());
    ASSERT_EQ(office_.accepted.size(), 2u);
    EXPECT_TRUE(last().submitted) << "so that Bob is no stranger";
    EXPECT_EQ(split_mail(inside(last().body.bytes, bob)).value("secure-join"),
              "vc-contact-confirm");
    restart();
    EXPECT_NE(inside(answer_of_ana(), bob), "") << "sealed from the first answer on";
    (void)comes(sealed("hello", bob, anas_key()));
    EXPECT_TRUE(last().verified_sender);
    std::string to_ben = clear("for Ben", &bob);
    to_ben.replace(to_ben.find("ana@"), 4, "ben@");
    (void)comes(*sealed_mail(to_ben, "bb", [&](std::string_view inside) {
        return seal_message(inside, anas_key(), bob);
    }));
    EXPECT_EQ(last().text, "for Ben");
    EXPECT_FALSE(last().verified_sender) << "he said it to another, who encrypted it again";
    (void)comes(clear("it is me, Bob", &key_of("carl")));
    EXPECT_FALSE(last().verified_sender);
    EXPECT_NE(inside(answer_of_ana(), bob), "") << "no header unpins him";
    (void)comes(sealed("it is me, Bob", key_of("carl"), anas_key()));
    EXPECT_FALSE(last().verified_sender);
    EXPECT_NE(inside(answer_of_ana(), bob), "");
}

TEST_F(EncryptionTest, NoStepCountsWithoutItsProof) {
    const OwnKey& bob = key_of("bob");
    const std::string link = invited();
    const auto request = [&](const std::string& number, const OwnKey* key) {
        return comes(clear("x", key, "Secure-Join-Invitenumber: " + number + "\r\n"));
    };
    EXPECT_FALSE(request("0123456789ab", &bob).kept());
    EXPECT_FALSE(request(part(link, "i"), nullptr).kept()) << "no key";
    EXPECT_FALSE(join("&s=0123456789abcdef0123456789abcdef", bob).kept());
    const std::string with_auth =
        "Secure-Join: vc-request-with-auth\r\nSecure-Join-Auth: " + part(link, "s") +
        "\r\nSecure-Join-Fingerprint: ";
    EXPECT_FALSE(comes(clear("x", &bob, with_auth + bob.certificate.fingerprint + "\r\n")).kept());
    EXPECT_FALSE(
        comes(sealed("x", bob, anas_key(), with_auth + std::string(40, 'A') + "\r\n")).kept());
    EXPECT_FALSE(
        comes(sealed("x", bob, anas_key(), "Secure-Join: vg-request-with-auth\r\n")).kept());
    office_.time().advance(kInvitationLasts);
    EXPECT_FALSE(request(part(link, "i"), &bob).kept()) << "ended";
    EXPECT_FALSE(join(link, bob).kept());
    EXPECT_TRUE(office_.accepted.empty()) << "nothing of all that went anywhere";
}

TEST_F(EncryptionTest, AnOldLinkDoesNotMakeOneAnother) {
    const std::string link = invited();
    office_.time().advance(std::chrono::hours(1));
    ASSERT_TRUE(join(link, key_of("bob")).kept());
    EXPECT_FALSE(join(link, key_of("carl")).kept());
    EXPECT_NE(inside(answer_of_ana(), key_of("bob")), "");
    office_.time().advance(std::chrono::hours(1));
    ASSERT_TRUE(join(invited(), key_of("carl")).kept()) << "a new phone, a new invitation";
    EXPECT_NE(inside(answer_of_ana(), key_of("carl")), "");
}

TEST_F(EncryptionTest, NobodyJoinsAsOneOfTheVillage) {
    const std::string link = invited();
    std::string mail =
        clear("x", &key_of("bob"), "Secure-Join-Invitenumber: " + part(link, "i") + "\r\n");
    for (std::size_t at = mail.find("bob@x.org"); at != std::string::npos;
         at = mail.find("bob@x.org"))
        mail.replace(at, 9, "ben@hill.example");
    EXPECT_FALSE(comes(mail).kept());
}

TEST_F(EncryptionTest, WhatIsNotOursOrSealedAlreadyLeavesAsItIs) {
    const std::string other = "From: <joe@y.org>\r\n\r\nhi\r\n";
    EXPECT_EQ(*encryption_->dress(other, mailto("joe", "y.org"), kBob), other);
    const std::string own = sealed("x", key_of("bob"), key_of("carl").certificate);
    EXPECT_EQ(*encryption_->dress(own, kAna, kBob), own);
    const std::string has_key = "Autocrypt: x\r\nFrom: <ana@hill.example>\r\n\r\nhi\r\n";
    EXPECT_EQ(*encryption_->dress(has_key, kAna, kBob), has_key);
}

TEST_F(EncryptionTest, AnInvitationIsForAddressesOfTheBoxOnly) {
    EXPECT_FALSE(encryption_->invite(kBob, "Bob").ok());
    EXPECT_TRUE(encryption_->invite(kAna, "Ana").ok());
}

}  // namespace
}  // namespace waypost::email::openpgp
