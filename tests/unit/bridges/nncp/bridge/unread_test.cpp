// SPDX-License-Identifier: Apache-2.0
// Packets that cannot be read: who sent them is told, once.
#include "bridges/nncp/packet/seal.h"
#include "bridges/post/post.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

constexpr char kTooLarge[] = "Return-Path: <joe@else.test>\nFrom: Joe <joe@else.test>\n\n";

class Unread : public TwoBoxes {
  protected:
    // Sealed by hill as it stands, thus without packing what is packed.
    void seal_exec(const std::string& handle, const std::string& payload) {
        const Node& relay = *hill_.config.find("relay");
        Sealing sealing;
        sealing.sender = hill_.config.self->id;
        sealing.sign_secret = &hill_.config.self->signing;
        sealing.recipient = relay.id;
        sealing.exchange_public = relay.exchange_public;
        MemorySource source(payload);
        std::vector<Spool::Finished> one;
        one.push_back({hill_.spool->begin().value(), relay.id, Way::Tx});
        ASSERT_TRUE(
            seal(sealing, {PacketType::Exec, kNiceFile, handle}, source, *one[0].packet).ok());
        ASSERT_TRUE(hill_.spool->publish(std::move(one)).ok());
    }
    // All that hill has queued comes three times: without an ACK it is sent again. Before the last
    // time dale starts again. How many packets it says something with.
    std::size_t told_when_resent() {
        std::size_t told = 0;
        for (int i = 0; i < 3; ++i) {
            if (i == 2) dale_.open();
            const std::size_t came = carry(hill_, dale_, true);
            dale_.round();
            EXPECT_EQ(put_aside(dale_, hill_), came);
            told += carry(dale_, hill_);
        }
        EXPECT_TRUE(dale_.office.accepted.empty());
        const auto queued = hill_.spool->list(dale_.config.self->id, Way::Tx);
        EXPECT_TRUE(hill_.spool->remove(*queued).ok());
        hill_.round();
        return told;
    }
    void expect_told(const std::string& why) {
        ASSERT_EQ(hill_.office.accepted.size(), 1u);
        const Message& note = hill_.office.accepted[0];
        EXPECT_EQ(note.to, std::vector<Address>{mailto("postmaster", "hill.example")});
        EXPECT_NE(note.text.find("is kept aside here: " + why), std::string::npos) << note.text;
        EXPECT_TRUE(note.automatic);
    }
};

TEST_F(Unread, ABatchIsToldToThePostMaster) {
    compact();
    exec(hill_, dale_, {kPostHandle}, "no batch at all");
    EXPECT_EQ(told_when_resent(), 1u);
    expect_told("");
}

TEST_F(Unread, ABatchOfAVersionToComeIsToldOnce) {
    compact();
    std::string batch = encode(post::Batch{"hill.example", {}, {}});
    batch[3] = 9;
    exec(hill_, dale_, {kPostHandle}, batch);
    EXPECT_EQ(told_when_resent(), 1u);
}

TEST_F(Unread, ABatchOfANodeThatIsNoWaypostBoxIsToldByMail) {
    exec(hill_, dale_, {kPostHandle}, encode(post::Batch{"hill.example", {}, {}}));
    EXPECT_EQ(told_when_resent(), 1u);
    expect_told("village is not among the Waypost boxes");
}

TEST_F(Unread, AStreamIsToldByMail) {
    exec(hill_, dale_, {"rsmtp"}, "no conversation");
    EXPECT_EQ(told_when_resent(), 1u);
    expect_told("");
}

TEST_F(Unread, ADamagedPayloadIsTold) {
    seal_exec("sendmail", "this was never packed");
    EXPECT_EQ(told_when_resent(), 1u);
    expect_told("");
}

TEST_F(Unread, AMailThatIsNotTakenIsToldOnce) {
    dale_.options.max_message_bytes = 1000;
    dale_.open();
    exec(hill_, dale_, {"sendmail", "ben@dale.example"}, kTooLarge + std::string(2000, 'x'));
    EXPECT_EQ(told_when_resent(), 1u);
}

TEST_F(Unread, AFileThatIsNotTakenIsToldOnce) {
    dale_.office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::TooLarge, "too large", 0};
    };
    MemorySource source("photo");
    const Node& relay = *hill_.config.find("relay");
    ASSERT_TRUE(Outbox(hill_.config, *hill_.spool).file(relay, "ana/photo.jpg", source).ok());
    EXPECT_EQ(told_when_resent(), 1u);
}

// Two that read nothing of each other stop telling each other so.
TEST_F(Unread, OfVeryManyFewAreTold) {
    compact();
    for (int i = 0; i < 30; ++i) exec(hill_, dale_, {kPostHandle}, "no batch at all");
    carry(hill_, dale_);
    dale_.round();
    EXPECT_EQ(put_aside(dale_, hill_), 30u);
    EXPECT_EQ(carry(dale_, hill_), 20u);
}

}  // namespace
}  // namespace waypost::nncp
