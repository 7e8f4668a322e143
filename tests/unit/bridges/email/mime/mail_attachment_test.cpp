// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/mail_attachment.h"

#include <gtest/gtest.h>
#include <sodium.h>
#include <zlib.h>

#include <chrono>
#include <fstream>
#include <sstream>

#include "bridges/email/mime/read_mail.h"
#include "gateway/base/random.h"
#include "tests/fakes/memory.h"

namespace waypost::email {
namespace {

std::string sha256(const std::string& bytes) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return std::string(reinterpret_cast<const char*>(hash), sizeof hash);
}

std::string base64(const std::string& bytes, const char* line_end = "\r\n") {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.resize(text.find('\0'));
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += 76) lines += text.substr(at, 76) + line_end;
    return lines;
}

std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

std::string part(const std::string& type, const std::string& name, const std::string& content) {
    return "Content-Type: " + type + "\r\nContent-Disposition: attachment; filename=\"" + name +
           "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64(content);
}

std::string multipart(const std::string& boundary, const std::vector<std::string>& parts) {
    std::string out = "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    for (const std::string& each : parts) out += "--" + boundary + "\r\n" + each + "\r\n";
    return out + "--" + boundary + "--\r\n";
}

Result<std::string> extract(const std::string& mail, std::size_t number,
                            Attachment* about = nullptr) {
    const auto opened = open_mail_attachment(std::make_unique<std::istringstream>(mail), number);
    if (!opened.ok()) return opened.error();
    if (about != nullptr) *about = (*opened)->about();
    std::ostringstream out;
    const auto copied = (*opened)->copy_to(out);
    if (!copied.ok()) return copied.error();
    return out.str();
}

const char* const kHead = "From: bob@x.org\r\nSubject: a\r\nMIME-Version: 1.0\r\n";

TEST(MailAttachment, NestedOnesComeOutByteForByteUnderTheListsNumbers) {
    ASSERT_GE(sodium_init(), 0);
    const std::string photo = random_bytes(300'001);
    const std::string plan = random_bytes(70'000);
    const std::string inner = "From: carl@x.org\r\nSubject: within\r\n\r\nHello within\r\n";
    const std::string mail =
        kHead +
        multipart("out", {"Content-Type: text/plain\r\n\r\nsee these\r\n",
                          multipart("in", {part("image/jpeg", "../../x", photo),
                                           "Content-Type: text/x-diff; name=a.txt\r\n"
                                           "Content-Disposition: attachment\r\n"
                                           "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                                           "caf=C3=A9 =\r\nau lait=0A"}),
                          "Content-Type: message/rfc822\r\n\r\n" + inner,
                          part("application/pdf", "plan.pdf", plan)});
    const auto listed = read_mail(mail);
    ASSERT_TRUE(listed.ok());
    ASSERT_EQ(listed->attachments.size(), 4u);
    EXPECT_EQ(listed->attachments[0].name, "x");
    const std::string contents[] = {photo, "café au lait\n", inner, plan};
    for (std::size_t i = 0; i < 4; ++i) {
        Attachment about;
        const auto bytes = extract(mail, i + 1, &about);
        ASSERT_TRUE(bytes.ok()) << bytes.error().text;
        EXPECT_EQ(about.name, listed->attachments[i].name);
        EXPECT_EQ(about.type, listed->attachments[i].type);
        if (i == 2) {  // taken apart and put together again
            EXPECT_NE(bytes->find("Subject: within"), std::string::npos) << *bytes;
            EXPECT_NE(bytes->find("Hello within"), std::string::npos) << *bytes;
        } else {
            EXPECT_EQ(bytes->size(), contents[i].size()) << i;
            EXPECT_EQ(sha256(*bytes), sha256(contents[i])) << i;
        }
    }
    EXPECT_EQ(extract(mail, 0).error().code, Code::NotFound);
    EXPECT_EQ(extract(mail, 5).error().code, Code::NotFound);
}

TEST(MailAttachment, PhotosBesideTheHtmlFormAreListedAndDecorationIsNot) {
    const auto image = [](const std::string& name, std::size_t bytes) {
        return "Content-Type: image/png; name=" + name + "\r\nContent-ID: <" + name +
               ">\r\nContent-Disposition: inline\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\n" +
               base64(random_bytes(bytes));
    };
    std::string related = multipart("r", {"Content-Type: text/html\r\n\r\n<p>see <img></p>\r\n",
                                          image("photo.png", 30'000), image("logo.png", 900)});
    std::string both = multipart("a", {"Content-Type: text/plain\r\n\r\nsee\r\n", related});
    both.replace(both.find("mixed"), 5, "alternative");
    const auto listed = read_mail(kHead + both);
    ASSERT_TRUE(listed.ok());
    EXPECT_EQ(listed->text, "see");
    ASSERT_EQ(listed->attachments.size(), 1u);
    EXPECT_EQ(listed->attachments[0].name, "photo.png");
    EXPECT_EQ(extract(kHead + both, 1)->size(), 30'000u);
    EXPECT_FALSE(extract(kHead + both, 2).ok());
}

TEST(MailAttachment, OfABrokenMailWhatIsThereComesOut) {
    const std::string mail =
        std::string(kHead) +
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png; "
        "name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs!!bG8=";
    EXPECT_EQ(extract(mail, 1).value(), "Hello");
    EXPECT_FALSE(extract("", 1).ok());
    EXPECT_EQ(extract(std::string(300'000, 'x'), 1).error().code, Code::BadInput);
}

TEST(MailAttachment, OneThatWasNotReadToItsEndIsRefusedNotCut) {
    std::string sql;
    for (int i = 0; i < 3000; ++i) sql += "-- a comment\r\n";
    const std::string mail = kHead + multipart("b", {part("image/png", "first.png", "whole"),
                                                     "Content-Type: application/sql; name=a.sql\r\n"
                                                     "Content-Disposition: attachment\r\n\r\n" +
                                                         sql});
    EXPECT_EQ(extract(mail, 1).value(), "whole");
    EXPECT_EQ(extract(mail, 2).error().code, Code::TooLarge);
}

TEST(MailAttachment, AReaderWhoGoesAwayIsNoSuccess) {
    const std::string mail =
        kHead + multipart("b", {part("image/png", "a.png", random_bytes(9000))});
    const auto opened = open_mail_attachment(std::make_unique<std::istringstream>(mail), 1);
    ASSERT_TRUE(opened.ok());
    std::ostringstream gone;
    gone.setstate(std::ios::badbit);
    EXPECT_FALSE((*opened)->copy_to(gone).ok());
}

// A real one: 512 MiB of nothing in half a megabyte of ZIP (local header, deflate, directory).
std::string zip_bomb() {
    constexpr std::size_t kPiece = 1 << 20;
    constexpr int kPieces = 512;
    const std::string zeros(kPiece, '\0');
    std::string packed(2 << 20, '\0');
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    uLong crc = crc32(0, nullptr, 0);
    for (int i = 0; i < kPieces; ++i) {
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
        stream.avail_in = kPiece;
        crc = crc32(crc, stream.next_in, kPiece);
        deflate(&stream, i + 1 == kPieces ? Z_FINISH : Z_NO_FLUSH);
    }
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    const auto le = [](std::uint64_t value, int bytes) {
        std::string out;
        for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
        return out;
    };
    const std::string about = le(20, 2) + le(0, 2) + le(8, 2) + le(0, 4) + le(crc, 4) +
                              le(packed.size(), 4) + le(std::uint64_t{kPiece} * kPieces, 4) +
                              le(5, 2) + le(0, 2);
    const std::string local = "PK\3\4" + about + "a.txt" + packed;
    const std::string directory = "PK\1\2" + le(20, 2) + about + le(0, 2) + le(0, 2) + le(0, 2) +
                                  le(0, 4) + le(0, 4) + "a.txt";
    return local + directory + "PK\5\6" + le(0, 4) + le(1, 2) + le(1, 2) + le(directory.size(), 4) +
           le(local.size(), 4) + le(0, 2);
}

TEST(MailAttachment, AZipBombStaysAsSmallAsItCame) {
    const std::string bomb = zip_bomb();
    ASSERT_GT(bomb.size(), 400'000u);
    ASSERT_LT(bomb.size(), 1'000'000u);
    const std::string mail = kHead + multipart("b", {part("application/zip", "bomb.zip", bomb)});
    const std::string dull =
        kHead + multipart("b", {part("application/zip", "dull.zip", random_bytes(bomb.size()))});
    const auto time = [](const std::string& of) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_TRUE(read_mail(of).ok());
        EXPECT_TRUE(extract(of, 1).ok());
        return std::chrono::steady_clock::now() - begun;
    };
    time(dull);
    const auto usual = time(dull);
    const PeakMemory memory;
    const auto taken = time(mail);
    EXPECT_LT(memory.grown(), 16u << 20) << "512 MiB are in it";
    EXPECT_LT(taken, usual * 10 + std::chrono::milliseconds(200));
    EXPECT_EQ(sha256(extract(mail, 1).value()), sha256(bomb));
    EXPECT_NEAR(static_cast<double>(read_mail(mail)->attachments.at(0).bytes),
                static_cast<double>(bomb.size()), 100.0);
}

// Swallows and counts.
class Counting final : public std::streambuf {
  public:
    std::size_t bytes = 0;

  protected:
    std::streamsize xsputn(const char*, std::streamsize size) override {
        bytes += static_cast<std::size_t>(size);
        return size;
    }
    int overflow(int c) override {
        ++bytes;
        return c;
    }
};

TEST(MailAttachment, ALargeOneTakesNoMoreMemoryThanASmallOne) {
    const std::string file = ::testing::TempDir() + "waypost-large-" + system_random()->hex(8);
    constexpr int kPieces = 40;
    const std::string piece = base64(random_bytes(57 * 18'396));  // 1 MiB in whole lines
    {
        std::ofstream mail(file, std::ios::binary);
        mail << kHead << "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
             << part("video/mp4", "film.mp4", "");
        for (int i = 0; i < kPieces; ++i) mail << piece;
        mail << "\r\n--b--\r\n";
    }
    Counting counted;
    std::ostream out(&counted);
    const PeakMemory memory;
    const auto opened =
        open_mail_attachment(std::make_unique<std::ifstream>(file, std::ios::binary), 1);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_TRUE((*opened)->copy_to(out).ok());
    EXPECT_EQ(counted.bytes, std::size_t{57} * 18'396 * kPieces);
    EXPECT_LT(memory.grown(), 4u << 20);
    std::remove(file.c_str());
}

}  // namespace
}  // namespace waypost::email
