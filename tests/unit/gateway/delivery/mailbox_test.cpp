// SPDX-License-Identifier: Apache-2.0
// A mailbox on the box as an endpoint: alone, and beside a radio.
#include <algorithm>

#include "gateway/people/mail_accounts.h"
#include "village.h"

namespace waypost {
namespace {

constexpr char kGood[] = "correct-horse";

class Mailbox : public Village {
  protected:
    Mailbox()
        : dovecot_(std::make_shared<FakeTransport>("mailserver.box", "email", "mailbox",
                                                   Limits{0, 8, false})) {
        box_->router.carries("mailbox", "email", false);
        office_->load();
        dovecot_->start(*office_);
        office_->transports().add(dovecot_);
    }

    Result<void> password(const std::string& handle, const std::string& clear = kGood) {
        return ask([&](Desk& d) { return d.set_password(handle, Secret(clear)); });
    }
    void person(const std::string& handle) {
        ASSERT_TRUE(ask([&](Desk& d) { return d.put_person(handle, "", "", ""); }).ok());
    }
    void radio_and_mailbox() {
        name("ana", kAna);
        name("ben", kBen);
        ASSERT_TRUE(password("ana").ok());
    }
    std::vector<store::DeliveryRow> rows(MessageId message) {
        return *store_->read([&](store::Tables& t) { return t.deliveries.of_message(message); });
    }
    std::vector<MailAccount> accounts() {
        return *store_->read([](store::Tables& t) { return mail_accounts(t); });
    }
    // As a program of Ana's own hands it over.
    MessageId submit(const std::string& to, const std::string& id) {
        Message message = letter("ana@hill.example", to, "bring some");
        message.origin_id = id;
        message.subject = "Wood";
        message.body.bytes = "Subject: Wood\r\n\r\nbring some\r\n";
        message.body.size = message.body.bytes.size();
        message.trusted = message.submitted = true;
        return hand(message).message;
    }
    static Outcome failed() {
        Outcome no;
        no.kind = Outcome::Kind::Failed;
        no.code = "550 5.1.1";
        no.detail = "no such address";
        return no;
    }

    std::shared_ptr<FakeTransport> dovecot_;
};

TEST_F(Mailbox, PostsOfAGroupComeToBothAndOnlyTheRadioHasAShare) {
    radio_and_mailbox();
    ASSERT_TRUE(ask([](Desk& d) { return d.groups().add("news", {}); }).ok());
    for (const char* radio : {kAna, kBen}) dm(radio, "#+news");
    radio_->sent.clear();
    looked_ = 0;
    for (int i = 0; i < 6; ++i) dm(kBen, "#news post");
    EXPECT_EQ(dovecot_->sent.size(), 6u);
    EXPECT_TRUE(dovecot_->sent[0].list);
    EXPECT_EQ(dovecot_->sent[0].to, mailbox("ana"));
    EXPECT_EQ(std::count_if(radio_->sent.begin(), radio_->sent.end(),
                            [](const Delivery& d) { return d.to.value == kAna; }),
              4);
    const MessageId answered = submit("news@hill.example", "<s1@program>");
    EXPECT_EQ(rows(answered).size(), 1u) << "Ben; she wrote it herself";
    EXPECT_EQ(radio_->sent.back().text.substr(2), "#news ana: Wood // bring some");
    // Of a villager's own program nothing more is asked.
    submit("news+leave@hill.example", "<s2@program>");
    EXPECT_EQ(dovecot_->sent.back().subject, "You left news@hill.example");
    dm(kBen, "#news post");
    EXPECT_EQ(dovecot_->sent.size(), 7u);
}

TEST_F(Mailbox, OfANewKeyOfHerRadioSheIsToldThereOnce) {
    radio_and_mailbox();
    for (const char key : {'a', 'b', 'b'}) {
        Heard heard;
        heard.public_key = std::string(64, key);
        hear(kAna, heard);
    }
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_EQ(
        dovecot_->sent[0].text,
        "Your radio has a new key: mail to it waits until the operator says that it is yours");
    dm(kBen, "@ana at the ford");
    EXPECT_EQ(dovecot_->sent.back().text, "at the ford") << "the mailbox waits for nothing";
    EXPECT_TRUE(std::none_of(radio_->sent.begin(), radio_->sent.end(),
                             [](const Delivery& d) { return d.to.value == kAna; }));
}

TEST_F(Mailbox, WhatComesForSomebodyWithARadioComesToBoth) {
    radio_and_mailbox();
    dm(kBen, "ana@hill.example at the ford");
    EXPECT_EQ(shown(kAna), std::vector<std::string>{});  // dm() has looked
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_EQ(dovecot_->sent[0].to, mailbox("ana"));
    EXPECT_EQ(dovecot_->sent[0].text, "at the ford");
    EXPECT_TRUE(std::any_of(radio_->sent.begin(), radio_->sent.end(), [](const Delivery& d) {
        return d.to.value == kAna && d.text == "1 ben: at the ford";
    }));
    const auto both = rows(1);
    ASSERT_EQ(both.size(), 2u) << "each has a fate of its own in the trace";
    EXPECT_EQ(both[0].recipient, waypost::person("ana"));
    EXPECT_EQ(both[1].recipient, mailbox("ana"));
    EXPECT_EQ(relay_->sent.size(), 0u);
}

TEST_F(Mailbox, AStrangersMailWaitsForAWordOnTheRadioOnly) {
    radio_and_mailbox();
    EXPECT_TRUE(mail("eve@x.org", "ana@hill.example", "buy", "<1@x>").kept());
    EXPECT_EQ(shown(kAna).at(0), "Mail held from eve@x.org. @+1 takes it, @-1 blocks");
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_EQ(dovecot_->sent[0].text, "buy");
    dm(kAna, "@-1");
    EXPECT_FALSE(mail("eve@x.org", "ana@hill.example", "buy more", "<2@x>").kept());
    EXPECT_EQ(dovecot_->sent.size(), 1u) << "blocked is blocked";
}

TEST_F(Mailbox, AutomaticMailGoesThereAndToNoRadio) {
    radio_and_mailbox();
    Message news = letter("news@x.org", "ana@hill.example", "weekly");
    news.automatic = true;
    hand(news);
    EXPECT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_TRUE(shown(kAna).empty());
}

TEST_F(Mailbox, WhoHasOnlyAMailboxGetsAllOfItThere) {
    person("ana");
    mail("eve@x.org", "ana@hill.example", "before", "<1@x>");
    EXPECT_EQ(state_of(1), State::Held) << "nothing reaches her yet";
    ASSERT_TRUE(password("ana").ok());
    ASSERT_EQ(dovecot_->sent.size(), 1u) << "what waited for her comes too";
    mail("eve@x.org", "ana@hill.example", "after", "<2@x>");
    ASSERT_EQ(dovecot_->sent.size(), 2u);
    EXPECT_EQ(rows(2).size(), 1u);
    EXPECT_EQ(state_of(2), State::Sent);
}

TEST_F(Mailbox, WhatTheMailboxHasIsNotToldAsFailed) {
    radio_and_mailbox();
    radio_->unreachable = kAna;
    dm(kBen, "ana@hill.example are you there");
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    pass(std::chrono::hours(24 * 31));
    EXPECT_EQ(rows(1).at(0).state, State::Expired);
    for (const std::string& line : shown(kBen)) EXPECT_EQ(line.find("FAIL"), std::string::npos);
}

TEST_F(Mailbox, WhatBothLoseIsToldOnce) {
    radio_and_mailbox();
    dovecot_->outcomes.push_back(failed());
    radio_->unreachable = kAna;
    dm(kBen, "ana@hill.example are you there");
    pass(std::chrono::hours(24 * 31));
    const auto lines = shown(kBen);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), "1 FAIL not delivered before it expired"), 1);
}

TEST_F(Mailbox, WhatFailsOfAMailIsReadInTheThreadOfThatMail) {
    radio_and_mailbox();
    relay_->outcomes.push_back(failed());
    submit("bob@x.org", "<wood@phone>");
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_EQ(dovecot_->sent[0].text, "bob@x.org: NOT delivered, no such address");
    EXPECT_EQ(dovecot_->sent[0].references, (std::vector<std::string>{"<wood@phone>"}));
    EXPECT_TRUE(shown(kAna).empty()) << "she did not write by radio";
}

TEST_F(Mailbox, AnAnswerFromARadioKeepsTheThread) {
    radio_and_mailbox();
    submit("ben@hill.example", "<wood@phone>");
    EXPECT_EQ(shown(kBen), (std::vector<std::string>{"1 ana: Wood // bring some"}));
    dm(kBen, "*1 tomorrow");
    ASSERT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_EQ(dovecot_->sent[0].text, "tomorrow");
    EXPECT_EQ(dovecot_->sent[0].references, (std::vector<std::string>{"<wood@phone>"}));
}

TEST_F(Mailbox, ASenderOutsideHearsNothingOfARadioWhereTheMailboxHasItWhole) {
    radio_and_mailbox();
    Message long_one = letter("bob@x.org", "ana@hill.example", std::string(2000, 'y'));
    long_one.return_path = long_one.from;
    long_one.verified_sender = true;
    hand(long_one);
    dm(kAna, "@+1");  // and her radio shows the first page
    pass(std::chrono::hours(25));
    EXPECT_EQ(dovecot_->sent.size(), 1u);
    EXPECT_TRUE(relay_->sent.empty()) << "neither held, nor short, nor late";
}

TEST_F(Mailbox, ABounceForAnotherSaysNothingOfHisCopy) {
    name("ben", kBen);
    person("ana");
    ASSERT_TRUE(password("ana").ok());
    ASSERT_TRUE(password("ben").ok());
    const MessageId sent = submit("ben@hill.example", "<to-two@phone>");
    Proof bounced;
    bounced.kind = Proof::Kind::Bounced;
    bounced.code = "5.1.1";
    bounced.recipient = mailto("nobody", "hill.example");
    office_->proof("email", "<to-two@phone>", bounced);
    settle();
    EXPECT_EQ(rows(sent).at(1).recipient, mailbox("ben"));
    EXPECT_EQ(rows(sent).at(1).wire_id, "<to-two@phone>") << "the one under that id";
    EXPECT_EQ(rows(sent).at(1).state, State::Sent);
}

TEST_F(Mailbox, CancellingSaysThatACopyHadLeft) {
    radio_and_mailbox();
    radio_->unreachable = kAna;
    dm(kBen, "ana@hill.example are you there");
    EXPECT_EQ(dm1(kBen, "-1"), "1 cancelled where it waited; some copies had left");
}

TEST_F(Mailbox, AccountsGoWithTheirPeople) {
    radio_and_mailbox();
    const std::string folder = accounts().at(0).folder;
    EXPECT_EQ(accounts().at(0).hash.rfind("$argon2id$", 0), 0u);
    ASSERT_TRUE(password("ana", "another-horse").ok());
    EXPECT_EQ(accounts().at(0).folder, folder) << "a new password opens the same mailbox";
    dovecot_->turn_away = true;
    dm(kBen, "ana@hill.example last words");
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_TRUE(accounts().empty());
    EXPECT_EQ(rows(1).at(1).state, State::Cancelled);
    EXPECT_EQ(box_->directory.get()->endpoint(mailbox("ana")), nullptr);
    person("ana");
    ASSERT_TRUE(password("ana").ok());
    EXPECT_NE(accounts().at(0).folder, folder) << "the next of the name reads his own mail";
}

TEST_F(Mailbox, OnlyAPasswordOpensOne) {
    person("ana");
    EXPECT_FALSE(ask([](Desk& d) { return d.bind("ana", "mailbox:ben"); }).ok());
    EXPECT_FALSE(password("ana", "short").ok());
    EXPECT_FALSE(password("ana", std::string(129, 'x')).ok());
    EXPECT_FALSE(password("ana", "line\nbreak").ok());
    EXPECT_FALSE(password("nobody").ok());
    EXPECT_TRUE(accounts().empty());
    const Secret made = make_password(*random_);
    EXPECT_EQ(made.reveal().size(), 14u);
    EXPECT_TRUE(password("ana", std::string(made.reveal())).ok());
}

TEST_F(Mailbox, ClosedItTakesNothingMore) {
    person("ana");
    ASSERT_TRUE(password("ana").ok());
    dovecot_->turn_away = true;
    mail("eve@x.org", "ana@hill.example", "late", "<1@x>");
    ASSERT_TRUE(ask([](Desk& d) { return d.close_mailbox("ana"); }).ok());
    EXPECT_EQ(state_of(1), State::Held) << "until something reaches her again";
    EXPECT_FALSE(ask([](Desk& d) { return d.close_mailbox("ana"); }).ok());
}

TEST_F(Mailbox, WhatTheMailServerWasNotToldIsSaid) {
    person("ana");
    office_->on_people([] { return Result<void>(Error{Code::Full, "disk full", true}); });
    const auto said = password("ana");
    ASSERT_FALSE(said.ok());
    EXPECT_EQ(said.error().text, "on record, but the mail server was not told: disk full");
}

TEST_F(Mailbox, AnAlarmIsNotToldByAMailboxAlone) {
    person("carl");
    ASSERT_TRUE(password("carl").ok());
    EXPECT_EQ(responders_of(*box_).unreachable, (std::vector<std::string>{"carl"}));
    name("carl", kBen);
    EXPECT_EQ(responders_of(*box_).reachable, (std::vector<std::string>{"carl"}));
}

}  // namespace
}  // namespace waypost
