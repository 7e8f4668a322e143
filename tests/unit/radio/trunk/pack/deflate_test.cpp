// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/deflate.h"

#include <gtest/gtest.h>

namespace waypost::pack {
namespace {

TEST(Deflate, GivesBackTexts) {
    for (const std::string& text : {std::string(), std::string("a"), std::string(100'000, 'x')})
        EXPECT_EQ(*inflate_raw(deflate_raw(text), text.size()), text);
}

TEST(Deflate, StopsAtTheLimit) {
    const std::string bomb = deflate_raw(std::string(50'000'000, '\0'));
    EXPECT_EQ(inflate_raw(bomb, 65536).error().code, Code::TooLarge);
}

TEST(Deflate, RefusesWhatIsCutOrGoesOn) {
    const std::string whole = deflate_raw("the ford is under water since this morning");
    for (std::size_t cut = 0; cut < whole.size(); ++cut)
        EXPECT_EQ(inflate_raw(whole.substr(0, cut), 1000).error().code, Code::BadInput) << cut;
    EXPECT_EQ(inflate_raw(whole + 'x', 1000).error().code, Code::BadInput);
    EXPECT_EQ(inflate_raw("\xFF\xFF\xFF", 1000).error().code, Code::BadInput);
}

}  // namespace
}  // namespace waypost::pack
