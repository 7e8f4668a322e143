// SPDX-License-Identifier: Apache-2.0
// What a look makes of a server that does not behave; the real server is in tests/interop/mail.
#include "look_world.h"

namespace waypost::email {
namespace {

using Mails = std::vector<std::string>;

class ImapLookTest : public LookWorld {
  protected:
    ImapLookTest() { options_.sent_folder = "Sent"; }

    // The inbox is open, these mails are in it, and these answers are to come. The look ends where
    // the script does.
    static Script in(const std::string& uids, const Script& answers) {
        Script all = {"* OK ready\r\n", "%T OK in\r\n",
                      "* CAPABILITY IMAP4rev1 IDLE\r\n%T OK x\r\n",
                      "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 12] x\r\n"
                      "%T OK [READ-WRITE] done\r\n",
                      "* SEARCH " + uids + "\r\n%T OK x\r\n"};
        all.insert(all.end(), answers.begin(), answers.end());
        return all;
    }
    static std::string size_of(int uid, std::size_t bytes) {
        return "* 1 FETCH (UID " + std::to_string(uid) + " RFC822.SIZE " + std::to_string(bytes) +
               ")\r\n%T OK x\r\n";
    }
    static std::string piece_of(int uid, const std::string& bytes) {
        return "* 1 FETCH (UID " + std::to_string(uid) + " BODY[]<0> {" +
               std::to_string(bytes.size()) + "}\r\n" + bytes + ")\r\n%T OK x\r\n";
    }
    static void add(Script& script, int uid, const std::string& mail) {
        script.push_back(size_of(uid, mail.size()));
        script.push_back(piece_of(uid, mail));
    }
    FolderState stored() {
        return parse_folder_state(state().get("folder").value_or("")).value_or(FolderState{});
    }
};

TEST_F(ImapLookTest, AServerThatCutsPiecesGivesTheWholeMail) {
    const std::string mail = mail_for("ana", kToday, "whole") + "the end";
    Script answers = {size_of(10, mail.size())};
    for (std::size_t at = 0; at < mail.size(); at += 50)
        answers.push_back(piece_of(10, mail.substr(at, 50)));
    const std::string said = session(*imap_look(options_, *this), in("10", answers));
    ASSERT_EQ(texts(), Mails{"whole"}) << said;
    EXPECT_NE(office_.inner.accepted[0].text.find("the end"), std::string::npos);
    EXPECT_EQ(stored().taken, 11u);
    EXPECT_TRUE(stored().left.empty());
}

TEST_F(ImapLookTest, AServerThatSaysTooLargeASizeIsAskedToTheEnd) {
    const std::string mail = mail_for("ana", kToday, "less");
    session(*imap_look(options_, *this),
            in("10", {size_of(10, mail.size() + 9), piece_of(10, mail), piece_of(10, "")}));
    EXPECT_EQ(texts(), Mails{"less"});
}

TEST_F(ImapLookTest, OfAMailThatIsTooLargeBothEndsHearAndItStays) {
    const std::string mail = mail_for("ana", kToday, "huge");
    const std::string said = session(*imap_look(options_, *this),
                                     in("10", {size_of(10, 30u << 20), piece_of(10, mail)}));
    ASSERT_EQ(office_.inner.accepted.size(), 1u);
    const Message& message = office_.inner.accepted[0];
    EXPECT_EQ(message.text, "[mail of 30M, too large here]");
    EXPECT_EQ(message.unreadable, Unreadable::TooLarge);
    EXPECT_EQ(message.origin_id, "<huge@out.test>");
    EXPECT_EQ(message.body.size, 0u);
    EXPECT_EQ(stored().left, std::set<std::uint32_t>{10});
    EXPECT_EQ(said.find("BODY.PEEK[]<131072"), std::string::npos) << "only its beginning: " << said;
}

TEST_F(ImapLookTest, APartOfAMailIsNotTheMail) {
    const std::string mail = mail_for("ana", kToday, "part");
    session(*imap_look(options_, *this),
            in("10", {size_of(10, mail.size() + 500), piece_of(10, mail), "%T OK nothing\r\n"}));
    EXPECT_TRUE(texts().empty());
    EXPECT_EQ(stored().left, std::set<std::uint32_t>{10}) << "it lies there, and that is said";
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_NE(told_[0].why.find("a part"), std::string::npos) << told_[0].why;
}

TEST_F(ImapLookTest, AReaderWithoutRoomHoldsUpNobodyElse) {
    no_room_for("ana", Verdict::Reason::QuotaFull);
    const std::string first = mail_for("ana", kToday, "large");
    Script answers;
    add(answers, 10, first);
    add(answers, 11, mail_for("ben", kToday, "small"));
    const auto look = imap_look(options_, *this);
    session(*look, in("10 11", answers));
    EXPECT_EQ(texts(), Mails{"small"});
    EXPECT_EQ(stored().left, std::set<std::uint32_t>{10});
    EXPECT_EQ(session(*look, in("", {})).find("RFC822.SIZE"), std::string::npos) << "not yet";

    office_.inner.time().advance(std::chrono::minutes(15));
    Script again;
    add(again, 10, first);
    session(*look, in("", again));
    EXPECT_EQ(office_.asked, 3) << "still no room";
    office_.noes.clear();
    EXPECT_EQ(session(*look, in("", {})).find("RFC822.SIZE"), std::string::npos) << "not yet";
    office_.inner.time().advance(std::chrono::minutes(15));
    session(*look, in("", again));
    EXPECT_EQ(texts(), (Mails{"small", "large"}));
    EXPECT_TRUE(stored().left.empty());
    EXPECT_EQ(told_.size(), 3u) << "that it waits is said once";
}

TEST_F(ImapLookTest, WhoHasRoomHasHisMailThoughAnotherReaderHasNone) {
    no_room_for("ana", Verdict::Reason::QuotaFull);
    std::string mail = mail_for("ana", kToday, "both");
    mail.insert(mail.find("To: ") + 4, "village+ben@provider.test, ");
    Script answers;
    add(answers, 10, mail);
    session(*imap_look(options_, *this), in("10", answers));
    ASSERT_EQ(texts(), Mails{"both"});
    EXPECT_EQ(office_.inner.accepted[0].to.size(), 2u);
    EXPECT_EQ(stored().left, std::set<std::uint32_t>{10}) << "for ana it is tried again";
}

TEST_F(ImapLookTest, AMailThatWaitsIsLookedAtAfterAStart) {
    no_room_for("ana", Verdict::Reason::QuotaFull);
    Script answers;
    add(answers, 10, mail_for("ana", kToday, "large"));
    session(*imap_look(options_, *this), in("10", answers));
    office_.noes.clear();
    Script after = in("", {});
    after.insert(after.end() - 1, answers.begin(), answers.end());  // before it searches
    session(*imap_look(options_, *this), after);
    EXPECT_EQ(texts(), Mails{"large"});
    EXPECT_TRUE(stored().left.empty());
}

TEST_F(ImapLookTest, ABoxWithoutRoomEndsTheSession) {
    for (const auto reason : {Verdict::Reason::StorageFull, Verdict::Reason::Busy}) {
        no_room_for("ana", reason);
        Script answers;
        add(answers, 10, mail_for("ana", kToday, "one"));
        const std::string said = session(*imap_look(options_, *this), in("10 11", answers));
        ASSERT_FALSE(ended_.ok());
        EXPECT_EQ(ended_.error().code, Code::Full);
        EXPECT_EQ(said.find("FETCH 11"), std::string::npos) << said;
        EXPECT_EQ(stored().taken, 0u);
    }
}

TEST_F(ImapLookTest, ACopyOverWhichTheServerHangsUpIsGivenUp) {
    copies_.add("Subject: first\r\n\r\n");
    copies_.add("Subject: second\r\n\r\n");
    const auto look = imap_look(options_, *this);
    for (int i = 0; i < 2; ++i) {
        EXPECT_NE(session(*look, in("", {"+ go\r\n"})).find("first"), std::string::npos);
        EXPECT_EQ(copies_.size(), 2u) << "it may have been the line";
        EXPECT_EQ(without_copy_, 0);
    }
    session(*look, in("", {"+ go\r\n"}));
    EXPECT_EQ(copies_.size(), 1u);
    EXPECT_EQ(without_copy_, 1);
    EXPECT_EQ(went_well_, 0);
    const std::string said = session(*look, in("", {"+ go\r\n", "%T OK there\r\n"}));
    EXPECT_NE(said.find("second"), std::string::npos) << said;
    EXPECT_NE(said.find("IDLE"), std::string::npos) << said;
    EXPECT_EQ(copies_.size(), 0u);
    EXPECT_EQ(without_copy_, 1);
    EXPECT_EQ(went_well_, 1);
}

TEST_F(ImapLookTest, ACopyThatIsRefusedIsCounted) {
    copies_.add("Subject: first\r\n\r\n");
    session(*imap_look(options_, *this), in("", {"%T NO [TRYCREATE] no such folder\r\n"}));
    EXPECT_EQ(copies_.size(), 0u);
    EXPECT_EQ(without_copy_, 1);
    EXPECT_EQ(went_well_, 1);
}

}  // namespace
}  // namespace waypost::email
