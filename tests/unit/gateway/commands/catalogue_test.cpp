// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kNarrowestPacket = 130;

// The longest value that the gateway itself puts at each placeholder.
const std::map<std::string, std::string>& longest_values() {
    static const std::map<std::string, std::string> kValues = {
        {"item", "9999"},
        {"who", "a-name-of-16-lett"},
        {"address", "abcdefghijklmnopqrst@village.example"},
        {"choices", "1 abcdefgh 2 abcdefgh 3 abcdefgh"},
        {"reason", "mailbox full, asked 5 times in 3 days"},
        {"most", "100"},
        {"nick", "abcdefghijklmnop"},
        {"what", "abcdefghijklmnop"},
        {"handle", "abcdefghijklmnopqrst"},
        {"language", "hi-latn"},
        {"languages", "ar en es fr hi hi-latn pt sw uk"},
        {"count", "100"},
        {"village", "hillvillage"},
        {"text", "water rising at the mill, 2 people on the roof"},
        {"why", "mailbox full, gave up after 30d"},
        {"time", "30d"},
        {"ago", "30d"},
        {"from", "09:15"},
        {"to", "14:20"}};
    return kValues;
}

std::string filled(std::string text) {
    for (const auto& [name, value] : longest_values()) {
        const std::string mark = '{' + name + '}';
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
            text.replace(at, mark.size(), value);
        }
    }
    return text;
}

// The names between braces, sorted.
std::vector<std::string> marks(const std::string& text) {
    std::vector<std::string> names;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
        names.push_back(text.substr(at, text.find('}', at) - at));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

TEST(Catalogue, EveryTextFitsTheNarrowestPacket) {
    for (const Catalogue* language : catalogues()) {
        EXPECT_FALSE(language->texts().empty());
        for (const auto& [key, text] : language->texts()) {
            const std::string longest = filled(text);
            EXPECT_LE(longest.size(), kNarrowestPacket) << key << ": " << longest;
            EXPECT_EQ(longest.find('{'), std::string::npos) << key << ": " << longest;
            EXPECT_TRUE(is_utf8(longest)) << key;
        }
    }
}

TEST(Catalogue, EveryLanguageHasEveryText) {
    for (const Catalogue* language : catalogues()) {
        for (const auto& [key, text] : catalogue("en").texts()) {
            EXPECT_EQ(language->texts().count(key), 1u) << language->language() << ' ' << key;
        }
        for (const auto& [key, text] : catalogue("en").letters()) {
            ASSERT_EQ(language->letters().count(key), 1u) << language->language() << ' ' << key;
            EXPECT_EQ(marks(language->letters().find(key)->second), marks(text)) << key;
        }
    }
}

TEST(Catalogue, SaysAndRefusesToGuess) {
    const Catalogue& english = catalogue("en");
    EXPECT_EQ(english.say("kept", {{"item", "7"}}), "7 kept");
    EXPECT_THROW(english.say("kept"), std::logic_error);
    EXPECT_THROW(english.say("no such text"), std::logic_error);
    EXPECT_EQ(catalogue("xx").language(), "en");
    EXPECT_EQ(english.verb("forget me"), "forget");
}

}  // namespace
}  // namespace waypost
