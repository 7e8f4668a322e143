// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "neighbour_village.h"

namespace waypost {
namespace {

// Dale has no public address: this box stands before it.
class FrontTest : public NeighbourTest {
  protected:
    FrontTest() {
        Neighbour front = dale();
        front.keys = {"nncp:dale"};
        front.fronted = true;
        front.fronted_per_day = 2;
        link(front);
    }
    Message from_joe(const std::string& to) {
        return from("joe@far.example", to, "Hello", kElsewhere);
    }
};

TEST_F(FrontTest, MailOfTheWorldForItGoesOn) {
    EXPECT_TRUE(
        office_->check({mailto("joe", "far.example")}, mailto("ben", "dale.example"), 100).kept());
    EXPECT_EQ(
        office_->check({mailto("joe", "far.example")}, mailto("ben", "else.example"), 100).reason,
        Verdict::Reason::NotAllowed)
        << "no open relay";
    EXPECT_TRUE(hand(from_joe("ben@dale.example")).kept());
    const auto sent = left();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].to, mailto("ben", "dale.example"));
    EXPECT_EQ(sent[0].return_path, mailto("joe", "far.example")) << "he hears of what fails";
    EXPECT_EQ(hand(from_joe("ben@else.example")).reason, Verdict::Reason::NotAllowed);
    EXPECT_TRUE(left().empty());
}

TEST_F(FrontTest, SoMuchADayAndThenTheyComeAgain) {
    EXPECT_TRUE(hand(from_joe("ben@dale.example")).kept());
    EXPECT_TRUE(hand(from_joe("bob@dale.example")).kept());
    const Verdict later = hand(from_joe("ben@dale.example"));
    EXPECT_EQ(later.kind, Verdict::Kind::Later);
    EXPECT_EQ(later.reason, Verdict::Reason::QuotaFull);
    EXPECT_EQ(later.text, "the 2 mails of today for dale have come");
    EXPECT_EQ(dm1(kAna, "@ben.dale Hello"), "1 kept") << "our own people's are no part of that";
    pass(std::chrono::hours(24));
    EXPECT_TRUE(hand(from_joe("ben@dale.example")).kept());
}

TEST_F(FrontTest, ItsDoorsStayItsNeighboursOwn) {
    for (const char* door : {"alarm@dale.example", "forget@dale.example"})
        EXPECT_FALSE(hand(from_joe(door)).kept()) << door;
}

}  // namespace
}  // namespace waypost
