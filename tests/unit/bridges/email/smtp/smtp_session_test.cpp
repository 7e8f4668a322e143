// SPDX-License-Identifier: Apache-2.0
// Conversations with the receiving side: C: is what the client sends, S: what must come back.
#include "bridges/email/smtp/smtp_session.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"

namespace waypost::email {
namespace {

struct Sink final : MailSink {
    Verdict check(const Envelope&, const Address& to, std::size_t) override {
        if (to.local_part() == "nobody") {
            return {Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient, "nobody here", 0};
        }
        if (to.local_part() == "full")
            return {Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room", 0};
        return {};
    }
    bool body(std::string_view bytes) override {
        current.append(bytes);
        return true;
    }
    std::optional<std::vector<Verdict>> finish(const Envelope& envelope) override {
        mails.push_back(current);
        senders.push_back(envelope.from ? envelope.from->value : "<>");
        last = envelope;
        current.clear();
        if (later) return std::nullopt;
        std::vector<Verdict> verdicts;
        for (const Address& to : envelope.to) {
            if (to.local_part() == "blocked") {
                verdicts.push_back(
                    {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "blocked", 0});
            } else if (to.local_part() == "later") {
                verdicts.push_back({Verdict::Kind::Later, Verdict::Reason::Busy, "busy", 0});
            } else {
                verdicts.push_back({Verdict::Kind::Accepted, Verdict::Reason::None, "", 7});
            }
        }
        return verdicts;
    }
    void abandon() override {
        current.clear();
        ++abandoned;
    }
    std::string current;
    std::vector<std::string> mails, senders;
    Envelope last;
    int abandoned = 0;
    bool later = false;  // verdicts do not come at once
};

SmtpOptions options(bool lmtp = false) {
    SmtpOptions o;
    o.lmtp = lmtp;
    o.host_name = "hill.example";
    o.max_message_bytes = 1000;
    return o;
}

// First digits of every reply line: "250 250 354 250".
std::string codes(const std::string& replies) {
    std::string out;
    for (std::size_t from = 0; from < replies.size();) {
        const std::size_t end = replies.find("\r\n", from);
        if (replies[from + 3] == ' ') out += (out.empty() ? "" : " ") + replies.substr(from, 3);
        from = end + 2;
    }
    return out;
}

constexpr char kHello[] = "EHLO x\r\n";
constexpr char kMail[] = "MAIL FROM:<a@b.example>\r\nRCPT TO:<ana@hill.example>\r\nDATA\r\n";

struct Script {
    const char* name;
    std::string said;
    std::string codes;
    std::vector<std::string> mails;
};

std::vector<Script> scripts() {
    const std::string hello = kHello;
    const std::string mail = kMail;
    return {
        {"one mail, pipelined",
         hello + mail + "hi\r\n.\r\nQUIT\r\n",
         "250 250 250 354 250 221",
         {"hi\r\n"}},
        {"two mails",
         hello + mail + "1\r\n.\r\n" + mail + "2\r\n.\r\n",
         "250 250 250 354 250 250 250 354 250",
         {"1\r\n", "2\r\n"}},
        {"dots are unstuffed",
         hello + mail + "..a\r\n.b\r\n...\r\n.\r\n",
         "250 250 250 354 250",
         {".a\r\nb\r\n..\r\n"}},
        {"an empty mail", hello + mail + ".\r\n", "250 250 250 354 250", {""}},
        {"no smuggling behind LF . LF",
         hello + mail + "a\n.\nMAIL FROM:<evil@x.org>\r\n.\r\n",
         "250 250 250 354 250",
         {"a\n.\nMAIL FROM:<evil@x.org>\r\n"}},
        {"nor behind LF . CRLF",
         hello + mail + "a\n.\r\nb\r\n.\r\n",
         "250 250 250 354 250",
         {"a\n.\r\nb\r\n"}},
        {"nor behind CR . CR",
         hello + mail + "a\r.\rb\r\n.\r\n",
         "250 250 250 354 250",
         {"a\r.\rb\r\n"}},
        {"CRLF . CR is no end",
         hello + mail + "a\r\n.\rb\r\n.\r\n",
         "250 250 250 354 250",
         {"a\r\n\rb\r\n"}},
        {"NULs pass",
         hello + mail + std::string("a\0b\r\n.\r\n", 8),
         "250 250 250 354 250",
         {std::string("a\0b\r\n", 5)}},
        {"bounce",
         hello + "MAIL FROM:<>\r\nRCPT TO:<ana@hill.example>\r\nDATA\r\nx\r\n.\r\n",
         "250 250 250 354 250",
         {"x\r\n"}},
        {"commands in the wrong order",
         "MAIL FROM:<a@b.c>\r\nEHLO x\r\nRCPT TO:<a@b.c>\r\nDATA\r\n",
         "503 250 503 503",
         {}},
        {"unknown recipient",
         hello + "MAIL FROM:<a@b.c>\r\nRCPT TO:<nobody@hill.example>\r\nDATA\r\n",
         "250 250 550 554",
         {}},
        {"no room",
         hello + "MAIL FROM:<a@b.c>\r\nRCPT TO:<full@hill.example>\r\n",
         "250 250 452",
         {}},
        {"announced too large", hello + "MAIL FROM:<a@b.c> SIZE=100000000\r\n", "250 552", {}},
        {"not announced, too large",
         hello + mail + std::string(2000, 'x') + "\r\n.\r\nNOOP\r\n",
         "250 250 250 354 552 250",
         {}},
        {"refused after DATA",
         hello + "MAIL FROM:<a@b.c>\r\nRCPT TO:<blocked@hill.example>\r\nDATA\r\nx\r\n.\r\n",
         "250 250 250 354 550",
         {"x\r\n"}},
        {"one kept, one later: later for all",
         hello + "MAIL FROM:<a@b.c>\r\nRCPT TO:<ana@hill.example>\r\nRCPT "
                 "TO:<later@hill.example>\r\nDATA\r\nx\r\n.\r\n",
         "250 250 250 250 354 451",
         {"x\r\n"}},
        {"bad addresses",
         hello + "MAIL FROM:<no at sign>\r\nMAIL FROM:a@b.c\r\nMAIL FROM:<a@b.c> FOO=1\r\n",
         "250 553 501 555",
         {}},
        {"8-bit and UTF-8",
         hello + "MAIL FROM:<j\xc3\xb6rg@b.c> BODY=8BITMIME SMTPUTF8\r\nRCPT "
                 "TO:<ana@hill.example>\r\nDATA\r\n\xff\xfe\r\n.\r\n",
         "250 250 250 354 250",
         {"\xff\xfe\r\n"}},
        {"a line without end", hello + std::string(5000, 'x') + "\r\nNOOP\r\n", "250 500 250", {}},
        {"small talk",
         hello + "NOOP\r\nVRFY ana\r\nRSET\r\nFOO\r\nHELO x\r\nQUIT\r\n",
         "250 250 252 250 500 250 221",
         {}},
        {"no TLS is offered", hello + "STARTTLS\r\n", "250 500", {}},
    };
}

TEST(SmtpSession, SpeaksAsTheTableSaysHoweverTheBytesArrive) {
    for (const Script& script : scripts()) {
        for (const std::size_t piece : {script.said.size(), std::size_t{1}, std::size_t{3}}) {
            Sink sink;
            SmtpSession session(options(), sink);
            std::string replies;
            for (std::size_t at = 0; at < script.said.size(); at += piece) {
                replies += session.feed(std::string_view(script.said).substr(at, piece));
            }
            EXPECT_EQ(codes(replies), script.codes) << script.name << ", pieces of " << piece;
            EXPECT_EQ(sink.mails, script.mails) << script.name << ", pieces of " << piece;
        }
    }
}

TEST(SmtpSession, LmtpAnswersForEachRecipient) {
    Sink sink;
    SmtpSession session(options(true), sink);
    EXPECT_EQ(
        codes(session.feed("EHLO x\r\nLHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<ana@hill.example>\r\n"
                           "RCPT TO:<blocked@hill.example>\r\nRCPT "
                           "TO:<later@hill.example>\r\nDATA\r\nx\r\n.\r\n")),
        "500 250 250 250 250 250 354 250 550 451");
}

TEST(SmtpSession, WhatASenderWantsToHearComesWithEachRecipientThatIsTaken) {
    for (const bool lmtp : {false, true}) {
        Sink sink;
        SmtpSession session(options(lmtp), sink);
        const std::string hello = session.feed(lmtp ? "LHLO x\r\n" : "EHLO x\r\n");
        EXPECT_NE(hello.find("250-DSN\r\n"), std::string::npos) << hello;
        EXPECT_EQ(codes(session.feed("MAIL FROM:<a@b.c> RET=HDRS ENVID=k3+2Bf9\r\n"
                                     "RCPT TO:<ana@hill.example>\r\n"
                                     "RCPT TO:<nobody@hill.example> NOTIFY=NEVER\r\n"
                                     "RCPT TO:<ben@hill.example> NOTIFY=OFTEN\r\n"
                                     "RCPT TO:<ben@hill.example> NOTIFY=SUCCESS "
                                     "ORCPT=rfc822;Ben@hill.example\r\nDATA\r\nx\r\n.\r\n")),
                  lmtp ? "250 250 550 501 250 354 250 250" : "250 250 550 501 250 354 250");
        ASSERT_EQ(sink.last.wishes.size(), sink.last.to.size());
        ASSERT_EQ(sink.last.to.size(), 2u);
        EXPECT_EQ(sink.last.envelope_id, "k3+f9");
        EXPECT_TRUE(sink.last.wishes[0].usual());
        EXPECT_TRUE(sink.last.wishes[1].delivered);
        EXPECT_FALSE(sink.last.wishes[1].failed);
        EXPECT_EQ(sink.last.wishes[1].recipient, "rfc822;Ben@hill.example");
        session.feed(kMail + std::string("y\r\n.\r\n"));
        EXPECT_EQ(sink.last.envelope_id, "") << "the next mail is another one";
        EXPECT_TRUE(sink.last.wishes.at(0).usual());
    }
}

TEST(SmtpSession, TlsForgetsWhatWasSaidInClear) {
    Sink sink;
    SmtpOptions with_tls = options();
    with_tls.tls_offered = true;
    SmtpSession session(with_tls, sink);
    EXPECT_NE(session.feed(kHello).find("250-STARTTLS"), std::string::npos);
    EXPECT_EQ(codes(session.feed("STARTTLS\r\nMAIL FROM:<evil@x.org>\r\n")), "220");
    EXPECT_TRUE(session.wants_tls());
    session.tls_started();
    EXPECT_EQ(codes(session.feed("MAIL FROM:<a@b.c>\r\n")), "503") << "hello again";
    EXPECT_EQ(session.feed(kHello).find("STARTTLS"), std::string::npos);
}

TEST(SmtpSession, WhatIsSentAheadWaitsForTheVerdict) {
    Sink sink;
    sink.later = true;
    SmtpSession session(options(), sink);
    const std::string mail = "MAIL FROM:<a@b.c>\r\nRCPT TO:<ana@hill.example>\r\nDATA\r\n";
    EXPECT_EQ(codes(session.feed(kHello + mail + "one\r\n.\r\n" + mail)), "250 250 250 354");
    EXPECT_TRUE(session.waits());
    EXPECT_EQ(codes(session.feed("two\r\n.\r\nQUIT\r\n")), "") << "nothing is read meanwhile";
    EXPECT_EQ(
        codes(session.answer({Verdict{Verdict::Kind::Accepted, Verdict::Reason::None, "", 7}})),
        "250 250 250 354");
    EXPECT_EQ(sink.mails, (std::vector<std::string>{"one\r\n", "two\r\n"}));
    EXPECT_TRUE(session.waits());
    EXPECT_EQ(codes(session.answer({Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, "", 0}})),
              "451 221");
    EXPECT_TRUE(session.close());
}

TEST(SmtpSession, TooManyErrorsEndIt) {
    Sink sink;
    SmtpSession session(options(), sink);
    for (int i = 0; i < 19; ++i) session.feed("FOO\r\n");
    EXPECT_FALSE(session.close());
    EXPECT_EQ(codes(session.feed("FOO\r\nNOOP\r\n")), "421");
    EXPECT_TRUE(session.close());
}

TEST(SmtpSession, APeerThatGoesInTheMiddleLeavesNothing) {
    Sink sink;
    SmtpSession session(options(), sink);
    session.feed(std::string(kHello) + kMail + "half a ma");
    session.gone();
    EXPECT_EQ(sink.abandoned, 1);
    EXPECT_TRUE(sink.mails.empty());
}

TEST(SmtpSession, NothingThatIsSaidBreaksIt) {
    const auto random = seeded_random(6);
    static const std::vector<std::string> kPieces = {"EHLO x",
                                                     "MAIL FROM:<a@b.c>",
                                                     "RCPT TO:<a@b.c>",
                                                     "DATA",
                                                     "\r\n",
                                                     ".",
                                                     "\r",
                                                     "\n",
                                                     "RSET",
                                                     std::string(1, '\0'),
                                                     "\xff",
                                                     "<>",
                                                     "SIZE=",
                                                     " NOTIFY=",
                                                     " ENVID=+",
                                                     "SUCCESS,",
                                                     "QUIT "};
    for (int round = 0; round < 3000; ++round) {
        Sink sink;
        SmtpSession session(options(), sink);
        for (auto n = random->below(60); n > 0; --n)
            session.feed(kPieces[random->below(kPieces.size())]);
        session.gone();
    }
}

}  // namespace
}  // namespace waypost::email
