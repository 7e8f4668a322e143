// SPDX-License-Identifier: Apache-2.0
// Files of messages that were no mails, kept and sent on as mails have them.
#include "bridges/email/mime/mail_files.h"

#include <gtest/gtest.h>

#include <sstream>

#include "bridges/email/mime/delivery_mail.h"
#include "bridges/email/mime/mail_attachment.h"
#include "bridges/email/mime/read_mail.h"
#include "tests/fakes/fake_office.h"

namespace waypost::email {
namespace {

std::string all_bytes() {
    std::string bytes;
    for (int i = 0; i < 3000; ++i) bytes += static_cast<char>(i * 7);
    return bytes;
}

std::vector<MailFile> two() {
    return {{{"a red boat.jpg", "image/jpeg", 3000}, "a red boat", all_bytes()},
            {{"Мост.png", "image/png", 3}, "Мост через реку, " + std::string(200, 'x'), "png"}};
}

std::vector<MailFile> read(const std::string& mail, std::size_t most = 1u << 20) {
    std::istringstream in(mail);
    auto files = files_of(in, most);
    EXPECT_TRUE(files.ok());
    return files.ok() ? std::move(*files) : std::vector<MailFile>();
}

TEST(MailFiles, AnOriginalIsTakenApartAsAMailIs) {
    const std::string original = files_original("Look", two());
    std::istringstream in(original);
    EXPECT_TRUE(is_files_original(in));
    EXPECT_EQ(files_original("Look", two()), original) << "said again it is the same message";
    for (std::size_t i = 0; i < two().size(); ++i) {
        const auto file =
            open_mail_attachment(std::make_unique<std::istringstream>(original), i + 1);
        ASSERT_TRUE(file.ok()) << file.error().text;
        EXPECT_EQ((*file)->about().name, two()[i].about.name);
        EXPECT_EQ((*file)->about().type, two()[i].about.type);
        std::ostringstream out;
        ASSERT_TRUE((*file)->copy_to(out).ok());
        EXPECT_EQ(out.str(), two()[i].bytes);
    }
    const auto files = read(original);
    ASSERT_EQ(files.size(), 2u);
    EXPECT_EQ(files[0].description, "a red boat");
    EXPECT_EQ(files[1].description, two()[1].description);
    EXPECT_EQ(files[1].bytes, "png");
}

TEST(MailFiles, WhatIsTooLargeHasNoBytes) {
    const std::string original = files_original("Look", two());
    const auto small = read(original, 1000);
    ASSERT_EQ(small.size(), 2u);
    EXPECT_TRUE(small[0].bytes.empty());
    EXPECT_EQ(small[1].bytes, "png");
    std::istringstream in(original);
    const auto none = files_of(in, 0);
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE((*none)[0].bytes.empty());
}

TEST(MailFiles, OtherOriginalsAreNone) {
    for (const char* other : {"", "waypost-xmpp-file 1\nhttps://x.org/1\n", "MIME-Version: 1.0 x\n",
                              "From: bob@x.org\nMIME-Version: 1.0\n"}) {
        std::istringstream in{std::string(other)};
        EXPECT_FALSE(is_files_original(in)) << other;
    }
}

class FilesByMail : public ::testing::Test {
  protected:
    FilesByMail() {
        delivery.to = mailto("ana", "hill.example");
        delivery.from = mailto("bob=x.org", "hill.example");
        delivery.text = "Look\n[picture: a red boat]";
        delivery.message_id = "<1@hill.example>";
        delivery.body_network = "activitypub";
        delivery.body.bytes = files_original("Look", two());
        delivery.body.size = delivery.body.bytes.size();
    }
    ParsedMail written() {
        const auto bytes = mail_bytes_of(delivery, office);
        EXPECT_TRUE(bytes.ok()) << bytes.error().text;
        last = bytes.ok() ? *bytes : std::string();
        const auto mail = read_mail(last);
        EXPECT_TRUE(mail.ok());
        return mail.ok() ? *mail : ParsedMail();
    }
    FakeOffice office;
    Delivery delivery;
    std::string last;
};

TEST_F(FilesByMail, AreAttachedToTheMailThatIsWrittenOfIt) {
    const ParsedMail mail = written();
    EXPECT_EQ(mail.from.value, "bob=x.org@hill.example");
    EXPECT_EQ(mail.text, "Look\n[picture: a red boat]");
    ASSERT_EQ(mail.attachments.size(), 2u);
    EXPECT_EQ(mail.attachments[0].name, "a red boat.jpg");
    const auto files = read(last);
    EXPECT_EQ(files.at(0).bytes, all_bytes());
    EXPECT_EQ(files.at(0).description, "a red boat");
    EXPECT_EQ(last.find("\n\n"), std::string::npos) << "line ends of mail";
}

TEST_F(FilesByMail, AnOriginalThatIsGoneOrOfAnotherKindLeavesTheText) {
    delivery.body.bytes.clear();
    EXPECT_EQ(written().text, "Look\n[picture: a red boat]");
    EXPECT_TRUE(written().attachments.empty());
    delivery.body_network = "xmpp";
    delivery.body.bytes = "waypost-xmpp-file 1\nhttps://x.org/1\ngoat.jpg\nimage/jpeg\n\nJPEG";
    delivery.body.size = delivery.body.bytes.size();
    EXPECT_EQ(written().text, "Look\n[picture: a red boat]");
    EXPECT_TRUE(written().attachments.empty());
}

}  // namespace
}  // namespace waypost::email
