// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/cast_words.h"

#include <gtest/gtest.h>

#include "radio/trunk/transport/casts_in.h"

namespace waypost::trunk {
namespace {

CastInvitation invitation() { return {300, true, std::string(40, 'c'), {"one", "two"}}; }

TEST(CastWords, WhatIsWrittenIsRead) {
    const auto read = parse_invitation(encode_invitation(invitation())).value();
    EXPECT_EQ(read.text_bytes, 300u);
    EXPECT_TRUE(read.mail);
    EXPECT_EQ(read.cast, std::string(40, 'c'));
    EXPECT_EQ(read.letters, (std::vector<std::string>{"one", "two"}));
    const auto answer = parse_answer(encode_answer(std::string("\x01\x02\x03", 3))).value();
    EXPECT_EQ(answer.answer, "\x01\x02\x03");
    EXPECT_EQ(answer.missing, 3);
    EXPECT_FALSE(answer.refused);
    EXPECT_TRUE(parse_answer(encode_refusal_of(0x0102)).value().refused);
}

TEST(CastWords, WhatMakesNoSenseIsRefused) {
    const std::string good = encode_invitation(invitation());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_invitation(good.substr(0, size)).ok() && size < good.size() - 4) << size;
    CastInvitation none = invitation();
    none.letters.clear();
    EXPECT_FALSE(parse_invitation(encode_invitation(none)).ok());
    CastInvitation many = invitation();
    many.letters.assign(CastInvitation::kMostLetters + 1, "x");
    EXPECT_FALSE(parse_invitation(encode_invitation(many)).ok());
    CastInvitation large = invitation();
    large.text_bytes = CastInvitation::kMostText + 1;
    EXPECT_EQ(parse_invitation(encode_invitation(large)).error().code, Code::TooLarge);
    EXPECT_FALSE(parse_answer("").has_value());
    EXPECT_FALSE(parse_answer("\xC1").has_value());
    EXPECT_FALSE(parse_answer("\xC0\x01\x02\x03").has_value());
    EXPECT_FALSE(parse_answer("\xC1\x01\x02\x03\x04").has_value());
    EXPECT_FALSE(is_cast_invitation("\x21"));
}

struct StillAir final : Air {
    FrameLimits limits() const override { return {}; }
    std::chrono::microseconds airtime(std::size_t) const override { return milliseconds(100); }
    BoxTime may_send(BoxTime now, std::chrono::microseconds, bool) const override { return now; }
};

TEST(CastsIn, OfManyInvitationsTheLatestAreKept) {
    const StillAir air;
    CastsIn casts(air);
    const auto random = seeded_random(3);
    std::vector<CastOut> out;
    BoxTime now{};
    for (std::uint16_t id = 0; id < 6; ++id) {
        out.push_back(CastOut::make(id, "text", 255, *random).value());
        CastInvitation words{4, false, out.back().invitation(0), {"letter"}};
        EXPECT_TRUE(casts.invited(encode_invitation(words), now).ok());
        now += milliseconds(1);
    }
    EXPECT_FALSE(casts.heard(*out[0].next(), now));
    EXPECT_TRUE(casts.heard(*out[5].next(), now));
    EXPECT_FALSE(casts.invited("\xC0 rubbish", now).ok());
}

TEST(CastsIn, HeldIsSaidOnceItIs) {
    const StillAir air;
    CastsIn casts(air);
    const auto random = seeded_random(3);
    CastOut out = CastOut::make(7, "text", 255, *random).value();
    CastInvitation words{4, false, out.invitation(0), {"letter"}};
    BoxTime now{};
    ASSERT_TRUE(casts.invited(encode_invitation(words), now).ok());
    EXPECT_EQ(casts.next(), BoxTime::max()) << "nothing came that could be answered";
    ASSERT_TRUE(casts.heard(*out.next(), now));
    EXPECT_EQ(casts.take_whole().value().packed, "text");
    EXPECT_FALSE(casts.take_whole().has_value());
    now += std::chrono::seconds(10);
    EXPECT_TRUE(casts.answers(now).empty());
    casts.held(7);
    ASSERT_EQ(casts.answers(now).size(), 1u);
    EXPECT_TRUE(casts.answers(now).empty());
}

}  // namespace
}  // namespace waypost::trunk
