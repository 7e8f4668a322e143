// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/dress.h"

#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {
namespace {

class DressTest : public Village {
  protected:
    DressTest() { people.add_group("news"); }
    // A letter as Outgoing builds it.
    static Element letter(const std::string& from, const std::string& text) {
        return Element("message")
            .set("type", "chat")
            .set("from", from)
            .set("to", "bob@x.org")
            .set("id", "1")
            .add(Element("body").set_text(text))
            .add(Element("request", "urn:xmpp:receipts"));
    }
    static std::string text(const Element& stanza) {
        return std::string(stanza.child_text("body"));
    }

    const Names box{"hill.example", "hill.example"};
    const Jid account = *parse_jid("village@chat.example");
    const Dress shared{box, people, account, ""};
    const Dress anas{box, people, account, "ana"};
};

TEST_F(DressTest, ASharedAccountSaysWhoSpeaks) {
    EXPECT_EQ(text(shared.of_account(letter("ana@hill.example", "hi"))), "Ana Mwangi: hi");
    EXPECT_EQ(text(shared.of_account(letter("a1b2c3d4@hill.example", "hi"))), "a1b2c3d4: hi");
    EXPECT_EQ(text(shared.of_account(letter("news@hill.example", "ben: hi"))), "#news ben: hi");
    EXPECT_EQ(text(shared.of_account(letter("carl\\40y.org@hill.example", "hi"))),
              "carl@y.org: hi");
    EXPECT_EQ(text(anas.of_account(letter("ana@hill.example", "hi"))), "hi");
}

TEST_F(DressTest, NothingTellsTheServerAnotherSender) {
    for (const Dress* each : {&shared, &anas}) {
        const Element out = each->of_account(
            letter("ana@hill.example", "hi")
                .add(Element("nick", "http://jabber.org/protocol/nick").set_text("Ana"))
                .add(Element("delay", "urn:xmpp:delay").set("from", "hill.example")));
        EXPECT_EQ(out.find_attribute("from"), nullptr);
        EXPECT_EQ(out.find("delay", "urn:xmpp:delay")->get("from"), "village@chat.example");
        EXPECT_EQ(out.find("nick", "http://jabber.org/protocol/nick") != nullptr, each == &anas)
            << "the account's name is not that of one of those who share it";
    }
}

TEST_F(DressTest, WhatTheBoxSaysIsNobodysWord) {
    Element note = Element("message")
                       .set("from", "ana@hill.example")
                       .add(Element("body").set_text("could not be delivered"));
    EXPECT_EQ(shared.speaker(note), "");
    EXPECT_EQ(text(shared.of_account(note)), "could not be delivered");
    EXPECT_EQ(shared.speaker(letter("ana+k3f9m2xq@hill.example", "hi")), "ana");
    EXPECT_EQ(shared.speaker(letter("hill.example", "hi")), "");
}

}  // namespace
}  // namespace waypost::xmpp
