// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "bridges/email/mime/read_mail.h"
#include "bridges/email/mime/write_mail.h"
#include "gateway/base/random.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

struct MailCase {
    const char* name;
    std::string mail;
    std::string text;
    std::string subject = {};
    bool cut = false;
    bool automatic = false;
    std::size_t attachments = 0;
};

std::vector<MailCase> mails() {
    return {
        {"plain", "From: Bob <bob@x.org>\nSubject: Hi\n\nHello Ana\n", "Hello Ana", "Hi"},
        {"a chat program's own subject", "Subject: Message from Bob\nChat-Version: 1.0\n\nHi\n",
         "Hi"},
        {"crlf", "From: bob@x.org\r\nSubject: Hi\r\n\r\nHello\r\nAna\r\n", "Hello\nAna", "Hi"},
        {"encoded subject", "Subject: =?utf-8?Q?Caf=C3=A9?= =?iso-8859-1?B?6eg=?=\n\nx\n", "x",
         "Caf\u00e9\u00e9\u00e8"},
        {"latin1", "Content-Type: text/plain; charset=iso-8859-1\n\nCaf\xe9\n", "Caf\u00e9"},
        {"koi8-r", "Content-Type: text/plain; charset=koi8-r\n\n\xf0\xd2\xc9\xd7\xc5\xd4\n",
         "\u041f\u0440\u0438\u0432\u0435\u0442"},
        {"shift-jis", "Content-Type: text/plain; charset=shift_jis\n\n\x93\xfa\x96\x7b\n",
         "\u65e5\u672c"},
        {"windows-1256", "Content-Type: text/plain; charset=windows-1256\n\n\xe3\xd1\xcd\xc8\xc7\n",
         "\u0645\u0631\u062d\u0628\u0627"},
        {"unknown charset", "Content-Type: text/plain; charset=x-nothing\n\nok \xff\n",
         "ok \u00ff"},
        {"no charset, raw bytes", "Subject: a\n\n\xc3\xa9 \xff\n", "\u00e9 \uFFFD", "a"},
        {"nul bytes", std::string("Subject: a\n\na\0b\n", 15), "ab", "a"},
        {"quoted-printable",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
         "quoted-printable\n\nna=C3=AFve=\n end\n",
         "na\u00efve end"},
        {"base64, cut short",
         "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
         "base64\n\nSGVsbG8gd29y",
         "Hello wor"},
        {"alternative",
         "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
         "text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n",
         "plain"},
        {"only html",
         "Content-Type: text/html; "
         "charset=utf-8\n\n<html><head><title>t</title><style>p{}</style></"
         "head><body><p>Hello<br>Ana &amp; co</p><script>bad()</script></body></html>\n",
         "Hello\nAna & co"},
        {"alternative with empty plain",
         "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
         "text/plain\n\n\n--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n",
         "rich"},
        {"an answer in html",
         "Content-Type: text/html; charset=utf-8\n\n<p>On 3 May 2026, Ana "
         "wrote:</p><blockquote>When?</blockquote><p>At 5.</p>\n",
         "At 5.", "", true},
        {"photo and text",
         "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
         "text/plain\n\nlook\n--b\nContent-Type: image/jpeg; name=\"a.jpg\"\nContent-Disposition: "
         "attachment; filename=\"../../etc/a.jpg\"\nContent-Transfer-Encoding: "
         "base64\n\n/9j/4AAQ\n--b--\n",
         "look", "", false, false, 1},
        {"no end boundary",
         "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
         "text/plain\n\nstill read\n",
         "still read"},
        {"flowed", "Content-Type: text/plain; format=flowed\n\nThis is one \nline.\nAnd two.\n",
         "This is one line.\nAnd two."},
        {"top posting",
         "Subject: Re: a\n\nYes, at 5.\n\nOn 3 May 2026, Ana <ana@hill.example> wrote:\n> When?\n> "
         "Ana\n",
         "Yes, at 5.", "Re: a", true},
        {"broken introduction",
         "Subject: Re: a\n\nYes.\n\nOn Mon, 3 May 2026 at 10:00, Ana Example\n<ana@hill.example> "
         "wrote:\n> When?\n",
         "Yes.", "Re: a", true},
        {"inline answers", "Subject: Re: a\n\n> When?\nAt 5.\n> Where?\nAt the ford.\n",
         "At 5.\nAt the ford.", "Re: a", true},
        {"german",
         "Subject: Re: a\n\nJa.\n\nAm 3. Mai 2026 schrieb Ana:\nAm 3. Mai schrieb:\n> Wann?\n",
         "Ja.\n\nAm 3. Mai 2026 schrieb Ana:", "Re: a", true},
        {"ukrainian",
         "Content-Type: text/plain; charset=utf-8\n\n\u0422\u0430\u043a.\n\n3 "
         "\u0442\u0440\u0430\u0432\u043d\u044f Ana \u043f\u0438\u0448\u0435\u0442:\n> "
         "\u041a\u043e\u043b\u0438?\n",
         "\u0422\u0430\u043a.", "", true},
        {"outlook",
         "Subject: RE: a\n\nFine.\n\n________________________________\nFrom: Ana "
         "<ana@hill.example>\nSent: Monday\nTo: Bob\nSubject: a\n\nWhen?\n",
         "Fine.", "RE: a", true},
        {"original message", "\nFine.\n\n-----Original Message-----\nFrom: Ana\nWhen?\n", "Fine.",
         "", true},
        {"signature", "Subject: a\n\nHello\n-- \nBob\nACME Corp\n", "Hello", "a", true},
        {"phone footer", "Subject: a\n\nComing\n\nSent from my iPhone\n", "Coming", "a", true},
        {"only a quote", "Subject: a\n\n> as you said\n", "> as you said", "a", false},
        {"vacation", "Auto-Submitted: auto-replied\nSubject: away\n\nI am away\n", "I am away",
         "away", false, true},
        {"not automatic", "Auto-Submitted: no\nSubject: a\n\nx\n", "x", "a", false, false},
        {"list", "List-Id: <a.b.c>\nSubject: a\n\nx\n", "x", "a", false, true},
        {"bounce",
         "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
         "boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: "
         "message/delivery-status\n\nReporting-MTA: dns; x\n--b--\n",
         "failed", "", false, true, 1},
        {"empty", "Subject: a\n\n", "", "a"},
        {"header only", "Subject: a", "", "a"},
    };
}

TEST(ReadMail, GivesWhatThePersonWrote) {
    for (const MailCase& each : mails()) {
        const auto mail = read_mail(each.mail);
        ASSERT_TRUE(mail.ok()) << each.name << ": " << mail.error().text;
        EXPECT_EQ(mail->text, each.text) << each.name;
        EXPECT_EQ(mail->subject, each.subject) << each.name;
        EXPECT_EQ(mail->cut, each.cut) << each.name;
        EXPECT_EQ(mail->automatic, each.automatic) << each.name;
        EXPECT_EQ(mail->attachments.size(), each.attachments) << each.name;
        for (const Attachment& a : mail->attachments) {
            EXPECT_EQ(a.name.find('/'), std::string::npos) << each.name;
        }
    }
}

TEST(ReadMail, ThreadsHopsAndLoops) {
    const auto mail = read_mail(
        "Received: a\nReceived: b\nX-Waypost-Loop: hill.example\nFrom: \"Bob B\" <Bob@X.org>\n"
        "Message-ID: <m@x.org>\nIn-Reply-To: <2@a>\nReferences: <1@a> <2@a>\n"
        "Authentication-Results: mx.hill.example; dmarc=pass\n\nx\n");
    ASSERT_TRUE(mail.ok());
    EXPECT_EQ(mail->message_id, "<m@x.org>");
    EXPECT_EQ(mail->references, (std::vector<std::string>{"<2@a>", "<1@a>"}));
    EXPECT_EQ(mail->from.value, "Bob@x.org");
    EXPECT_EQ(mail->from_name, "Bob B");
    EXPECT_EQ(mail->received, 2);
    EXPECT_EQ(mail->loop_tags, (std::vector<std::string>{"hill.example"}));
    EXPECT_EQ(mail->authentication_results.size(), 1u);
}

TEST(ReadMail, BombsEndWithinTheirLimits) {
    std::string flat = "Content-Type: multipart/mixed; boundary=b\n\n";
    for (int i = 0; i < 10000; ++i) flat += "--b\nContent-Type: text/plain\n\npart\n";
    const auto many = read_mail(flat);
    ASSERT_TRUE(many.ok());
    EXPECT_LE(many->text.size(), 200u * 6);

    std::string deep;
    for (int i = 0; i < 5000; ++i) {
        const std::string b = "b" + std::to_string(i);
        deep += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n";
    }
    EXPECT_TRUE(read_mail(deep + "\nend\n").ok());

    EXPECT_FALSE(read_mail("Subject: " + std::string(10 << 20, 'x') + "\n\nx\n").ok());
    EXPECT_FALSE(read_mail(std::string(10 << 20, 'x')).ok()) << "a header without end";

    const std::string big(4 << 20, 'y');
    const auto cut = read_mail("Subject: a\n\n" + big);
    ASSERT_TRUE(cut.ok());
    EXPECT_LE(cut->text.size(), 256u * 1024);
}

TEST(ReadMail, NothingThatArrivesCrashesIt) {
    const auto random = seeded_random(3);
    const auto all = mails();
    for (int round = 0; round < 2000; ++round) {
        std::string mail = all[random->below(all.size())].mail;
        for (auto n = random->below(8); n > 0; --n) {
            mail[random->below(mail.size())] = static_cast<char>(random->below(256));
        }
        const auto parsed = read_mail(mail);
        if (parsed.ok()) {
            EXPECT_TRUE(is_utf8(parsed->text));
            EXPECT_TRUE(is_utf8(parsed->subject));
        }
    }
}

OutgoingMail outgoing() {
    OutgoingMail mail;
    mail.from = *parse_address("ana@hill.example");
    mail.from_name = "Ana \u00c9";
    mail.to = *parse_address("bob@example.org");
    mail.reply_to = *parse_address("ana+token@hill.example");
    mail.subject = "Car broke down";
    mail.text = "at the ford, please come";
    mail.message_id = "<1@hill.example>";
    mail.references = {"<b@x>", "<a@x>"};
    mail.loop_tag = "hill.example";
    mail.date = wall_from_ms(1'800'000'000'000);
    return mail;
}

TEST(WriteMail, ComesBackAsItWasWritten) {
    const auto bytes = write_mail(outgoing());
    ASSERT_TRUE(bytes.ok());
    EXPECT_NE(bytes->find("\r\nReply-To: "), std::string::npos);
    EXPECT_NE(bytes->find("\r\nDate: Fri, 15 Jan 2027 08:00:00"), std::string::npos) << *bytes;
    EXPECT_EQ(bytes->find("\n\n"), std::string::npos) << "CRLF only";
    const auto mail = read_mail(*bytes);
    ASSERT_TRUE(mail.ok());
    EXPECT_EQ(mail->from.value, "ana@hill.example");
    EXPECT_EQ(mail->from_name, "Ana \u00c9");
    EXPECT_EQ(mail->subject, "Car broke down");
    EXPECT_EQ(mail->text, "at the ford, please come");
    EXPECT_EQ(mail->references, (std::vector<std::string>{"<b@x>", "<a@x>"}));
    EXPECT_EQ(mail->loop_tags, (std::vector<std::string>{"hill.example"}));
}

TEST(WriteMail, NoTextFromOutsideAddsAHeader) {
    OutgoingMail mail = outgoing();
    mail.subject = "a\r\nBcc: eve@x.org\r\n\r\nbody";
    mail.from_name = "x\r\nBcc: eve@x.org";
    mail.references = {"<a@b>\r\nBcc: eve@x.org", "no id"};
    mail.message_id = "<a\r\nBcc: eve@x.org>";
    const auto bytes = write_mail(mail);
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(bytes->find("\nBcc:"), std::string::npos) << *bytes;
}

TEST(WriteMail, AnyTextSurvivesTheWay) {
    const auto random = seeded_random(9);
    static const std::vector<std::string> kPieces = {
        "word ", "\n", "\u00e9",       "\U0001F44D",
        ".",     "=",  "\u0436\u0436", "a very long run of text "};
    for (int round = 0; round < 300; ++round) {
        OutgoingMail mail = outgoing();
        mail.text = "x";
        for (auto n = random->below(80); n > 0; --n)
            mail.text += kPieces[random->below(kPieces.size())];
        const auto back = read_mail(*write_mail(mail));
        ASSERT_TRUE(back.ok());
        EXPECT_EQ(squeeze(back->text), squeeze(mail.text));
    }
}

TEST(WriteMail, RefusesALocalPartThatTheRelayCannotCarry) {
    OutgoingMail mail = outgoing();
    mail.to = *parse_address("j\u00f6rg@example.org");
    EXPECT_EQ(write_mail(mail).error().code, Code::BadInput);
}

}  // namespace
}  // namespace waypost::email
