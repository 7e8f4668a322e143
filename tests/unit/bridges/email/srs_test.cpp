// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/srs.h"

#include <gtest/gtest.h>

namespace waypost::email {
namespace {

using std::chrono::days;

class SrsTest : public ::testing::Test {
  protected:
    static Address address(const std::string& text) { return *parse_address("mailto:" + text); }
    Result<Address> back(const std::string& text, days later = days(0)) const {
        return srs_.reverse(address(text), now_ + later);
    }
    const Srs srs_{Secret("a secret"), "village.test"};
    const WallTime now_ = wall_from_ms(1'800'000'000'000);
    const std::string made_ = srs_.forward(address("Ann.Lee@origin.test"), now_)->value;
};

TEST_F(SrsTest, LeadsBackForThreeWeeks) {
    EXPECT_EQ(made_.rfind("SRS0=", 0), 0u) << made_;
    EXPECT_NE(made_.find("=origin.test=Ann.Lee@village.test"), std::string::npos) << made_;
    for (const int later : {0, 1, 21}) {
        const auto sender = back(made_, days(later));
        ASSERT_TRUE(sender.ok()) << later;
        EXPECT_EQ(sender->value, "Ann.Lee@origin.test");
    }
    EXPECT_EQ(back(made_, days(22)).error().code, Code::Refused);
    EXPECT_EQ(back(made_, days(-1)).error().code, Code::Refused) << "made tomorrow";
}

TEST_F(SrsTest, AnyForgedByteIsRefused) {
    const std::size_t end = made_.find('@');
    for (std::size_t i = 5; i < end; ++i) {
        std::string forged = made_;
        forged[i] = forged[i] == 'q' ? 'z' : 'q';
        if (made_[i] == 'Q') continue;  // case says nothing
        EXPECT_FALSE(back(forged).ok()) << forged;
    }
    const Srs other(Secret("another"), "village.test");
    EXPECT_EQ(other.reverse(address(made_), now_).error().code, Code::Refused);
}

TEST_F(SrsTest, ServersOnTheWayMayChangeTheCase) {
    std::string lower;
    for (const char c : made_) lower += static_cast<char>(std::tolower(c));
    const auto sender = back(lower);
    ASSERT_TRUE(sender.ok());
    EXPECT_EQ(sender->value, "ann.lee@origin.test");
}

TEST_F(SrsTest, ASecondForwarderLeadsToTheFirst) {
    const Srs first(Secret("theirs"), "first.test");
    const Address rewritten = *first.forward(address("ann@origin.test"), now_);
    const auto again = srs_.forward(rewritten, now_);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->value.rfind("SRS1=", 0), 0u) << again->value;
    EXPECT_EQ(*back(again->value), rewritten);
    EXPECT_EQ(first.reverse(*back(again->value), now_)->value, "ann@origin.test");
    const Srs third(Secret("third"), "third.test");
    const auto twice = third.forward(*again, now_);
    ASSERT_TRUE(twice.ok());
    EXPECT_EQ(*third.reverse(*twice, now_), rewritten) << "past us, to the first";
}

TEST_F(SrsTest, WhatIsNotOfTheFormIsToldApart) {
    for (const char* text :
         {"ana@village.test", "SRS0@village.test", "SRS0=@village.test", "SRS0=a=b@village.test",
          "SRS0====@village.test", "SRS1=@village.test", "SRS1=a=b@village.test",
          "SRS1=a=b=@village.test", "SRS1=a=b=c@village.test", "SRS2=a=b=c=d@village.test",
          "SRS0=aaaa=bb=c=d@else.test"}) {
        EXPECT_FALSE(back(text).ok()) << text;
    }
    EXPECT_FALSE(srs_.looks_like_ours(address("ana@village.test")));
    EXPECT_FALSE(srs_.looks_like_ours(address("srs0@village.test")));
    EXPECT_TRUE(srs_.looks_like_ours(address("srs0=x@village.test")));
    EXPECT_TRUE(srs_.looks_like_ours(address("SRS1+x@Village.test")));
}

TEST_F(SrsTest, WhatWouldGrowTooLongIsNotRewritten) {
    const std::string label(60, 'a');
    const std::string fits = label + '@' + label + '.' + label.substr(0, 40) + ".test";
    const auto made = srs_.forward(address(fits), now_);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(back(made->value)->value, fits);
    EXPECT_FALSE(srs_.forward(address(label + '@' + label + '.' + label + ".test"), now_).ok());
}

}  // namespace
}  // namespace waypost::email
