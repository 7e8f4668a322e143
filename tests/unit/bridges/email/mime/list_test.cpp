// SPDX-License-Identifier: Apache-2.0
// Mails of groups: what they say of the list, and how it is read again on another box.
#include <gtest/gtest.h>

#include <algorithm>

#include "bridges/email/mime/pass_on.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/email/mime/write_mail.h"

namespace waypost::email {
namespace {

ListPost news() {
    ListPost list;
    list.address = mailto("news", "hill.example");
    list.title = "News, \"really\" \xc3\xb1";
    return list;
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

OutgoingMail outgoing() {
    OutgoingMail mail;
    mail.from = mailto("ana", "hill.example");
    mail.from_name = "Ana";
    mail.to = mailto("bob", "example.org");
    mail.reply_to = mailto("news", "hill.example");
    mail.text = "Water is on";
    mail.message_id = "<1@hill.example>";
    mail.loop_tag = "hill.example";
    mail.list = news();
    mail.list->passed = {"news@dale.example"};
    return mail;
}

TEST(ListMail, AWrittenPostSaysWhatAListSays) {
    const auto bytes = write_mail(outgoing());
    ASSERT_TRUE(bytes.ok());
    for (const char* field :
         {"List-Post: <mailto:news@hill.example>\r\n", "Precedence: list\r\n",
          "List-Unsubscribe: <mailto:news+leave@hill.example>\r\n", "<news.hill.example>\r\n",
          "<news@hill.example>", "X-Loop: news@dale.example\r\n", "X-Loop: news@hill.example\r\n"})
        EXPECT_NE(bytes->find(field), std::string::npos) << field << *bytes;
    EXPECT_EQ(bytes->find("Auto-Submitted"), std::string::npos) << "a person wrote it";
    EXPECT_EQ(bytes->find("bob@example.org"), std::string::npos) << "it is to the list";

    const auto read = read_mail(*bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->automatic) << "never answered automatically";
    EXPECT_FALSE(read->program);
    ASSERT_TRUE(read->lists);
    EXPECT_EQ(read->lists->last.value, "news@hill.example");
    EXPECT_EQ(read->lists->id, "news.hill.example");
    EXPECT_EQ(read->lists->passed,
              (std::vector<std::string>{"news@dale.example", "news@hill.example"}));
}

TEST(ListMail, NoTitleAddsAHeader) {
    OutgoingMail mail = outgoing();
    mail.list->title = "x\r\nBcc: eve@example.org\r\n\r\nbody";
    mail.list->passed = {"a@b.example\r\nX-Evil: yes", "no address", std::string(400, 'a')};
    const auto bytes = write_mail(mail);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(bytes->find("\nBcc:"), std::string::npos);
    EXPECT_EQ(bytes->find("\nX-Evil"), std::string::npos);
    EXPECT_EQ(count(*bytes, "X-Loop: "), 1u);
}

TEST(ListMail, WhatCameAsAMailKeepsItsBodyAndBecomesTheGroups) {
    const std::string original =
        "Received: from x by y; z\r\nReturn-Path: <bob@example.org>\r\n"
        "DKIM-Signature: v=1; a=rsa;\r\n\tb=abc\r\nFrom: Bob <bob@example.org>\r\n"
        "Reply-To: bob@elsewhere.example\r\nList-Id: <old.example.org>\r\n"
        "X-Loop: old@example.org\r\nX-Waypost-Loop: dale.example\r\nBcc: eve@example.org\r\n"
        "To: news@hill.example\r\nSubject: Photo\r\nMessage-ID: <7@example.org>\r\n"
        "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nsee\r\n--B\r\n"
        "Content-Type: image/jpeg; name=p.jpg\r\n\r\nFrom: jpeg\r\n--B--\r\n";
    PassOn said;
    said.domain = "hill.example";
    said.id = "5";
    said.list = news();
    said.list->in_its_name = true;
    said.from = said.list->address;
    said.from_name = "Bob via news";
    said.list->passed = {"old@example.org"};
    const std::string bytes = pass_on(original, said);
    const std::string head = bytes.substr(0, bytes.find("\r\n\r\n"));
    EXPECT_NE(head.find("\r\nFrom: Bob via news <news@hill.example>\r\n"), std::string::npos)
        << head;
    for (const char* gone : {"DKIM-Signature", "b=abc", "bob@example.org", "elsewhere",
                             "old.example.org", "X-Waypost-Loop", "Bcc", "Return-Path"})
        EXPECT_EQ(head.find(gone), std::string::npos) << gone;
    EXPECT_EQ(count(head, "X-Loop: old@example.org"), 1u);
    EXPECT_EQ(count(head, "X-Loop: news@hill.example"), 1u);
    EXPECT_EQ(bytes.substr(head.size()), original.substr(original.find("\r\n\r\n")));
    const auto read = read_mail(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->attachments.size(), 1u);
    EXPECT_EQ(read->message_id, "<7@example.org>");
    EXPECT_EQ(read->from.value, "news@hill.example");

    said.list->in_its_name = false;
    EXPECT_NE(pass_on(original, said).find("\r\nFrom: Bob <bob@example.org>\r\n"),
              std::string::npos);
}

TEST(ListMail, OddListFieldsAreTakenForWhatTheyAre) {
    const auto read = [](const std::string& head) {
        return *read_mail("From: a@b.example\r\n" + head + "\r\n\r\nx\r\n");
    };
    EXPECT_FALSE(read("Subject: x").lists);
    EXPECT_TRUE(read("Auto-Submitted: auto-replied\r\nList-Id: <a.b>").program);
    EXPECT_TRUE(read("List-Post: NO\r\nList-Id: a").lists->last.empty());
    EXPECT_EQ(read("List-Post: <https://x/>, <mailto:N@B.example?subject=x>\r\nPrecedence: list")
                  .lists->last.value,
              "n@b.example");
    EXPECT_TRUE(read("List-Post: <mailto:news@").lists->last.empty() ||
                !read("List-Post: <mailto:news@").lists);
    std::string many = "X-Loop: seen@b.example";
    for (int i = 0; i < 200; ++i) many += "\r\nX-Loop: l" + std::to_string(i) + "@b.example";
    EXPECT_EQ(read(many).lists->passed.size(), 25u);
    EXPECT_FALSE(read("X-Loop: yes please").lists);
    EXPECT_FALSE(read("X-Loop: seen@b.example").automatic);
}

}  // namespace
}  // namespace waypost::email
