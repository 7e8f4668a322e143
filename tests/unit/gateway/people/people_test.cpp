// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "gateway/people/directory.h"
#include "gateway/people/reply_token.h"

namespace waypost {
namespace {

ReplyTokens tokens(char fill = 'k') { return ReplyTokens(Secret(std::string(32, fill))); }

TEST(ReplyToken, AdmitsUntilItsLastDay) {
    const std::string token = tokens().make("ana", 20000);
    EXPECT_EQ(token.size(), 16u);
    EXPECT_TRUE(tokens().valid("ana", token, 19999));
    EXPECT_TRUE(tokens().valid("ana", token, 20000));
    EXPECT_FALSE(tokens().valid("ana", token, 20001));
}

TEST(ReplyToken, SurvivesACaseChangeButNoForgery) {
    std::string token = tokens().make("ana", 20000);
    EXPECT_FALSE(tokens().valid("ben", token, 1));
    EXPECT_FALSE(tokens('x').valid("ana", token, 1));
    EXPECT_FALSE(tokens().valid("ana", token + "a", 1));
    EXPECT_FALSE(tokens().valid("ana", "", 1));
    EXPECT_FALSE(tokens().valid("ana", "!!!!!!!!!!!!!!!!", 1));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string forged = token;
        forged[i] = forged[i] == 'a' ? 'b' : 'a';
        EXPECT_FALSE(tokens().valid("ana", forged, 1)) << i;
    }
    for (char& c : token) c = static_cast<char>(std::toupper(c));
    EXPECT_TRUE(tokens().valid("ana", token, 1));
}

TEST(SplitPlus, FindsTheToken) {
    EXPECT_EQ(split_plus("ana+x"), (std::pair<std::string, std::string>{"ana", "x"}));
    EXPECT_EQ(split_plus("ana").second, "");
}

TEST(Directory, KnowsOwnersAndTheRadioHeardLast) {
    const Address old_radio{"meshtastic", "!00000001"};
    const Address new_radio{"meshtastic", "!00000002"};
    const Address nobody{"meshtastic", "!a1b2c3d4"};
    const Directory d({{"ana", "Ana", "en", "", true, false, 0}},
                      {{old_radio, "ana", "", "", "", 10, ""},
                       {new_radio, "ana", "", "", "", 20, ""},
                       {nobody, "", "", "", "", 30, ""}});
    ASSERT_NE(d.find("ana"), nullptr);
    EXPECT_EQ(d.find("ana")->endpoints.front(), new_radio);
    EXPECT_EQ(d.owner_of(old_radio), "ana");
    EXPECT_EQ(d.owner_of(nobody), "meshtastic:!a1b2c3d4");
    EXPECT_EQ(d.stranger("a1b2c3d4")->address, nobody);
    EXPECT_EQ(d.stranger("ffffffff"), nullptr);
    EXPECT_EQ(d.find("ben"), nullptr);
}

}  // namespace
}  // namespace waypost
