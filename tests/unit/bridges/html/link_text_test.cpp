// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/link_text.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

TEST(LinkText, ShortestUsefulForm) {
    const std::pair<const char*, const char*> kCases[] = {
        {"https://hill.example", "hill.example"},
        {"HTTP://WWW.Hill.Example/A", "hill.example/A"},
        {"https://hill.example:8443/", "hill.example:8443"},
        {"https://www./x", "www./x"},
        {"https://user:secret@hill.example/x", "hill.example/x"},
        {"https://hill.example/a?utm_source=b&id=3&fbclid=z", "hill.example/a?id=3"},
        {"https://hill.example/a?utm_source=b", "hill.example/a"},
        {"https://hill.example/a#part-2", "hill.example/a"},
        {"https://hill.example/a#!/b", "hill.example/a#!/b"},
        {"https://hill.example/a/", "hill.example/a/"},
        {"https://uk.hill.example/%D0%A0%D1%96%D0%BA%D0%B0",
         "uk.hill.example/\u0420\u0456\u043a\u0430"},
        {"https://hill.example/a%20b%3Fc", "hill.example/a%20b%3Fc"},
        {"https://hill.example/%E2%80%AE%D0", "hill.example/%E2%80%AE%D0"},
        {"https://hill.example/%d0", "hill.example/%d0"},
        {"https://hill.example/%", "hill.example/%"},
    };
    for (const auto& [url, text] : kCases) EXPECT_EQ(short_link(url), text) << url;
}

TEST(LinkText, WhatIsTooLongIsItsHost) {
    const std::string url = "https://www.hill.example/" + std::string(100, 'x');
    EXPECT_EQ(short_link(url), "hill.example/\u2026");
    EXPECT_EQ(short_link(url, 200), "hill.example/" + std::string(100, 'x'));
}

TEST(LinkText, WhatIsNoWebUrlIsNone) {
    for (const char* url :
         {"", "https://", "https:///x", "ftp://hill.example", "javascript:x()", "//hill.example",
          "hill.example", "https://hill.example/a b", "https://hill.example/\"x",
          "https://hill.example/<", "https://h\n.example", "https://h.example/\xff",
          "https://user@/x", "https://h.example/\u202e", "https://?x", "https://#x"}) {
        EXPECT_FALSE(is_web_url(url)) << url;
        EXPECT_EQ(short_link(url), "") << url;
    }
    EXPECT_TRUE(is_web_url("https://h.example/" + std::string(kLongestUrl - 18, 'x')));
    EXPECT_FALSE(is_web_url("https://h.example/" + std::string(kLongestUrl - 17, 'x')));
}

TEST(LinkText, AnAddressIsKnownByItsBeginning) {
    constexpr const char* kUrl = "https://www.hill.example/a/b?c=d";
    for (const char* text : {"https://www.hill.example/a/b?c=d", "hill.example/a/b",
                             "Hill.example/", "www.hill.example/a\u2026", "hill.example/a/..."}) {
        EXPECT_TRUE(is_own_address(kUrl, text)) << text;
    }
    for (const char* text : {"", "h", "here", "hill.example/x", "dale.example", "see hill.example"})
        EXPECT_FALSE(is_own_address(kUrl, text)) << text;
}

}  // namespace
}  // namespace waypost
