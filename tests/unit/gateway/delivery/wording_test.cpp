// SPDX-License-Identifier: Apache-2.0
// What a radio is told of attachments.
#include "gateway/custody/wording.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

std::string shown(const std::string& text, const std::vector<std::string>& names) {
    store::MessageRow row;
    row.kind = store::Kind::Letter;
    row.message.text = text;
    for (const std::string& name : names)
        row.message.attachments.push_back({name, "image/jpeg", 84'000});
    return plain_text(catalogue("en"), row);
}

TEST(PlainText, NamesWhatARadioCannotCarry) {
    EXPECT_EQ(shown("Look", {"ford.jpg"}), "Look [1 photo 82k]");
    EXPECT_EQ(shown("", {"ford.jpg"}), "[1 photo 82k, no text]");
}

TEST(PlainText, SaysOnceWhatItsLastLineSaysAlready) {
    EXPECT_EQ(shown("Look\n[picture: a red boat]", {"a red boat.jpg"}),
              "Look [picture: a red boat]");
    EXPECT_EQ(shown("[2 pictures: a cat; (no description)]", {"a cat.jpg", "picture.jpg"}),
              "[2 pictures: a cat; (no description)]");
    EXPECT_EQ(shown("[picture: ein Boot, rot]", {"ein Boot, rot.jpg"}), "[picture: ein Boot, rot]");
}

TEST(PlainText, AndNothingLess) {
    for (const char* text : {"See the ford", "See [ford", "[ford] is open", "[picture: a cat]"})
        EXPECT_EQ(shown(text, {"ford.jpg"}), std::string(text) + " [1 photo 82k]");
    EXPECT_EQ(shown("[picture: a cat]", {"a cat.jpg", "a dog.jpg"}),
              "[picture: a cat] [2 photos 164k]");
    EXPECT_EQ(shown("[x]", {".jpg"}), "[x] [1 photo 82k]") << "a name without letters";
}

}  // namespace
}  // namespace waypost
