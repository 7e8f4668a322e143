// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/content_warning.h"

#include <gtest/gtest.h>

namespace waypost::activitypub {
namespace {

TEST(ContentWarning, EndsWithItsSentenceOrItsLine) {
    for (const char* text : {"CW: snakes. One at the ford", "cw:snakes.  One at the ford",
                             "CW: snakes\nOne at the ford", "Cw: snakes \n\n One at the ford"}) {
        const Warned warned = split_warning(text);
        EXPECT_EQ(warned.warning, "snakes") << text;
        EXPECT_EQ(warned.text, "One at the ford") << text;
    }
    EXPECT_EQ(split_warning("CW: v1.2 is out. Hi").warning, "v1.2 is out");
}

TEST(ContentWarning, WhatIsNoneIsText) {
    for (const std::string& text :
         {std::string(), std::string("CW"), std::string("CW: snakes"), std::string("CW: snakes. "),
          std::string("CW: . One"), std::string("CW:\nOne"), std::string("A CW: snakes. One"),
          "CW: " + std::string(101, 'x') + ". One"}) {
        EXPECT_EQ(split_warning(text).warning, "") << text;
        EXPECT_EQ(split_warning(text).text, text);
    }
}

}  // namespace
}  // namespace waypost::activitypub
