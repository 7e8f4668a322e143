// SPDX-License-Identifier: Apache-2.0
// Groups and people outside: joining by mail, posts both ways, bounces, loops, large groups.
#include "group_village.h"

namespace waypost {
namespace {

using store::GroupMode;
using Lines = std::vector<std::string>;

constexpr char kBob[] = "bob@example.org";
constexpr char kList[] = "news@hill.example";

class GroupMail : public GroupVillage {
  protected:
    GroupMail() {
        EXPECT_TRUE(add("news").ok());
        dm(kAna, "#+news");
    }
    // She has no radio, a mailbox only.
    void dora_has_a_mailbox() {
        ASSERT_TRUE(
            ask([](Desk& d) { return d.put_person("dora", "", "", "", std::nullopt); }).ok());
        store_->writer().submit(
            [](store::Tables& t) {
                t.people.put_endpoint({mailbox("dora"), "dora", "", "", "", 0, ""});
            },
            {});
        settle();
        office_->load();
        ASSERT_TRUE(ask([](Desk& d) {
                        return d.groups().set("news", of_mode(GroupMode::Moderated, {"dora"}));
                    }).ok());
    }
    std::shared_ptr<FakeTransport> dora_moderates() {
        box_->router.carries("mailbox", "mailserver", false);
        auto inbox = std::make_shared<FakeTransport>("mailserver", "mailserver", "mailbox",
                                                     Limits{0, 4, false});
        inbox->start(*office_);
        office_->transports().add(inbox);
        dora_has_a_mailbox();
        return inbox;
    }
    void bob_is_in() { ASSERT_TRUE(put_in("news", kBob).ok()); }
    Outcome refused(const std::string& code) {
        return {Outcome::Kind::Failed, ProofClass::Reported, code, "no such address", {}, {}};
    }
};

TEST_F(GroupMail, SomebodyOutsideJoinsByAnsweringAndLeavesAtOnce) {
    ASSERT_TRUE(hand(mail_of(kBob, "news+join@hill.example", "please")).kept());
    EXPECT_FALSE(is_in("news", "mailto:bob@example.org")) << "anybody can write a From";
    ASSERT_EQ(relay_->sent.size(), 1u);
    const Delivery asked = relay_->sent.back();
    EXPECT_EQ(asked.to.value, kBob);
    EXPECT_TRUE(asked.automatic);
    EXPECT_TRUE(asked.return_path.empty());
    EXPECT_EQ(asked.subject, "Join news@hill.example?");
    ASSERT_EQ(asked.reply_to.value.rfind("news+", 0), 0u);

    EXPECT_FALSE(hand(mail_of("eve@example.org", asked.reply_to.value, "me")).kept())
        << "the token is his";
    EXPECT_FALSE(hand(mail_of(kBob, "news+abcdefghijklmnop@hill.example", "me")).kept());
    EXPECT_TRUE(hand(mail_of(kBob, asked.reply_to.value, "yes")).kept());
    EXPECT_TRUE(is_in("news", "mailto:bob@example.org"));
    EXPECT_EQ(relay_->sent.back().subject, "You are in news@hill.example");

    EXPECT_TRUE(hand(mail_of(kBob, "news+leave@hill.example", "")).kept());
    EXPECT_FALSE(is_in("news", "mailto:bob@example.org"));
    EXPECT_EQ(relay_->sent.back().subject, "You left news@hill.example");
}

TEST_F(GroupMail, NobodyIsPutOutByAForgedFrom) {
    bob_is_in();
    Message forged = mail_of(kBob, "news+leave@hill.example", "");
    forged.verified_sender = false;
    EXPECT_TRUE(hand(forged).kept());
    EXPECT_TRUE(is_in("news", "mailto:bob@example.org"));
    const Delivery asked = relay_->sent.back();
    EXPECT_EQ(asked.subject, "Leave news@hill.example?");
    Message yes = mail_of(kBob, asked.reply_to.value, "yes");
    yes.verified_sender = false;
    EXPECT_TRUE(hand(yes).kept());
    EXPECT_FALSE(is_in("news", "mailto:bob@example.org"));
}

TEST_F(GroupMail, AFloodOfForgedJoinsWritesToFew) {
    for (int i = 0; i < 100; ++i) {
        Message forged =
            mail_of("u" + std::to_string(i) + "@example.org", "news+join@hill.example", "");
        forged.verified_sender = false;
        hand(forged);
    }
    EXPECT_EQ(relay_->sent.size(), 20u);
    for (int i = 0; i < 9; ++i) hand(mail_of(kBob, "news+join@hill.example", "again"));
    EXPECT_EQ(mails_to(kBob).size(), 4u);
    Message robot = mail_of(kBob, "news+join@hill.example", "out of office");
    robot.automatic = robot.program = true;
    EXPECT_FALSE(hand(robot).kept());
}

TEST_F(GroupMail, APostOfOursGoesInItsAuthorsNameWithWhatListsSay) {
    bob_is_in();
    dm(kAna, "#news Water is on");
    const auto mails = mails_to(kBob);
    ASSERT_EQ(mails.size(), 1u);
    const Delivery& mail = mails[0];
    EXPECT_EQ(mail.from.value, "ana@hill.example");
    EXPECT_EQ(mail.reply_to.value, kList);
    EXPECT_EQ(mail.return_path.value.rfind("bounce+", 0), 0u);
    EXPECT_FALSE(mail.automatic);
    ASSERT_TRUE(mail.list);
    EXPECT_EQ(mail.list->address.value, kList);
    EXPECT_FALSE(mail.list->in_its_name);

    Message answer = mail_of(kBob, kList, "Thanks");
    answer.references = {mail.message_id};
    EXPECT_TRUE(hand(answer).kept());
    EXPECT_EQ(last(kAna), "2 #news Bob: Thanks");
    EXPECT_EQ(mails_to(kBob).size(), 1u) << "the author has it";
    dm(kAna, "*2 Welcome");
    const Delivery thread = mails_to(kBob).back();
    EXPECT_EQ(thread.references.at(0), answer.origin_id) << "threads stay";
}

TEST_F(GroupMail, APostFromOutsideGoesInTheGroupsNameUnderItsOwnId) {
    bob_is_in();
    ASSERT_TRUE(put_in("news", "eve@example.net").ok());
    const Message post = mail_of(kBob, kList, "The well is dry");
    ASSERT_TRUE(hand(post).kept());
    const auto mails = mails_to("eve@example.net");
    ASSERT_EQ(mails.size(), 1u);
    EXPECT_EQ(mails[0].from.value, kList);
    EXPECT_EQ(mails[0].from_name, "Bob via news");
    EXPECT_EQ(mails[0].message_id, post.origin_id);
    EXPECT_TRUE(mails[0].list->in_its_name);
    EXPECT_EQ(hand(post).kind, Verdict::Kind::Duplicate);
    Message again = post;
    again.text = "the same, through another server";
    EXPECT_EQ(hand(again).kind, Verdict::Kind::Duplicate);
    EXPECT_EQ(mails_to("eve@example.net").size(), 1u);
}

TEST_F(GroupMail, WhoIsNotInItOrNotVouchedForIsRefused) {
    bob_is_in();
    EXPECT_EQ(hand(mail_of("eve@example.net", kList, "spam")).reason, Verdict::Reason::NotAllowed);
    Message forged = mail_of(kBob, kList, "not me");
    forged.verified_sender = false;
    EXPECT_EQ(hand(forged).reason, Verdict::Reason::NotAllowed);
    Message robot = mail_of(kBob, kList, "out of office");
    robot.automatic = robot.program = true;
    EXPECT_EQ(hand(robot).reason, Verdict::Reason::NotAllowed);
    Message sealed = mail_of(kBob, kList, "[encrypted, cannot be read here]");
    sealed.unreadable = Unreadable::Encrypted;
    EXPECT_EQ(hand(sealed).reason, Verdict::Reason::NotAllowed);
    Message as_ana = mail_of("ana@hill.example", kList, "I am Ana");
    as_ana.verified_sender = false;
    EXPECT_EQ(hand(as_ana).reason, Verdict::Reason::NotAllowed);
    EXPECT_EQ(hand(mail_of(kBob, "nwes@hill.example", "?")).reason,
              Verdict::Reason::UnknownRecipient);

    GroupWish anyone;
    anyone.posters = store::Posters::Anyone;
    ASSERT_TRUE(ask([&](Desk& d) { return d.groups().set("news", anyone); }).ok());
    EXPECT_TRUE(hand(mail_of("eve@example.net", kList, "hello all")).kept());
    EXPECT_EQ(hand(forged).reason, Verdict::Reason::NotAllowed);
}

TEST_F(GroupMail, SpamToAModeratedGroupCostsItsModeratorOnePacketADay) {
    ASSERT_TRUE(
        ask([](Desk& d) { return d.groups().set("news", of_mode(GroupMode::Moderated)); }).ok());
    int kept = 0;
    for (int i = 0; i < 50; ++i) {
        const auto verdict =
            hand(mail_of("eve" + std::to_string(i) + "@example.net", kList, "buy now"));
        kept += verdict.kept() ? 1 : 0;
    }
    EXPECT_EQ(kept, 20);
    EXPECT_EQ(all_shown(kCarl), Lines{"1 #news Bob: The well // buy now. @+1 passes, @-1 drops"});
    EXPECT_EQ(dm(kCarl, "@+2").front(), "2 passed to #news");
    EXPECT_EQ(last(kAna), "1 #news Bob: The well // buy now");
}

TEST_F(GroupMail, NorMoreThanOneMailADayWhereHeHasNoRadio) {
    const auto inbox = dora_moderates();
    for (int i = 0; i < 5; ++i)
        hand(mail_of("eve" + std::to_string(i) + "@example.net", kList, "buy now"));
    EXPECT_EQ(inbox->sent.size(), 1u);
    dm(kAna, "#news Water is on");
    EXPECT_EQ(inbox->sent.size(), 2u) << "a villager's post is always told";
}

TEST_F(GroupMail, AModeratorWhomNothingReachesIsAskedNothing) {
    dora_has_a_mailbox();
    dm(kAna, "#news Water is on");
    const auto asked = store_->read([](store::Tables& t) {
        int mails = 0;
        for (const MessageId id : t.messages.of_owner("")) {
            const auto row = t.messages.find(id);
            mails += row && row->message.subject.find("waits") != std::string::npos ? 1 : 0;
        }
        return mails;
    });
    EXPECT_EQ(*asked, 0);
}

TEST_F(GroupMail, AModeratorWithoutARadioIsAskedByMailAndDecidesByMail) {
    const auto inbox = dora_moderates();
    bob_is_in();
    dm(kAna, "#news Water is on");
    ASSERT_EQ(inbox->sent.size(), 1u);
    const Delivery asked = inbox->sent[0];
    EXPECT_TRUE(asked.automatic);
    EXPECT_EQ(asked.subject, "#news: a post of ana waits for you");
    EXPECT_NE(asked.text.find("Water is on"), std::string::npos);
    ASSERT_EQ(asked.reply_to.value.rfind("news+pass-", 0), 0u);
    const std::size_t drop = asked.text.find("news+drop-");
    ASSERT_NE(drop, std::string::npos);
    const std::string drop_it =
        asked.text.substr(drop, asked.text.find("hill.example", drop) + 12 - drop);

    std::string forged = asked.reply_to.value;
    forged.replace(forged.find("pass-"), 5, "drop-");
    EXPECT_FALSE(hand(mail_of("dora@x.org", forged, "")).kept()) << "one token, one word";
    Message robot = mail_of("dora@x.org", asked.reply_to.value, "out of office");
    robot.automatic = robot.program = true;
    EXPECT_FALSE(hand(robot).kept());
    EXPECT_TRUE(mails_to(kBob).empty());
    EXPECT_TRUE(hand(mail_of("dora@x.org", asked.reply_to.value, "yes")).kept());
    EXPECT_EQ(mails_to(kBob).size(), 1u);
    EXPECT_EQ(all_shown(kAna).back(), "1 in #news");
    EXPECT_FALSE(hand(mail_of("dora@x.org", drop_it, "no")).kept()) << "it is decided";

    dm(kAna, "#news Water is off");
    const std::string next = inbox->sent.back().reply_to.value;
    ASSERT_NE(next, asked.reply_to.value);
    ASSERT_TRUE(ask([](Desk& d) {
                    return d.groups().set("news", of_mode(GroupMode::Moderated, {"carl"}));
                }).ok());
    EXPECT_FALSE(hand(mail_of("dora@x.org", next, "yes")).kept()) << "a moderator no more";
    EXPECT_EQ(mails_to(kBob).size(), 1u);
}

TEST_F(GroupMail, WhomMailsCannotReachIsOutAfterThree) {
    ASSERT_TRUE(ask([](Desk& d) { return d.groups().set("news", of_mode(GroupMode::Open)); }).ok());
    bob_is_in();
    const auto fail_next = [&](const std::string& code) {
        relay_->outcomes.push_back(refused(code));
        dm(kAna, "#news hello");
    };
    for (int i = 0; i < 5; ++i) fail_next("554 5.4.6");
    for (int i = 0; i < 2; ++i) fail_next("550 5.1.1");
    EXPECT_TRUE(is_in("news", "mailto:bob@example.org"));
    fail_next("550 5.1.1");
    EXPECT_FALSE(is_in("news", "mailto:bob@example.org"));
    EXPECT_EQ(last(kCarl), "#news: bob@example.org is out, mails there fail");
    for (const std::string& line : all_shown(kAna))
        EXPECT_EQ(line.find("FAIL"), std::string::npos) << "the author hears nothing of it";
}

TEST_F(GroupMail, ABounceByItsReturnPathCountsToo) {
    bob_is_in();
    for (int i = 0; i < 3; ++i) {
        dm(kAna, "#news hello");
        Message bounce = mail_of("mailer-daemon@mx.example.org", "x@hill.example", "sorry");
        bounce.to = {mails_to(kBob).back().return_path};
        bounce.automatic = true;
        bounce.fate = Fate{Fate::Kind::Failed, "", mailto("bob", "example.org"), "5.1.1", "gone"};
        EXPECT_TRUE(hand(bounce).kept());
    }
    EXPECT_FALSE(is_in("news", "mailto:bob@example.org"));
}

TEST_F(GroupMail, WhoIsNamedBesideTheGroupGetsItOnce) {
    bob_is_in();
    Message both = mail_of(kBob, kList, "for all and Ana");
    both.to.push_back(mailto("ana", "hill.example"));
    both.text = "hello";
    dm(kAna, "bob@example.org hi");
    const auto before = all_shown(kAna).size();
    EXPECT_TRUE(hand(both).kept());
    EXPECT_EQ(all_shown(kAna).size(), before + 1);
}

TEST_F(GroupMail, WhoIsNamedBesideALargeGroupGetsItOnceToo) {
    bob_is_in();
    store_->writer().submit(
        [&](store::Tables& t) {
            for (int i = 0; i < 150; ++i) {
                store::MemberRow row;
                row.group = "news";
                row.address = mailto("u" + std::to_string(i), "example.org");
                t.groups.put_member(row);
            }
        },
        {});
    settle();
    Message both = mail_of(kBob, kList, "hello");
    both.to.push_back(mailto("ana", "hill.example"));
    dm(kAna, "bob@example.org hi");
    const auto before = all_shown(kAna).size();
    EXPECT_TRUE(hand(both).kept());
    for (int i = 0; i < 5; ++i) settle();
    EXPECT_EQ(mails_to("u149@example.org").size(), 1u);
    EXPECT_EQ(all_shown(kAna).size(), before + 1) << "she is in the second batch";
}

// A kill between two batches loses nobody, and nobody gets it twice.
TEST_F(GroupMail, ALargeGroupIsServedInBatchesAcrossARestart) {
    constexpr std::size_t kMembers = 250;
    store_->writer().submit(
        [&](store::Tables& t) {
            for (std::size_t i = 0; i < kMembers; ++i) {
                store::MemberRow row;
                row.group = "news";
                row.address = mailto("u" + std::to_string(i), "example.org");
                t.groups.put_member(row);
            }
        },
        {});
    settle();
    office_->accept(spoken(kAna, "#news to all"), [](const std::vector<Verdict>&) {});
    store_->writer().step();
    const auto passing = *store_->read([](store::Tables& t) { return t.posts.next_passing(); });
    ASSERT_TRUE(passing) << "one transaction must not serve them all";
    EXPECT_EQ(store_
                  ->read([&](store::Tables& t) {
                      return t.deliveries.of_message(passing->message).size();
                  })
                  .value(),
              100u);
    close();
    open();
    pass(std::chrono::seconds(20));
    for (int i = 0; i < 5; ++i) settle();
    std::set<std::string> got;
    for (const Delivery& d : relay_->sent) EXPECT_TRUE(got.insert(d.to.value).second) << d.to.value;
    EXPECT_EQ(got.size(), kMembers);
    EXPECT_FALSE(*store_->read([](store::Tables& t) { return t.posts.next_passing(); }));
}

// Two boxes whose groups are members of each other, their relays wired together.
class Neighbour final : public GroupVillage {
  public:
    explicit Neighbour(const std::string& village) {
        close();
        settings_.domain = village + ".example";
        settings_.village = village;
        open();
        EXPECT_TRUE(add("news").ok());
        dm(kAna, "#+news");
        dm(kBen, "#+news");
    }
    void TestBody() override {}
    void join(const std::string& who) { EXPECT_TRUE(put_in("news", who).ok()); }
    void say(const std::string& text) { dm(kAna, text); }
    std::size_t mails() const { return relay_->sent.size(); }
    std::size_t seen(const std::string& radio, const std::string& text) const {
        const auto lines = all_shown(radio);
        return static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(),
            [&](const std::string& line) { return line.find(text) != std::string::npos; }));
    }
    // What its relay got since the last call goes to the other box, as a mail reader sees it there.
    std::size_t carry_to(Neighbour& other) {
        std::size_t carried = 0;
        for (; carried_ < relay_->sent.size(); ++carried_) {
            const Delivery& d = relay_->sent[carried_];
            if (d.to.domain() != other.settings_.domain) continue;
            Message message;
            message.from = d.from;
            message.from_name = d.from_name;
            message.return_path = d.return_path;
            message.to = {d.to};
            message.network = "email";
            message.transport = "email";
            message.origin_id = d.message_id;
            message.text = d.text;
            message.references = d.references;
            message.automatic = d.automatic || d.list;
            message.program = d.automatic;
            message.verified_sender = true;
            if (d.list) {
                ListTrail trail;
                trail.last = d.list->address;
                trail.passed = d.list->passed;
                trail.passed.push_back(trail.last.value);
                message.lists = trail;
            }
            last_verdict = other.hand(message);
            ++carried;
        }
        return carried;
    }
    Verdict again(const Message& message) { return hand(message); }
    Message mail(const std::string& from, const std::string& to, const std::string& text) {
        return mail_of(from, to, text);
    }
    Verdict last_verdict;

  private:
    std::size_t carried_ = 0;
};

TEST(GroupLoop, TwoGroupsThatAreInEachOtherPassAPostOnce) {
    Neighbour hill("hill");
    Neighbour dale("dale");
    hill.join("news@dale.example");
    dale.join("news@hill.example");
    hill.join("bob@example.org");
    dale.join("eve@example.net");
    hill.say("#news The pass is open");
    std::size_t carried = 0;
    for (int round = 0; round < 10; ++round) carried += hill.carry_to(dale) + dale.carry_to(hill);
    EXPECT_EQ(carried, 1u) << "nothing goes back";
    EXPECT_TRUE(hill.last_verdict.kept()) << hill.last_verdict.text;
    EXPECT_EQ(hill.seen(kBen, "The pass is open"), 1u);
    EXPECT_EQ(dale.seen(kAna, "The pass is open"), 1u);
    EXPECT_EQ(dale.seen(kBen, "The pass is open"), 1u);
    EXPECT_EQ(hill.mails(), 2u);  // dale's group and Bob
    EXPECT_EQ(dale.mails(), 1u);  // Eve

    dale.say("#news We come over");
    for (int round = 0; round < 10; ++round) carried += hill.carry_to(dale) + dale.carry_to(hill);
    EXPECT_EQ(carried, 2u);
    EXPECT_EQ(hill.seen(kAna, "We come over"), 1u);
    EXPECT_EQ(hill.mails(), 3u);
}

TEST(GroupLoop, WhatHasBeenInTheGroupIsRefusedHoweverItComesBack) {
    Neighbour hill("hill");
    hill.join("bob@example.org");
    Message back = hill.mail("bob@example.org", "news@hill.example", "round and round");
    back.automatic = true;
    back.lists = ListTrail{mailto("x", "example.org"), "x.example.org", {"news@hill.example"}};
    EXPECT_EQ(hill.again(back).reason, Verdict::Reason::Loop);
    back.lists = ListTrail{{}, "news.hill.example", {}};
    EXPECT_EQ(hill.again(back).reason, Verdict::Reason::Loop);
    back.lists = ListTrail{mailto("x", "example.org"), "x.example.org", {}};
    EXPECT_TRUE(hill.again(back).kept()) << "another list's post by a member is a post";
}

}  // namespace
}  // namespace waypost
