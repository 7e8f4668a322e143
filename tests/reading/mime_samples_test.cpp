// SPDX-License-Identifier: Apache-2.0
// The mails on which Python's own mail package is tested (Debian's libpython3.11-testsuite): broken
// boundaries, nested digests, bounces, headers in strange charsets.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "bridges/email/mime/read_mail.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

const std::filesystem::path kSamples = "/usr/lib/python3.11/test/test_email/data";

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

std::string text_of(const char* name) {
    const auto mail = read_mail(bytes_of(kSamples / name));
    return mail.ok() ? mail->text : mail.error().text;
}

// With every line end, and cut at places that a broken line would choose.
TEST(MimeSamples, AreAllReadToValidText) {
    int mails = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kSamples)) {
        const std::string bytes = bytes_of(entry.path());
        mails += entry.path().extension() == ".txt";
        for (std::size_t size = bytes.size(); size > 0; size = size * 3 / 4) {
            const auto mail = read_mail(std::string_view(bytes).substr(0, size));
            if (!mail.ok()) continue;
            EXPECT_TRUE(is_utf8(mail->text)) << entry.path();
            EXPECT_TRUE(is_utf8(mail->subject)) << entry.path();
            std::istringstream stream(bytes.substr(0, size));
            const auto streamed = read_mail(stream);
            ASSERT_TRUE(streamed.ok()) << entry.path();
            EXPECT_EQ(streamed->text, mail->text) << entry.path();
        }
    }
    EXPECT_GE(mails, 47);
}

TEST(MimeSamples, SayWhatStandsInThem) {
    EXPECT_EQ(text_of("msg_07.txt"), "Hi there,\n\nThis is the dingus fish.");
    EXPECT_EQ(text_of("msg_11.txt"), "Here is the body of the message.") << "it encloses another";
    EXPECT_EQ(text_of("msg_21.txt"), "One\nTwo");
    EXPECT_NE(text_of("msg_43.txt").find("BANNED FILENAME ALERT"), std::string::npos);
}

}  // namespace
}  // namespace waypost::email
