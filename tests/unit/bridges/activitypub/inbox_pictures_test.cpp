// SPDX-License-Identifier: Apache-2.0
// Which notes wait for their pictures, and what is said of them meanwhile. Nothing is fetched here:
// the threads that would are not started.
#include <gtest/gtest.h>

#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

class InboxPictures : public ::testing::Test, public InboxVillage {
  protected:
    int post(const std::string& rest) { return with_pictures.post(by_bob(rest)).status; }
    std::string id(int number) const { return server.url("/notes/" + std::to_string(number)); }
    int plain(int number) {
        return post(R"("type":"Create","id":")" + id(number) + R"(#create","object":)" +
                    note(id(number)));
    }
    int with_picture(int number) {
        std::string object = note(id(number));
        object.pop_back();
        return post(
            R"("type":"Create","id":")" + id(number) + R"(#create","object":)" + object +
            R"(,"attachment":[{"type":"Document","mediaType":"image/png","name":"a boat",)" +
            R"("url":"https://far.example/1.png"}]})");
    }
    void welcome() {
        people.consents[{"ana", {"acct", "bob@" + server.peer.host()}}] = Consent::Given;
    }
    std::size_t kept() const { return state.with_prefix("wait/").size(); }

    WaitingNotes waiting{state, office.clock(), transport,
                         [](Message&, const WaitingNote&) { FAIL() << "it is not started"; }};
    Inbox with_pictures{gate, follows, &waiting};
};

TEST_F(InboxPictures, ItsServerIsToldThatItIsHereBeforeThePictureIs) {
    welcome();
    EXPECT_EQ(with_picture(1), 202);
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_EQ(kept(), 1u);
    EXPECT_TRUE(waiting.has(id(1)));
    EXPECT_EQ(with_picture(1), 202);
    EXPECT_EQ(kept(), 1u) << "once";
    EXPECT_EQ(plain(2), 202);
    EXPECT_TRUE(office.accepted.empty()) << "what he says after it comes after it";
    EXPECT_EQ(kept(), 2u);
}

TEST_F(InboxPictures, IsOnDiskWhenYesIsSaid) {
    welcome();
    office.disk().full = true;
    EXPECT_EQ(with_picture(1), 503);
}

TEST_F(InboxPictures, OfAStrangerNothingIsFetched) {
    EXPECT_EQ(with_picture(1), 202);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(office.accepted[0].text, "Hi\n[picture: a boat]");
    EXPECT_TRUE(office.accepted[0].attachments.empty());
    EXPECT_EQ(kept(), 0u);
}

TEST_F(InboxPictures, ANoteWithoutOneDoesNotWait) {
    welcome();
    EXPECT_EQ(plain(1), 202);
    EXPECT_EQ(office.accepted.size(), 1u);
}

TEST_F(InboxPictures, WhileItWaitsItMayBeTakenBackAndItsEditComesAgain) {
    welcome();
    EXPECT_EQ(with_picture(1), 202);
    EXPECT_EQ(post(R"("type":"Update","id":")" + id(1) + R"(#u1","object":)" +
                   R"({"updated":"2026-11-27T10:00:00Z",)" + note(id(1), "Ho").substr(1)),
              503);
    EXPECT_EQ(post(R"("type":"Delete","id":")" + id(1) + R"(#d","object":")" + id(1) + '"'), 202);
    EXPECT_EQ(kept(), 0u);
    EXPECT_FALSE(waiting.has(id(1)));
}

TEST_F(InboxPictures, WhereThereIsNoRoomForThePictureItsTextIsTaken) {
    Message message;
    message.from = {"acct", "bob@x.org"};
    message.to = {{"acct", "ana@hill.example"}};
    message.origin_id = id(1);
    message.attachments = {{"a boat.jpg", "image/jpeg", 9}};
    message.body.bytes = "123456789";
    office.verdict = [this](const Address&) {
        const bool full = office.accepted.empty();
        return full ? Verdict{Verdict::Kind::Refused, Verdict::Reason::TooLarge, "too large"}
                    : Verdict{};
    };
    EXPECT_TRUE(with_pictures.take_waited(message));
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_TRUE(office.accepted[1].attachments.empty());
    EXPECT_TRUE(office.accepted[1].body.bytes.empty());
    EXPECT_TRUE(state.get("taken/" + id(1))) << "its author may take it back";
}

TEST_F(InboxPictures, WhatThereIsNoTimeForNowIsOfferedAgain) {
    Message message;
    message.to = {{"acct", "ana@hill.example"}};
    message.origin_id = id(1);
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, "later"};
    };
    EXPECT_FALSE(with_pictures.take_waited(message));
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "no"};
    };
    EXPECT_TRUE(with_pictures.take_waited(message)) << "it is done with";
}

}  // namespace
}  // namespace waypost::activitypub
