// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/own_words.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

struct WordsCase {
    const char* name;
    std::string text;
    std::string own;
};

void expect(const std::vector<WordsCase>& cases, MailKind kind = MailKind::Answer) {
    for (const WordsCase& each : cases) {
        const OwnWords words = own_words(each.text, kind);
        EXPECT_EQ(words.text, each.own) << each.name;
    }
}

TEST(OwnWords, IntroductionsOfManyPrograms) {
    const std::vector<const char*> introductions = {
        "On Mon, 2 Sep 2002, Ana wrote:",
        "On Mon, 2 Sep 2002 at 10:00, Ana Example\n<ana@hill.example> wrote:",
        "On Mon, 2 Sep 2002 10:00:01 +0200\nAna <ana@hill.example> wrote:",
        "Ana writes:",
        "Ana Example <ana@hill.example> writes:",
        "Quoting Ana <ana@hill.example>:",
        "In article <1@x>, Ana <ana@hill.example> wrote:",
        "* Ana <ana@hill.example> [2002-09-02 10:00]:",
        "At 10:00 PM +0200 on 9/2/02, Ana wrote:",
        "[Ana]",
        "Ana Example suggested:",
        "Also sprach Ana:",
        "Once upon a time, Ana wrote :",
        "Am 02.09.2002 um 10:00 schrieb Ana:",
        "Ana schrieb am 02.09.2002:",
        "Le 2 septembre 2002 à 10:00, Ana a écrit :",
        "El lun, 2 sept 2002 a las 10:00, Ana (<ana@hill.example>) escribió:",
        "Em seg., 2 de set. de 2002 às 10:00, Ana <ana@hill.example> escreveu:",
        "Il giorno lun 2 set 2002 alle ore 10:00 Ana ha scritto:",
        "Op ma 2 sep. 2002 om 10:00 schreef Ana <ana@hill.example>:",
        "Den mån 2 sep. 2002 kl 10:00 skrev Ana <ana@hill.example>:",
        "ma 2. syysk. 2002 klo 10.00 Ana (ana@hill.example) kirjoitti:",
        "pon., 2 wrz 2002 o 10:00 Ana <ana@hill.example> napisał(a):",
        "po 2. 9. 2002 v 10:00 odesílatel Ana <ana@hill.example> napsal:",
        "пн, 2 сент. 2002 г. в 10:00, Ana <ana@hill.example>:",
        "02.09.2002 10:00, Ana пишет:",
        "пн, 2 вер. 2002 р. о 10:00 Ana <ana@hill.example> пише:",
        "2 Eyl 2002 Pzt, 10:00 tarihinde Ana <ana@hill.example> şunu yazdı:",
        "في الاثنين، 2 سبتمبر 2002 في 10:00 كتب Ana <ana@hill.example>:",
        "2002年9月2日(月) 10:00 Ana <ana@hill.example>:",
        "在 2002年9月2日 10:00，Ana 写道：",
        "2002년 9월 2일 (월) 오전 10:00, Ana <ana@hill.example>님이 작성:",
        "Mnamo Jumatatu, 2 Sep 2002, Ana aliandika:",
        "सोम, 2 सित॰ 2002 को 10:00 बजे Ana <ana@hill.example> ने लिखा:"};
    for (const std::string introduction : introductions) {
        EXPECT_EQ(own_words("Yes, at 5.\n\n" + introduction + "\n> When?\n").text, "Yes, at 5.")
            << introduction;
        EXPECT_EQ(own_words(introduction + "\n\n> When?\n\nAt 5.\n").text, "At 5.") << introduction;
    }
}

TEST(OwnWords, ANameAloneIntroducesWhatIsRightBelow) {
    EXPECT_EQ(own_words("Ana:\n> When?\nAt 5.\n").text, "At 5.");
    EXPECT_EQ(own_words("Note:\n\n> When?\nAt 5.\n").text, "Note:\n\nAt 5.");
}

TEST(OwnWords, WhatOnlyLooksLikeAnIntroductionStays) {
    expect({{"a sentence", "> When?\nI tried this:\n> Where?\nno\n", "I tried this:\nno"},
            {"a list", "We need:\n- bread\n- salt\n", "We need:\n- bread\n- salt"},
            {"a table", "| a | b |\n| 1 | 2 |\n", "| a | b |\n| 1 | 2 |"},
            {"a prompt", "mysql> select 1;\nmysql> quit\n", "mysql> select 1;\nmysql> quit"}});
}

TEST(OwnWords, MarksOfQuotes) {
    expect(
        {{"arrow", "> a\n>> b\n  > c\nmine\n", "mine"},
         {"initials", "ALB> one\nALB> two\nmine\n", "mine"},
         {"SuperCite", ">>>>> \"Ana\" == Ana <a@x.org> writes:\n\nAna> one\nAna> two\nmine\n",
          "mine"},
         {"bar", "Ana wrote:\n| one\n| two\n\nmine\n", "mine"},
         {"colon", "On 3 May, Ana wrote:\n: one\n: two\nmine\n", "mine"},
         {"bracket", "Ana wrote:\n) one\n) two\nmine\n", "mine"},
         {"broken in two",
          "> a line that is so long that a program broke it in the middle of\nthe\n> "
          "sentence\nno\n",
          "no"},
         {"answers between", "> When?\nAt 5.\n> Where?\nAt the ford.\n", "At 5.\nAt the ford."}});
}

TEST(OwnWords, TheOldMailBelow) {
    expect(
        {{"original message", "Fine.\n\n-----Original Message-----\nFrom: Ana\nWhen?\n", "Fine."},
         {"Outlook",
          "Fine.\n\n________________________________\nFrom: Ana <a@x>\nSent: Monday\nTo: "
          "Bob\nSubject: a\n\nWhen?\n",
          "Fine."},
         {"bold", "Fine.\n\n*From:* Ana <a@x>\n*Sent:* Monday\n*To:* Bob\n*Subject:* a\n\nWhen?\n",
          "Fine."},
         {"German", "Gut.\n\nVon: Ana <a@x>\nGesendet: Montag\nAn: Bob\nBetreff: a\n\nWann?\n",
          "Gut."},
         {"French", "Oui.\n\nDe : Ana <a@x>\nEnvoyé : lundi\nÀ : Bob\nObjet : a\n\nQuand?\n",
          "Oui."},
         {"Russian", "Да.\n\nОт: Ana <a@x>\nОтправлено: сегодня\nКому: Bob\nТема: a\n\nКогда?\n",
          "Да."},
         {"Chinese",
          "好。\n\n发件人： Ana\n发送时间： 2022年\n收件人： Bob\n主题： a\n\n什么时候？\n",
          "好。"},
         {"header above marks",
          "-----Original Message-----\nFrom: Ana\nTo: Bob\n\n> When?\n\nAt 5.\n", "At 5."},
         {"no marks at all", "At 5.\n\nOn 3 May 2026 at 10:00, Ana wrote:\n\nWhen do you come?\n",
          "At 5."},
         {"it ends",
          "Yes.\n----- Original Message -----\nFrom: Ana\nWhen?\n"
          "----- End of Original Message -----\nBob\n",
          "Yes.\n\nBob"}});
}

TEST(OwnWords, AForwardKeepsWhatItForwards) {
    const std::string inner =
        "From: Carol <c@x.org>\nTo: Ana\nDate: Monday\nSubject: Road\n\n"
        "The road is shut.\n";
    const std::string rule = "---------- Forwarded message ----------\n";
    expect(
        {{"whole", rule + inner, "From: Carol\n\nThe road is shut."},
         {"with words", "Look:\n\n" + rule + inner, "Look:\n\nFrom: Carol\n\nThe road is shut."},
         {"Apple",
          "Begin forwarded message:\n\n> From: Carol <c@x.org>\n> The road is shut.\n\nBob\n",
          "From: Carol\nThe road is shut.\n\nBob"},
         {"a chain", rule + "From: Bob <b@x.org>\nTo: Ana\nSubject: Fwd: Road\n\n" + rule + inner,
          "From: Carol\n\nThe road is shut."}},
        MailKind::Forward);
    EXPECT_EQ(own_words(rule + inner, MailKind::Answer).text, "From: Carol\n\nThe road is shut.");
}

TEST(OwnWords, WhatKindOfMailItIs) {
    for (const char* subject : {"Fwd: x", "FW: x", "WG: x", "TR: x", "[list] Fwd: x", "[Fwd: x]",
                                "RV: x", "x (fwd)", "转发: x", "a new one"}) {
        EXPECT_EQ(mail_kind(subject, false), MailKind::Forward) << subject;
    }
    for (const char* subject :
         {"Re: x", "RE: Fwd: x", "AW: x", "[list] Re: x", "Re[2]: x", "SV: x", "Antw: x", ""}) {
        EXPECT_EQ(mail_kind(subject, false), MailKind::Answer) << subject;
    }
    EXPECT_EQ(mail_kind("a new one", true), MailKind::Answer) << "its header refers to a mail";
}

TEST(OwnWords, SignaturesAndCards) {
    expect(
        {{"delimiter", "Hello\n-- \nBob\nACME Corp\n", "Hello"},
         {"no space", "Hello\n--\nBob\n", "Hello"},
         {"above the quote", "Yes\n-- \nBob\n\n> When?\n", "Yes"},
         {"a typed name stays", "Hello\n--Bob\n", "Hello\n--Bob"},
         {"a divided text stays", "one\n--\ntwo\n--\nthree\n--\nfour\n--\nBob\n",
          "one\n\ntwo\n\nthree\n\nfour"},
         {"card", "Hello\n\nBob\nACME Corp, Mill Road 3\nTel: +44 1234 567890\nbob@acme.example\n",
          "Hello\n\nBob\nACME Corp, Mill Road 3"},
         {"links that he writes of stay", "See\n\nhttp://a.example\nhttp://b.example\n",
          "See\n\nhttp://a.example\nhttp://b.example"},
         {"telephone", "Coming\n\nSent from my iPhone\n", "Coming"},
         {"German telephone", "Komme\n\nVon meinem iPhone gesendet\n", "Komme"},
         {"only a telephone", "Sent from my iPhone\n", ""},
         {"only a signature", "-- \nBob\n", "Bob"}});
}

TEST(OwnWords, FootersOfListsAndProviders) {
    expect(
        {{"mailman",
          "Hi\n_______________________________________________\nnews mailing list\nnews@x.example\n"
          "http://x.example/mailman/listinfo/news\n",
          "Hi"},
         {"several",
          "Hi\n\n-------------------------------------------------------\nThis sf.net email is "
          "sponsored by: "
          "Shop\nhttp://shop.example\n_______________________________________________\n"
          "news mailing list\nnews@x.example\n",
          "Hi"},
         {"Yahoo",
          "Hi\n\n__________________________________________________\nDo You Yahoo!?\n"
          "Everything on one page\nhttp://uk.my.example\n",
          "Hi"},
         {"groups",
          "------------------------ Yahoo! Groups Sponsor ---------------------~-->\nBuy\n"
          "http://"
          "x.example\n---------------------------------------------------------------------~->"
          "\n\nHi\n\nTo unsubscribe from this group, send an email to:\na-unsubscribe@x.example\n",
          "Hi"},
         {"a rule that somebody drew", "one\n------\ntwo\n", "one\n\ntwo"}});
}

TEST(OwnWords, Disclaimers) {
    const std::vector<const char*> disclaimers = {
        "This e-mail and any files transmitted with it are confidential and intended solely for "
        "the "
        "use of the addressee.",
        "If you have received this message in error, please notify the sender and delete it.",
        "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Adressat sind, vernichten Sie "
        "sie.",
        "Ce message est confidentiel et à l'usage exclusif du destinataire.",
        "Este mensaje es confidencial. Si usted no es el destinatario, está prohibida su copia.",
        "Esta mensagem é confidencial e destina-se ao destinatário. Uso proibido.",
        "Questo messaggio è riservato. Se ricevuto per errore, avvisare il mittente.",
        "Это сообщение конфиденциально. Если Вы не адресат, уведомите отправителя письма."};
    for (const std::string disclaimer : disclaimers) {
        EXPECT_EQ(own_words("Hi\n\n**********\n" + disclaimer + "\n**********\n").text, "Hi")
            << disclaimer;
        EXPECT_EQ(own_words(disclaimer).text, disclaimer) << "never empty where there were words";
    }
}

TEST(OwnWords, WhatNewslettersAdd) {
    expect(
        {{"advertisement",
          "News\n\n--------\nADVERTISEMENT\n--------\nBuy now\nhttp://x.example\n--------\nMore\n",
          "News\n\nMore"},
         {"the word in a text", "They live by\nadvertising.\n\nAnd by sales.\n",
          "They live by\nadvertising.\n\nAnd by sales."},
         {"fine print",
          "Win a boat!\n\nNo purchase necessary. Void where prohibited by law.\n\n1. Who may "
          "enter.\n\nOdds of winning depend on the entries; our sole discretion.\n",
          "Win a boat!"},
         {"menu", "News\n\nHome | About Us | Contact\n", "News"},
         {"a pipe", "find . | sort | uniq\n", "find . | sort | uniq"},
         {"unsubscribe", "News\n\nTo unsubscribe, click http://x.example/u\n", "News"},
         {"a question about it", "How do I unsubscribe?\n\nBob\n", "How do I unsubscribe?\n\nBob"},
         {"copyright", "News\n\nCopyright 2026 News Ltd. All rights reserved.\n", "News"}});
}

TEST(OwnWords, ArmourOfOpenPgp) {
    const OwnWords open = own_words(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi\n- -- a dash\n-----BEGIN PGP "
        "SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n");
    EXPECT_EQ(open.text, "Hi\n-- a dash");
    EXPECT_FALSE(open.encrypted);
    const OwnWords sealed =
        own_words("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n");
    EXPECT_EQ(sealed.text, "");
    EXPECT_TRUE(sealed.encrypted);
}

TEST(OwnWords, TextWithWordsIsNeverEmpty) {
    for (const char* text : {"> as you said\n", "-- \nBob\n", "On 3 May 2026, Ana wrote:\n> x\n",
                             "-----Original Message-----\nFrom: Ana\nhi\n", "Copyright 2026 Bob\n",
                             "From: a\nTo: b\nSubject: c\nDate: d\n"}) {
        EXPECT_NE(own_words(text).text, "") << text;
    }
    EXPECT_EQ(own_words("").text, "");
    EXPECT_EQ(own_words("\n \n").text, "");
}

TEST(OwnWords, AnEnclosedMailIsReadIfNothingElseIsSaid) {
    const auto mail = read_mail(
        "From: Bob <b@x.org>\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/plain\n\n\n--b\nContent-Type: message/rfc822\n\nFrom: Carol "
        "<c@x.org>\nSubject: Road\n\nThe road is shut.\n-- \nCarol\n--b--\n");
    ASSERT_TRUE(mail.ok());
    EXPECT_EQ(mail->text, "From: Carol\nThe road is shut.");
}

TEST(OwnWords, HostileTextTakesTimeByItsSizeOnly) {
    for (const std::string piece :
         {"> a\nb\n", "On 3/5 10:00, X wrote:\n", "From: a\n", "From: a\nTo: b\nSubject: c\n\n",
          "--\n", "__________\nx http://a\n", "-----BEGIN PGP X\n", "a:\n|\n", "\n", "x",
          "A> b\nB> c\n", "-----Original Message-----\n", "----- End of forwarded -----\n",
          "a|b|c\n", "a@b\n", "To unsubscribe\n", "-- sponsor\n", "confidential addressee\n\n",
          "> \n\n\nx wrote:\n"}) {
        std::string text;
        while (text.size() < 256 * 1024) text += piece;
        const auto began = std::chrono::steady_clock::now();
        (void)own_words(text, MailKind::Forward);
        (void)own_words(text, MailKind::Answer);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        EXPECT_LT(took.count(), 2) << piece;
    }
}

}  // namespace
}  // namespace waypost::email
