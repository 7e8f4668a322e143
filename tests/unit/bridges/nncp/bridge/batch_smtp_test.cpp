// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/batch_smtp.h"

#include <gtest/gtest.h>

namespace waypost::nncp {
namespace {

TEST(BatchSmtp, TravelsAndComesBackTheSame) {
    const std::vector<OutMail> mails{
        {mailto("ana", "hill.example"),
         {mailto("ben", "dale.example"), mailto("cleo", "dale.example")},
         "Subject: x\r\n\r\n.\r\n..two\r\nend\r\n"},
        {{}, {mailto("ben", "dale.example")}, "Subject: y\r\n\r\n"}};
    const auto back = read_batch_smtp(batch_smtp(mails, "hill.example"));
    ASSERT_TRUE(back.ok()) << back.error().text;
    ASSERT_EQ(back->size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ((*back)[i].return_path, mails[i].return_path);
        EXPECT_EQ((*back)[i].recipients, mails[i].recipients);
        EXPECT_EQ((*back)[i].bytes, mails[i].bytes);
    }
}

TEST(BatchSmtp, ReadsWhatOthersWrite) {
    const auto mails = read_batch_smtp(
        "HELO x\nMAIL FROM:<a@b.test> BODY=8BITMIME\nRCPT TO: <c@d.test>\nRSET\n"
        "mail from:<>\nrcpt to:<c@d.test>\ndata\nSubject: z\n\n..\n.\nNOOP\n");
    ASSERT_TRUE(mails.ok()) << mails.error().text;
    ASSERT_EQ(mails->size(), 1u);
    EXPECT_TRUE((*mails)[0].return_path.empty());
    EXPECT_EQ((*mails)[0].bytes, "Subject: z\r\n\r\n.\r\n");
}

TEST(BatchSmtp, IsWholeOrNothing) {
    for (const char* bad : {
             "MAIL FROM:<a@b.test>\n",
             "MAIL FROM:<a@b.test>\nRCPT TO:<c@d.test>\nDATA\nhello\n",
             "MAIL FROM:<a@b.test>\nDATA\nhello\n.\n",
             "RCPT TO:<c@d.test>\n",
             "MAIL FROM:<a@b.test>\nMAIL FROM:<a@b.test>\n",
             "MAIL FROM:<a b>\n",
             "MAIL FROM:<a@b.test>\nRCPT TO:<>\n",
             "MAIL\n",
             "VRFY x\n",
             "Subject: a mail\n\nhello\n",
         })
        EXPECT_FALSE(read_batch_smtp(bad).ok()) << bad;
    EXPECT_FALSE(read_batch_smtp("NOOP " + std::string(3000, 'x')).ok());
    std::string many = "MAIL FROM:<a@b.test>\n";
    for (int i = 0; i < 1001; ++i) many += "RCPT TO:<c@d.test>\n";
    EXPECT_FALSE(read_batch_smtp(many).ok());
}

}  // namespace
}  // namespace waypost::nncp
