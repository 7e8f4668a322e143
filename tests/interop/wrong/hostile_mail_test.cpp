// SPDX-License-Identifier: Apache-2.0
// Mails made to hurt: each gets a clear answer in a few seconds, and the box's memory stays what
// it was.
#include <gtest/gtest.h>

#include "mail_line.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr long kFewMiB = 6 * 1024;  // KiB

std::string repeated(const std::string& piece, int count) {
    std::string all;
    all.reserve(piece.size() * static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) all += piece;
    return all;
}

class HostileMail : public ::testing::Test {
  protected:
    explicit HostileMail(const std::string& max_message = "20MiB")
        : port_(free_port()),
          box_(folder_,
               "[store]\nmax_message = \"" + max_message +
                   "\"\n[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(port_) +
                   "\"]\nmax_message = \"" + max_message + "\"\n") {
        box_.waypost("people add ana");
        EXPECT_EQ(post("Subject: warm\r\n\r\nup").substr(0, 3), "250");
        before_ = box_.peak_memory();
    }
    // What the box says to this mail; its memory and the time it took are looked at too.
    std::string post(const std::string& mail) {
        const auto began = Steady::now();
        MailLine line(port_);
        line.begin_mail();
        line.send("From: Bob <bob@x.test>\r\n" + mail);
        const std::string reply = line.end_mail();
        EXPECT_LT(Steady::now() - began, seconds(10));
        return reply;
    }
    // A mail of 100 MB whose size is announced nowhere.
    std::string post_100_mb() {
        MailLine line(port_);
        line.begin_mail();
        line.send("Subject: big\r\n\r\n");
        const std::string piece = repeated(std::string(76, 'x') + "\r\n", 1000);
        for (int i = 0; i < 100'000'000 / 78'000; ++i) line.send(piece);
        return line.end_mail();
    }
    long grown() const { return box_.peak_memory() - before_; }

    Folder folder_;
    int port_;
    BoxProcess box_;
    long before_ = 0;
};

struct RoomyBox : HostileMail {
    RoomyBox() : HostileMail("200MiB") {}
};

TEST_F(HostileMail, AHundredMegabytesAreRefusedBeforeOrAfterTheyTravel) {
    MailLine line(port_);
    line.ask("EHLO x.test");
    EXPECT_EQ(line.ask("MAIL FROM:<bob@x.test> SIZE=100000000").substr(0, 9), "552 5.3.4");
    EXPECT_EQ(post_100_mb(), "552 5.3.4 message too large");
    EXPECT_LT(grown(), kFewMiB);
    EXPECT_EQ(post("Subject: next\r\n\r\nhello").substr(0, 3), "250");
}

TEST_F(RoomyBox, AHundredMegabytesGoToDiskNotToMemory) {
    EXPECT_EQ(post_100_mb().substr(0, 3), "250");
    EXPECT_LT(grown(), kFewMiB);
}

TEST_F(HostileMail, BombsOfPartsAndHeadersAreTakenOrRefusedInBoundedMemory) {
    const std::string mixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    EXPECT_EQ(post(mixed + repeated("--b\r\nContent-Type: text/plain\r\n\r\npart\r\n", 10'000))
                  .substr(0, 3),
              "250");
    EXPECT_EQ(post(mixed + repeated("--b\n\n", 100'000)).substr(0, 3), "250");
    std::string nested;
    for (int i = 0; i < 10'000; ++i) {
        const std::string b = "b" + std::to_string(i);
        nested += "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n";
    }
    EXPECT_EQ(post(nested + "\r\nend").substr(0, 3), "250");
    EXPECT_EQ(post(repeated("Content-Type: message/rfc822\r\n\r\n", 10'000)).substr(0, 3), "250");
    EXPECT_EQ(post(repeated("X-Long: header\r\n", 200'000)), "554 5.6.0 the header is too long");
    EXPECT_EQ(post("Subject: " + std::string(1'000'000, 'x')), "554 5.6.0 the header is too long");
    EXPECT_LT(grown(), 16 * 1024);
    EXPECT_EQ(post("Subject: next\r\n\r\nhello").substr(0, 3), "250");
}

TEST_F(HostileMail, BytesThatAreNoTextAreMadeTextOrRefused) {
    EXPECT_EQ(post(std::string("Subject: a\0b\r\n\r\nhi\0\0there", 26)).substr(0, 3), "250");
    EXPECT_EQ(post("Subject: \xff\xfe\r\n\r\n\xff\xc0 raw").substr(0, 3), "250");
    EXPECT_EQ(post("Content-Type: text/plain; charset=utf-16\r\n\r\n\xd8").substr(0, 3), "250");
    MailLine line(port_);
    line.ask("EHLO x.test");
    EXPECT_EQ(line.ask("MAIL FROM:<b\xffx@x.test>"), "553 5.1.7 the address is not UTF-8");
    EXPECT_EQ(line.ask("MAIL FROM:<j\xc3\xb6rg@x.test> SMTPUTF8").substr(0, 3), "250");
    EXPECT_EQ(line.ask("RCPT TO:<an\xfe@village.test>"), "553 5.1.3 the address is not UTF-8");
    EXPECT_EQ(line.ask(std::string("RCPT TO:<an\0a@village.test>", 27)).substr(0, 3), "553");
    EXPECT_EQ(line.ask("RCPT TO:<ana@village.test>").substr(0, 3), "250");
}

}  // namespace
}  // namespace waypost::interop
