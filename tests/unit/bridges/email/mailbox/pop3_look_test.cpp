// SPDX-License-Identifier: Apache-2.0
// What is taken, deleted and left by POP3 when sessions break; the real server is in
// tests/interop/mail.
#include "look_world.h"

namespace waypost::email {
namespace {

using Mails = std::vector<std::string>;

class Pop3LookTest : public LookWorld {
  protected:
    // Logged in, the list of these mails (their UIDL is u1, u2 ...), and these answers to come.
    static Script in(std::size_t mails, const Script& answers) {
        std::string uidls = "+OK\r\n";
        std::string sizes = "+OK\r\n";
        for (std::size_t i = 1; i <= mails; ++i) {
            uidls += std::to_string(i) + " u" + std::to_string(i) + "\r\n";
            sizes += std::to_string(i) + " 300\r\n";
        }
        Script all = {"+OK hi\r\n", "+OK\r\n", "+OK in\r\n", uidls + ".\r\n", sizes + ".\r\n"};
        all.insert(all.end(), answers.begin(), answers.end());
        return all;
    }
    static Script with_size(Script script, const std::string& bytes) {
        script[4] = "+OK\r\n1 " + bytes + "\r\n.\r\n";
        return script;
    }
    static std::string lines(const std::string& mail) { return "+OK\r\n" + mail + ".\r\n"; }
    // The mailbox was looked at once, and nothing was there.
    void known_and_empty(Look& look) {
        session(look, in(0, {"+OK bye\r\n"}));
        EXPECT_TRUE(ended_.ok()) << ended_.error().text;
    }
};

TEST_F(Pop3LookTest, AFirstLookThatWasCutOffStillLeavesWhatIsOld) {
    const std::string old = lines(mail_for("ana", kLongAgo, "old"));
    const std::string fresh = lines(mail_for("ana", kToday, "new"));
    session(*pop3_look(options_, *this), in(3, {old}));
    EXPECT_FALSE(ended_.ok()) << "cut off at the second";
    office_.inner.time().advance(std::chrono::hours(24 * 30));
    const auto look = pop3_look(options_, *this);
    const std::string said = session(*look, in(3, {old, fresh, fresh, "+OK bye\r\n"}));
    ASSERT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(said.find("TOP 1"), std::string::npos) << "settled is settled: " << said;
    EXPECT_EQ(texts(), Mails{"new"}) << "new when the look began";
    const std::string after = session(*look, in(4, {old, "+OK bye\r\n"}));
    EXPECT_EQ(after.find("TOP"), std::string::npos) << after;
    EXPECT_EQ(texts(), (Mails{"new", "old"})) << "what comes later is taken, whatever its date";
}

TEST_F(Pop3LookTest, OfAMailThatIsTooLargeOnlyTheHeadIsFetched) {
    const auto look = pop3_look(options_, *this);
    known_and_empty(*look);
    const std::string head = lines(mail_for("ana", kToday, "huge"));
    const std::string said =
        session(*look, with_size(in(1, {head, "+OK bye\r\n"}), std::to_string(30u << 20)));
    ASSERT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(said.find("RETR"), std::string::npos) << said;
    ASSERT_EQ(office_.inner.accepted.size(), 1u);
    EXPECT_EQ(office_.inner.accepted[0].unreadable, Unreadable::TooLarge);
    EXPECT_EQ(told_.back().kind, TakenMail::Kind::Left);
}

TEST_F(Pop3LookTest, AfterTwentySettledAFirstLookStillLeavesWhatIsOld) {
    const std::string old = lines(mail_for("ana", kLongAgo, "old"));
    session(*pop3_look(options_, *this), in(30, Script(25, old)));
    EXPECT_FALSE(ended_.ok());
    Script rest(5, old);
    rest.push_back("+OK bye\r\n");
    session(*pop3_look(options_, *this), in(30, rest));
    EXPECT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(office_.asked, 0);
    EXPECT_EQ(office_.inner.kept().count("uidl-first"), 0u) << "a whole pass ends it";
}

TEST_F(Pop3LookTest, ADeletionThatABrokenSessionTookBackIsDoneAgain) {
    options_.erase_taken = true;
    known_and_empty(*pop3_look(options_, *this));
    const std::string mail = lines(mail_for("ana", kToday, "once"));
    EXPECT_NE(session(*pop3_look(options_, *this), in(1, {mail, "+OK\r\n"})).find("DELE 1\r\nQUIT"),
              std::string::npos);
    EXPECT_FALSE(ended_.ok()) << "no answer to QUIT";
    const auto look = pop3_look(options_, *this);  // after a restart
    const std::string said = session(*look, in(1, {"+OK\r\n", "+OK bye\r\n"}));
    ASSERT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(said.find("RETR"), std::string::npos) << said;
    EXPECT_NE(said.find("DELE 1\r\nQUIT"), std::string::npos) << said;
    EXPECT_EQ(texts(), Mails{"once"});
    const std::string after = session(*look, in(1, {"+OK bye\r\n"}));
    EXPECT_EQ(after.find("DELE"), std::string::npos) << "it went; this is not that one: " << after;
}

TEST_F(Pop3LookTest, WhatIsNotInCustodyIsNeverDeleted) {
    options_.erase_taken = true;
    office_.noes["ana"] = {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "no", 0};
    const std::string old = lines(mail_for("ben", kLongAgo, "old"));
    const std::string refused = lines(mail_for("ana", kToday, "refused"));
    const auto look = pop3_look(options_, *this);
    for (const Script& answers :
         {Script{old, refused, refused, "+OK bye\r\n"}, Script{"+OK bye\r\n"}}) {
        const std::string said = session(*look, in(2, answers));
        ASSERT_TRUE(ended_.ok()) << ended_.error().text;
        EXPECT_EQ(said.find("DELE"), std::string::npos) << said;
    }
}

TEST_F(Pop3LookTest, AReaderWithoutRoomHoldsUpNobodyElse) {
    no_room_for("ana", Verdict::Reason::QuotaFull);
    const auto look = pop3_look(options_, *this);
    known_and_empty(*look);
    const std::string first = lines(mail_for("ana", kToday, "large"));
    const std::string second = lines(mail_for("ben", kToday, "small"));
    session(*look, in(2, {first, second, "+OK bye\r\n"}));
    ASSERT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(texts(), Mails{"small"});
    EXPECT_EQ(lying_, 1u);
    EXPECT_EQ(session(*look, in(2, {"+OK bye\r\n"})).find("RETR"), std::string::npos) << "not yet";
    office_.inner.time().advance(std::chrono::minutes(15));
    session(*look, in(2, {first, "+OK bye\r\n"}));
    EXPECT_EQ(office_.asked, 3) << "still no room";
    office_.noes.clear();
    office_.inner.time().advance(std::chrono::minutes(15));
    session(*look, in(2, {first, "+OK bye\r\n"}));
    ASSERT_TRUE(ended_.ok()) << ended_.error().text;
    EXPECT_EQ(texts(), (Mails{"small", "large"}));
    EXPECT_EQ(lying_, 0u);
    EXPECT_EQ(told_.size(), 3u) << "that it waits is said once";
}

TEST_F(Pop3LookTest, ABoxWithoutRoomEndsTheSession) {
    const auto look = pop3_look(options_, *this);
    known_and_empty(*look);
    for (const auto reason : {Verdict::Reason::StorageFull, Verdict::Reason::Busy}) {
        no_room_for("ana", reason);
        const std::string said = session(
            *look, in(2, {lines(mail_for("ana", kToday, "one")), lines("x"), "+OK bye\r\n"}));
        ASSERT_FALSE(ended_.ok());
        EXPECT_EQ(ended_.error().code, Code::Full);
        EXPECT_EQ(said.find("RETR 2"), std::string::npos) << said;
    }
}

}  // namespace
}  // namespace waypost::email
