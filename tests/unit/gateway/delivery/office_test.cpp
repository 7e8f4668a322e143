// SPDX-License-Identifier: Apache-2.0
// What a person with a radio sees, line by line.
#include <gmock/gmock.h>

#include "gateway/commands/catalogue.h"
#include "village.h"

namespace waypost {
namespace {

TEST_F(Village, AnasMessageBecomesAMailAndTheAnswerComesBack) {
    name("ana", kAna);
    EXPECT_EQ(dm1(kAna, "bob@example.org Car broke down // at the ford, please come"), "1 kept");
    ASSERT_EQ(relay_->sent.size(), 1u);
    const Delivery& mail_out = relay_->sent[0];
    EXPECT_EQ(mail_out.from.value, "ana@hill.example");
    EXPECT_EQ(mail_out.to.value, "bob@example.org");
    EXPECT_EQ(mail_out.subject, "Car broke down");
    EXPECT_EQ(mail_out.text,
              "at the ford, please come\n\n-- \n"
              "This is read on a radio: about 200 letters of an answer arrive, and no photos.\n");
    EXPECT_EQ(relay_->wire_ids[0], mail_out.message_id);

    // Another From: the token admits it.
    Message answer =
        letter("robert@home.example", mail_out.reply_to.uri(), "Stay there. I come at 5.");
    answer.origin_id = "<r1@home.example>";
    answer.subject = "Re: Car broke down";
    answer.references = {mail_out.message_id};
    hand(answer);
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"2 robert: Stay there. I come at 5."}));
    EXPECT_EQ(radio_->sent.back().references, (std::vector<std::string>{"p1"}))
        << "the radio sees it as an answer to her own packet";

    EXPECT_EQ(dm1(kAna, "*2 Thank you"), "3 kept");
    EXPECT_EQ(relay_->sent[1].to.value, "robert@home.example");
    EXPECT_EQ(relay_->sent[1].references.front(), "<r1@home.example>");
    EXPECT_EQ(dm1(kAna, "?1"), "1 bob: sent to mail relay 0s ago");
}

TEST_F(Village, AStrangerWritesUnderHisRadiosNumberAndIsToldOnce) {
    EXPECT_EQ(dm1(kBen, "bob@example.org hi"),
              "1 kept. You write as 0000000b@hill.example. name ana keeps it.");
    EXPECT_EQ(relay_->sent[0].from.value, "0000000b@hill.example");
    EXPECT_EQ(dm1(kBen, "bob@example.org hi 2"), "2 kept");
    EXPECT_EQ(dm1(kBen, "bob@example.org hi 3"), "3 kept");
    EXPECT_EQ(dm1(kBen, "bob@example.org hi 4"),
              "NOT kept: 3 mails a day is the limit. Tomorrow again");
    EXPECT_EQ(relay_->sent.size(), 3u);
    pass(std::chrono::hours(24));
    EXPECT_EQ(dm1(kBen, "bob@example.org hi 5"), "4 kept");
}

TEST_F(Village, AStrangerTakesAName) {
    dm(kBen, "@bob=bob@example.org");
    EXPECT_EQ(dm1(kBen, "name ben").substr(0, 40), "Your name ben: mail ben@hill.example. 1 ");
    EXPECT_EQ(dm1(kBen, "1"), "You are ben@hill.example now");
    EXPECT_EQ(dm1(kBen, "@bob hello"), "1 kept") << "his address book came along";
    EXPECT_EQ(relay_->sent.back().from.value, "ben@hill.example");
    EXPECT_EQ(dm1(kAna, "name ben").substr(0, 13), "ben is taken.");
}

TEST_F(Village, AGreetingGetsHelpAndTalkWithoutARecipientIsADraft) {
    name("ana", kAna);
    EXPECT_EQ(dm1(kAna, "hello").substr(0, 14), "bob@x.org text");
    EXPECT_EQ(dm1(kAna, "are you coming").substr(0, 9), "Not sent.");
    dm(kAna, "@bob=bob@example.org");
    dm(kAna, "@bob first");
    EXPECT_EQ(dm1(kAna, "are you coming"), "Not sent. To whom? 1 bob");
    EXPECT_EQ(dm1(kAna, "1"), "2 kept > bob");
    EXPECT_EQ(relay_->sent.back().text, "are you coming");
}

TEST_F(Village, ATalkTakesPlainLinesForAnHour) {
    name("ana", kAna);
    dm(kAna, "@bob=bob@example.org");
    EXPECT_EQ(dm1(kAna, "@bob"), "Now to bob for 1h. Every line goes there");
    EXPECT_EQ(dm1(kAna, "on my way"), "1 kept > bob");
    clock_.advance(std::chrono::minutes(61));
    EXPECT_EQ(dm1(kAna, "on my way").substr(0, 9), "Not sent.");
}

TEST_F(Village, MailOfAStrangerOutsideIsHeldAndAnnouncedOnceADay) {
    name("ana", kAna);
    EXPECT_TRUE(mail("eve@x.org", "ana@hill.example", "buy now", "<1@x>").kept());
    EXPECT_EQ(shown(kAna),
              (std::vector<std::string>{"Mail held from eve@x.org. @+1 takes it, @-1 blocks"}));
    EXPECT_TRUE(mail("eve@x.org", "ana@hill.example", "buy more", "<2@x>").kept());
    EXPECT_TRUE(mail("mal@x.org", "ana@hill.example", "me too", "<3@x>").kept());
    EXPECT_TRUE(shown(kAna).empty()) << "one notice a day";
    const auto lines = dm(kAna, "@+1");
    EXPECT_EQ(lines, (std::vector<std::string>{"eve@x.org may write to you", "1 eve: buy now",
                                               "2 eve: buy more"}));
    EXPECT_EQ(dm1(kAna, "@-3"), "mal@x.org is blocked");
    EXPECT_EQ(mail("mal@x.org", "ana@hill.example", "again", "<4@x>").reason,
              Verdict::Reason::NotAllowed);
}

TEST_F(Village, AKnownFromAloneIsNoProof) {
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    mail("bob@example.org", "ana@hill.example", "forged?", "<1@x>", false);
    EXPECT_EQ(shown(kAna).at(0).substr(0, 31), "Mail held from bob@example.org.");
    mail("bob@example.org", "ana@hill.example", "real", "<2@x>", true);
    EXPECT_EQ(shown(kAna), (std::vector<std::string>{"3 bob: real"}));
}

TEST_F(Village, OnlyTheFirstMailThatArrivesSaysThatItIsReadOnARadio) {
    const auto notes = [&] {
        std::string out;
        for (const Delivery& mail : relay_->sent) {
            out += mail.text.find("read on a radio") == std::string::npos ? '-' : 'x';
        }
        return out;
    };
    name("ana", kAna);
    relay_->outcomes.push_back(
        {Outcome::Kind::Retry, ProofClass::Reported, "451", "later", {}, {}});
    dm(kAna, "bob@example.org one");
    for (int minute = 0; minute < 60; ++minute) pass(std::chrono::minutes(1));
    EXPECT_EQ(notes(), "xx") << "the same at each attempt";
    dm(kAna, "bob@example.org two");
    dm(kBen, "bob@example.org from somebody else here");
    EXPECT_EQ(notes(), "xx--");
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550", "mailbox full", {}, {}});
    dm(kAna, "eve@example.org one");
    dm(kAna, "eve@example.org two");
    EXPECT_EQ(notes(), "xx--xx") << "the first one never came";
    mail("joe@else.example", "ana@hill.example", "hi", "<j@e>");
    EXPECT_EQ(notes(), "xx--xx");
}

TEST_F(Village, WhoChoseALanguageKeepsIt) {
    name("ana", kAna);
    dm(kAna, "lang en");
    const Person* ana = box_->directory.get()->find("ana");
    ASSERT_NE(ana, nullptr);
    EXPECT_EQ(ana->row.language, "en");
    EXPECT_NE(dm1(kAna, "lang xx").find("en"), std::string::npos) << "says which there are";
    EXPECT_EQ(box_->directory.get()->find("ana")->row.language, "en");
}

TEST_F(Village, EachIsAnsweredInHisOwnLanguage) {
    name("ana", kAna);
    name("ben", kBen);
    EXPECT_EQ(dm1(kAna, "Idioma Español"), "Idioma: es");
    EXPECT_EQ(dm1(kBen, "lugha sw"), "Lugha: sw");
    EXPECT_EQ(dm1(kAna, "bob@example.org el puente se cayó"), "1 guardado");
    EXPECT_EQ(dm1(kBen, "eve@example.org daraja limeanguka"), "1 imehifadhiwa");
    ASSERT_EQ(relay_->sent.size(), 2u);
    const std::string english =
        "This is read on a radio: about 200 letters of an answer arrive, and no photos.\n";
    EXPECT_EQ(
        relay_->sent[0].text,
        "el puente se cayó\n\n-- \nEsto se lee en una radio: de una respuesta llegan unas 200 "
        "letras, y ninguna foto.\n" +
            english);
    EXPECT_EQ(relay_->sent[1].text,
              "daraja limeanguka\n\n-- \nHii inasomwa kwenye redio: katika jibu hufika herufi 200 "
              "hivi, na picha hazifiki.\n" +
                  english);
    EXPECT_EQ(dm1(kAna, "?9"), "No hay ningún 9. * muestra los tuyos");
    EXPECT_EQ(dm1(kBen, "?9"), "Hakuna namba 9. * huonyesha zako");
    EXPECT_EQ(dm1(kAna, "lang de"), "Solo hay: " + language_codes());
    EXPECT_EQ(dm1(kAna, "lang english"), "Language: en");
}

TEST_F(Village, TheOperatorGivesNobodyALanguageThatIsNotThere) {
    const auto refused = ask([](Desk& d) { return d.put_person("ana", "Ana", "de", ""); });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().text, "there is no language de here, only " + language_codes());
    EXPECT_EQ(box_->directory.get()->find("ana"), nullptr);
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "Ana", "sw", ""); }).ok());
    EXPECT_EQ(box_->directory.get()->find("ana")->row.language, "sw");
}

TEST_F(Village, LongMailComesInPages) {
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    std::string text;
    for (int i = 0; i < 60; ++i) text += "word" + std::to_string(i) + ' ';
    mail("bob@example.org", "ana@hill.example", text, "<1@x>", true);
    const auto first = shown(kAna);
    ASSERT_EQ(first.size(), 1u);
    EXPECT_LE(first[0].size(), 200u);
    EXPECT_NE(first[0].find(" +2"), std::string::npos) << first[0];
    std::string read = first[0];
    for (int i = 0; i < 5; ++i) {
        const std::string more = dm1(kAna, "+");
        if (more == "Nothing more") break;
        EXPECT_LE(more.size(), 200u);
        read += more;
    }
    for (int i = 0; i < 60; ++i) {
        EXPECT_NE(read.find("word" + std::to_string(i)), std::string::npos) << i;
    }
}

TEST_F(Village, PagesAreAsLongAsTheNarrowestRadioTakes) {
    box_->router.carries("meshtastic", "meshtastic", true, 140);
    name("ana", kAna);
    dm(kAna, "bob@example.org hi");
    std::string text;
    for (int i = 0; i < 60; ++i) text += "word" + std::to_string(i) + ' ';
    mail("bob@example.org", "ana@hill.example", text, "<1@x>", true);
    shown(kAna);
    std::string read = dm1(kAna, "2");
    for (std::string more = read; more != "Nothing more"; more = dm1(kAna, "+")) {
        EXPECT_LE(more.size(), 140u) << more;
        read += more;
    }
    for (int i = 0; i < 60; ++i) {
        EXPECT_NE(read.find("word" + std::to_string(i)), std::string::npos) << i;
    }
}

TEST_F(Village, SosTellsThePeopleNamedAndSaysWhoItDidNotTell) {
    name("ana", kAna);
    name("carl", kCarl);
    EXPECT_EQ(dm1(kAna, "SOS car in the ford"), "ALARM 1: 1 person of hill told. NOT police");
    EXPECT_EQ(all_shown(kCarl), (std::vector<std::string>{"ALARM 1 ana: car in the ford"}));
    clock_.advance(std::chrono::seconds(31));
    EXPECT_EQ(dm1(kAna, "SOS hurry"), "ALARM 1 is told already. NOT police");
    EXPECT_EQ(dm1(kCarl, "*1 coming with a rope"),
              "ALARM 1: ana is told that you have it. -1 closes it");
    EXPECT_THAT(last(kAna), ::testing::MatchesRegex("ALARM 1: carl at ..:..: coming with a rope"));
    EXPECT_EQ(dm1(kAna, "SOS TEST"), "DRILL. It works. A real SOS is told to 1 of hill");
}

TEST_F(Village, AHalfheartedSosWaitsThirtySecondsForAZero) {
    name("carl", kCarl);
    EXPECT_EQ(dm1(kBen, "sos").substr(0, 21), "SOS? 1 = now, 0 = no.");
    EXPECT_EQ(dm1(kBen, "0"), "OK, no alarm");
    pass(std::chrono::seconds(60));
    EXPECT_TRUE(all_shown(kCarl).empty());
    dm(kBen, "sos");
    pass(std::chrono::seconds(29));
    EXPECT_TRUE(all_shown(kCarl).empty());
    pass(std::chrono::seconds(2));
    EXPECT_EQ(all_shown(kCarl).size(), 1u);
}

TEST_F(Village, AnAlarmFromAChannelCountsAndOtherTalkThereDoesNot) {
    name("carl", kCarl);
    Message heard = spoken(kBen, "nice weather");
    heard.broadcast = true;
    EXPECT_FALSE(hand(heard).kept());
    EXPECT_TRUE(radio_->sent.empty());
    heard = spoken(kBen, "SOS fire at the mill");
    heard.broadcast = true;
    EXPECT_TRUE(hand(heard).kept());
    EXPECT_EQ(shown(kCarl).size(), 1u);
}

TEST_F(Village, FailuresComeUnasked) {
    name("ana", kAna);
    relay_->outcomes.push_back(
        {Outcome::Kind::Failed, ProofClass::Reported, "550 5.1.1", "no such address", {}, {}});
    const auto lines = dm(kAna, "nobody@example.org hi");
    EXPECT_EQ(lines, (std::vector<std::string>{"1 kept", "1 FAIL no such address"}));
    EXPECT_EQ(dm1(kAna, "?1"), "1 nobody: FAIL no such address");
    EXPECT_EQ(dm1(kAna, "?44"), "No item 44. * lists yours");
}

TEST_F(Village, CancelWorksUntilItLeaves) {
    name("ana", kAna);
    relay_->up = false;
    EXPECT_EQ(dm1(kAna, "bob@example.org hi"), "1 kept");
    EXPECT_EQ(dm1(kAna, "?1"), "1 bob: waits for its turn");
    EXPECT_EQ(dm1(kAna, "-1"), "1 cancelled");
    relay_->up = true;
    settle();
    EXPECT_TRUE(relay_->sent.empty());
    dm(kAna, "bob@example.org hi again");
    EXPECT_EQ(dm1(kAna, "-2"), "2 is on its way, too late");
}

TEST_F(Village, StopPausesEverythingButAlarms) {
    name("carl", kCarl);
    name("ana", kAna);
    dm(kCarl, "stop");
    EXPECT_EQ(dm1(kCarl, "1"), "Stopped. start = again");
    dm(kAna, "@carl are you there");
    for (const auto& line : all_shown(kCarl))
        EXPECT_EQ(line.find("are you there"), std::string::npos);
    dm(kAna, "SOS");
    EXPECT_NE(last(kCarl).find("ALARM"), std::string::npos);
    const auto lines = dm(kCarl, "start");
    EXPECT_EQ(lines.back(), "1 ana: are you there");
}

}  // namespace
}  // namespace waypost
