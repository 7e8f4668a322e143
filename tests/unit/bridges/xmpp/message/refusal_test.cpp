// SPDX-License-Identifier: Apache-2.0
// What does not come into custody goes back as an error, in words of who wrote it.
#include "tests/unit/bridges/xmpp/message/incoming_fixture.h"

namespace waypost::xmpp {
namespace {

TEST_F(IncomingTest, ARefusalIsTheErrorOfTheMessage) {
    const auto refused = [&](Verdict verdict) {
        office.verdict = [verdict](const Address&) { return verdict; };
        say("bob@x.org/phone", "zoe@gw.example", "<body>hi</body>");
        return last();
    };
    using V = Verdict;
    Element error =
        refused({V::Kind::Refused, V::Reason::UnknownRecipient, "nobody here is called zoe", 0});
    EXPECT_EQ(error.get("type"), "error");
    EXPECT_EQ(error.get("id"), "id-12345");
    EXPECT_EQ(error.get("from"), "zoe@gw.example");
    EXPECT_EQ(error.get("to"), "bob@x.org/phone");
    EXPECT_TRUE(error.find("error")->find("item-not-found", kStanzaErrorSpace));
    EXPECT_EQ(read_error(error).text, "nobody here is called zoe");
    error = refused({V::Kind::Later, V::Reason::StorageFull, "no room", 0});
    EXPECT_EQ(read_error(error).type, "wait");
    EXPECT_EQ(read_error(error).condition, "resource-constraint");
    error = refused({V::Kind::Refused, V::Reason::NotAllowed, "not you", 0});
    EXPECT_EQ(read_error(error).condition, "forbidden");
    EXPECT_EQ(incoming.counters().refused, 3u);
}

// In the language of the stanza, or of the person; the office's own sentence is English.
TEST_F(IncomingTest, ARefusalIsSaidInTheLanguageOfWhoWrote) {
    const auto refused = [&](Verdict::Reason reason, const char* from, const char* lang) {
        office.verdict = [reason](const Address&) {
            return Verdict{Verdict::Kind::Refused, reason, "in English", 0};
        };
        say(from, "zoe@gw.example", "<body>hi</body>",
            std::string("type='chat' id='id-12345'") + lang);
        const Element error = last();
        const Element* text = error.find("error")->find("text", kStanzaErrorSpace);
        return std::string(text->lang()) + ": " + std::string(text->text());
    };
    using R = Verdict::Reason;
    const char bob[] = "bob@x.org/p";
    EXPECT_EQ(refused(R::UnknownRecipient, bob, ""), "en: in English");
    EXPECT_EQ(refused(R::UnknownRecipient, bob, " xml:lang='de'"), "en: in English");
    EXPECT_EQ(refused(R::UnknownRecipient, bob, " xml:lang='es-MX'"),
              "es: " + catalogue("es").say("why_nobody"));
    EXPECT_EQ(refused(R::QuotaFull, bob, " xml:lang='sw'"),
              "sw: " + catalogue("sw").letter("chat_error_tomorrow"));
    people.residents["ana"].language = "uk";
    people.addresses[outside("ana@hill.example")] = "ana";
    EXPECT_EQ(refused(R::StorageFull, "ana@hill.example/x", " xml:lang='en'"),
              "uk: " + catalogue("uk").say("box_full"));
    for (const Catalogue* words : catalogues()) {
        people.residents["ana"].language = words->language();
        for (const R reason : {R::UnknownRecipient, R::NotAllowed, R::TooLarge, R::Loop,
                               R::BadInput, R::QuotaFull, R::StorageFull, R::Busy})
            EXPECT_EQ(refused(reason, "ana@hill.example/x", "").rfind(words->language() + ": ", 0),
                      0u);
    }
}

}  // namespace
}  // namespace waypost::xmpp
