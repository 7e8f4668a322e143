// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/pgp_mime.h"

#include <gtest/gtest.h>

#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/autocrypt.h"
#include "bridges/email/openpgp/header_fields.h"

namespace waypost::email::openpgp {
namespace {

constexpr char kControl[] = "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n";
constexpr char kData[] = "Content-Type: application/octet-stream\r\n\r\nSECRET";

std::string multipart(const std::string& type, const std::vector<std::string>& parts,
                      const std::string& boundary = "b") {
    std::string text = "Content-Type: " + type + "; boundary=" + boundary + "\r\n\r\n";
    for (const std::string& part : parts) text += "--" + boundary + "\r\n" + part + "\r\n";
    return text + "--" + boundary + "--\r\n";
}

TEST(Headers, AreTakenApartWithoutAChange) {
    const std::string mail =
        "Subject: a\r\n b\r\nnonsense\r\n  of it\r\nTo : x\r\nX-Y:z\r\n\r\nbody\r\n";
    const SplitMail split = split_mail(mail);
    ASSERT_EQ(split.fields.size(), 2u);
    EXPECT_EQ(split.fields[0].raw, "Subject: a\r\n b\r\n");
    EXPECT_EQ(split.value("subject"), "a b");
    EXPECT_EQ(split.value("x-y"), "z");
    EXPECT_EQ(split.value("to"), "");
    EXPECT_EQ(split.body, "body\r\n");
    EXPECT_TRUE(split_mail("").fields.empty());
    EXPECT_EQ(split_mail("A: b").value("a"), "b");
    EXPECT_EQ(split_mail("\nA: b").body, "A: b");
}

TEST(PgpMime, IsFoundInTheShapesThatAreMet) {
    const std::string text = "Content-Type: text/plain\r\n\r\nfooter";
    const std::string right = multipart("multipart/encrypted", {kControl, kData});
    EXPECT_EQ(encrypted_part(right, 100), "SECRET");
    EXPECT_EQ(encrypted_part(multipart("multipart/mixed", {text, kControl, kData}), 200), "SECRET");
    EXPECT_EQ(
        encrypted_part(multipart("multipart/mixed",
                                 {text, multipart("multipart/encrypted", {kControl, kData}, "c")}),
                       200),
        "SECRET");
    EXPECT_FALSE(encrypted_part(right, 5)) << "too large";
    for (const std::string& other :
         {std::string(), std::string("hello"), multipart("multipart/mixed", {kControl, kData}),
          multipart("multipart/encrypted", {kControl}), multipart("multipart/encrypted", {}),
          multipart("multipart/encrypted", {kData, kControl}),
          std::string("Content-Type: multipart/encrypted\r\n\r\nno parts")}) {
        EXPECT_FALSE(encrypted_part(other, 1000)) << other;
    }
}

TEST(PgpMime, WhatIsInsideWinsButForWhatServersWrite) {
    const std::string outer =
        "Received: from a\r\nAuthentication-Results: mx; dmarc=fail\r\nFrom: <bob@x.org>\r\n"
        "Subject: [...]\r\nChat-Version: 1.0\r\nSecure-Join: vc-request\r\nMessage-ID: <1@x>\r\n"
        "Content-Type: multipart/encrypted\r\n\r\n...";
    const std::string inside =
        "From: \"Bob\" <bob@X.org>\r\nSubject: Rope\r\nAuthentication-Results: mx; dmarc=pass\r\n"
        "Received: from b\r\nX-Waypost-Loop: hill.example\r\nMessage-ID: <2@x>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nBring it\r\n";
    const std::string mail = opened_mail(outer, inside, mailto("bob", "x.org"));
    const auto read = read_mail(mail);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->subject, "Rope");
    EXPECT_EQ(read->text, "Bring it");
    EXPECT_EQ(read->from.value, "bob@x.org");
    EXPECT_EQ(read->from_name, "Bob");
    EXPECT_EQ(read->message_id, "<2@x>");
    EXPECT_EQ(read->received, 1);
    EXPECT_TRUE(read->loop_tags.empty());
    ASSERT_EQ(read->authentication_results.size(), 1u);
    EXPECT_EQ(read->authentication_results[0], "mx; dmarc=fail");
    EXPECT_FALSE(split_mail(mail).has("secure-join")) << "it stood outside";
    EXPECT_FALSE(split_mail(mail).has("chat-version"));
}

TEST(PgpMime, AnotherSenderInsideIsNotBelieved) {
    for (const char* from :
         {"Ben <ben@hill.example>", "ben@hill.example, <bob@x.org>",
          "<bob@x.org>, ben@hill.example", "bob@x.org, bob@x.org",
          "ben@hill.example <bob@x.org>, x", "ben@hill.example;<bob@x.org>",
          "all: ben@hill.example, <bob@x.org>;", "all: <bob@x.org>;", "BOB@x.org", "x", "",
          "<bob@x.org>\r\nFrom: ben@hill.example", "ben@hill.example\r\nFrom: <bob@x.org>",
          "<ben@hill.example> (<bob@x.org>)", "ben@hill.example\r\n <bob@x.org>, <y@z.org>"}) {
        const auto read = read_mail(opened_mail(
            "From: <bob@x.org>\r\n\r\n",
            "From: " + std::string(from) + "\r\nSubject: s\r\n\r\nhi\r\n", mailto("bob", "x.org")));
        ASSERT_TRUE(read.ok()) << from;
        EXPECT_EQ(read->from.value, "bob@x.org") << from;
        EXPECT_EQ(read->from_name, "") << from;
        EXPECT_EQ(read->subject, "s") << from;
    }
    const auto nobody = read_mail(
        opened_mail("To: a@b.org\r\n\r\n", "From: ben@hill.example\r\n\r\nhi\r\n", Address{}));
    ASSERT_TRUE(nobody.ok());
    EXPECT_TRUE(nobody->from.empty());
}

TEST(PgpMime, SealingHidesSubjectAndTextAndOpeningBringsThemBack) {
    const std::string mail =
        "From: Ana <ana@hill.example>\r\nTo: <bob@x.org>\r\nSubject: Ford\r\nMessage-ID: <1@h>\r\n"
        "References: <0@x>\r\nSecure-Join: vc-auth-required\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nOpen again\r\n";
    std::string inside;
    const auto sealed = sealed_mail(mail, "BB", [&](std::string_view bytes) {
        inside = bytes;
        return Result<std::string>(std::string("SECRET"));
    });
    ASSERT_TRUE(sealed.ok());
    for (const char* hidden : {"Ford", "Open again", "vc-auth"})
        EXPECT_EQ(sealed->find(hidden), std::string::npos) << *sealed;
    EXPECT_EQ(encrypted_part(*sealed, 1000), "SECRET");
    EXPECT_NE(inside.find("hp=\"cipher\""), std::string::npos) << inside;
    const auto read = read_mail(opened_mail(*sealed, inside, mailto("ana", "hill.example")));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->subject, "Ford");
    EXPECT_EQ(read->text, "Open again");
    EXPECT_EQ(read->references, std::vector<std::string>{"<0@x>"});
    const auto no = sealed_mail(
        mail, "BB", [](std::string_view) { return Result<std::string>(bad_input("an old key")); });
    EXPECT_FALSE(no.ok());
}

TEST(Autocrypt, ComesBackAsItWasWritten) {
    const Certificate key{std::string(300, '\x99'), "F"};
    const std::string field = autocrypt_field("Autocrypt", mailto("Ana", "hill.example"), key);
    std::size_t longest = 0;
    for (std::size_t from = 0, end = 0; from < field.size(); from = end + 2) {
        end = field.find("\r\n", from);
        longest = std::max(longest, end - from);
    }
    EXPECT_LE(longest, 78u);
    const SplitMail split = split_mail(field);
    ASSERT_EQ(split.fields.size(), 1u);
    const auto said = parse_autocrypt(split.value("autocrypt"));
    ASSERT_TRUE(said.ok()) << said.error().text;
    EXPECT_EQ(said->address.value, "ana@hill.example");
    EXPECT_EQ(said->key, key.bytes);
}

TEST(Autocrypt, IsReadAsTheDocumentSays) {
    EXPECT_TRUE(parse_autocrypt("addr=a@x.org; _new=1; prefer-encrypt=mutual; keydata=AA A=").ok());
    EXPECT_TRUE(parse_autocrypt(" ;; addr = a@x.org ; keydata = AAA= ;").ok());
    for (const char* bad :
         {"", "foo", "addr=a@x.org", "keydata=AAA=", "addr=a@x.org; keydata=!",
          "addr=; keydata=AAA=", "addr=a@x.org; type=2; keydata=AAA=", "addr=a@x.org; keydata=AAA",
          "addr=a b; keydata=AAA=", ";;;;;;=;=;=;="}) {
        EXPECT_FALSE(parse_autocrypt(bad).ok()) << bad;
    }
    EXPECT_FALSE(parse_autocrypt("addr=a@x.org; keydata=" + std::string(40000, 'A')).ok());
    std::string many = "addr=a@x.org; keydata=AAA=";
    for (int i = 0; i < 30; ++i) many += "; _a=b";
    EXPECT_FALSE(parse_autocrypt(many).ok());
}

}  // namespace
}  // namespace waypost::email::openpgp
