// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "gateway/commands/plain.h"
#include "gateway/config/config.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kNarrowestPacket = 130;

// The longest value that the gateway itself puts at each placeholder; where a text's own is longer
// or shorter, that one.
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
        {"text", std::string(90, 't')},
        {"why", std::string(40, 'w')},
        {"time", "30d"},
        {"ago", "30d"},
        {"from", "09:15"},
        {"to", "14:20"},
        {"hours", "22:00-06:30"}};
    return kValues;
}

const std::string& longest_value(const std::string& key, const std::string& name) {
    static const std::map<std::pair<std::string, std::string>, std::string> kOwn = {
        {{"accepted", "who"}, std::string(60, 'a')},
        {{"refused", "who"}, std::string(60, 'a')},
        {{"held_note", "who"}, std::string(40, 'a')},
        {{"who_is", "who"}, std::string(24, 'a')},
        {{"alarm_from", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"all_clear_from", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"bad_address", "address"}, std::string(60, 'a')},
        {{"saved", "nick"}, std::string(40, 'n')},
        {{"saved", "address"}, std::string(80, 'a')},
        {{"fail", "reason"}, std::string(60, 'r')},
        {{"not_kept", "reason"}, std::string(80, 'r')}};
    const auto own = kOwn.find({key, name});
    return own == kOwn.end() ? longest_values().find(name)->second : own->second;
}

std::string filled(const std::string& key, std::string text) {
    for (const auto& [name, any] : longest_values()) {
        const std::string& value = longest_value(key, name);
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
            const std::string longest = filled(key, text);
            EXPECT_LE(longest.size(), kNarrowestPacket)
                << language->language() << ' ' << key << ": " << longest;
            EXPECT_EQ(longest.find('{'), std::string::npos) << key << ": " << longest;
            EXPECT_TRUE(is_utf8(longest)) << key;
        }
    }
}

// A missing or a wrong placeholder throws where it is said, in the middle of somebody's command.
void expect_same(const std::string& language, const Catalogue::Texts& its,
                 const Catalogue::Texts& english) {
    EXPECT_EQ(its.size(), english.size()) << language;
    for (const auto& [key, text] : english) {
        const auto found = its.find(key);
        ASSERT_NE(found, its.end()) << language << " has no " << key;
        EXPECT_EQ(marks(found->second), marks(text)) << language << ' ' << key;
    }
}

TEST(Catalogue, EveryLanguageHasEveryTextWithItsPlaceholders) {
    EXPECT_EQ(language_codes(), "en es sw");
    for (const Catalogue* language : catalogues()) {
        expect_same(language->language(), language->texts(), catalogue("en").texts());
        expect_same(language->language(), language->letters(), catalogue("en").letters());
    }
}

TEST(Catalogue, EveryLanguageHasEveryVerbAndKindOfWord) {
    const auto verbs_of = [](const Catalogue& language) {
        std::set<std::string> verbs;
        for (const auto& [word, verb] : language.verbs()) verbs.insert(verb);
        return verbs;
    };
    const auto kinds_of = [](const Catalogue& language) {
        std::set<std::string> kinds;
        for (const auto& [kind, words] : language.words()) kinds.insert(kind);
        return kinds;
    };
    for (const Catalogue* language : catalogues()) {
        EXPECT_EQ(verbs_of(*language), verbs_of(catalogue("en"))) << language->language();
        EXPECT_EQ(kinds_of(*language), kinds_of(catalogue("en"))) << language->language();
    }
}

// Everybody is understood in every language at once, so a word must not mean two things; a word of
// distress as a verb would be answered with help or a list.
TEST(Catalogue, NoWordOfOneLanguageClashesWithAnother) {
    std::map<std::string, std::string> meaning;
    const auto claim = [&](const Catalogue& language, const std::string& word,
                           const std::string& means) {
        const auto known = meaning.emplace(word, means).first->second;
        EXPECT_EQ(known, means) << language.language() << ": " << word;
    };
    for (const Catalogue* language : catalogues()) {
        for (const auto& [word, verb] : language->verbs()) claim(*language, word, "verb " + verb);
        for (const auto& [kind, words] : language->words()) {
            const std::string means = kind == "alarm" ? "distress" : kind;  // it may be both
            const std::string whose = kind == "names" ? ' ' + language->language() : "";
            for (const std::string& word : words) claim(*language, word, means + whose);
        }
    }
}

// A word that is not what `fold` makes of it would never be found.
TEST(Catalogue, EveryWordIsWrittenAsItIsLookedUp) {
    const auto check = [](const std::string& word) { EXPECT_EQ(fold(make_plain(word)), word); };
    for (const Catalogue* language : catalogues()) {
        for (const auto& [word, verb] : language->verbs()) check(word);
        for (const auto& [kind, words] : language->words()) {
            for (const std::string& word : words) check(word);
        }
    }
}

std::string without_accents(std::string text) {
    static const std::pair<const char*, const char*> kBare[] = {{"á", "a"}, {"é", "e"}, {"í", "i"},
                                                                {"ó", "o"}, {"ú", "u"}, {"ñ", "n"}};
    for (const auto& [accented, bare] : kBare) {
        for (std::size_t at; (at = text.find(accented)) != std::string::npos;) {
            text.replace(at, std::string_view(accented).size(), bare);
        }
    }
    return text;
}

// Few people type accents on a small radio.
TEST(Catalogue, EveryWordIsKnownWithoutItsAccents) {
    for (const Catalogue* language : catalogues()) {
        for (const auto& [word, verb] : language->verbs()) {
            EXPECT_EQ(language->verb(without_accents(word)), verb) << word;
        }
        for (const auto& [kind, words] : language->words()) {
            for (const std::string& word : words) {
                EXPECT_NE(std::find(words.begin(), words.end(), without_accents(word)), words.end())
                    << kind << ": " << word;
            }
        }
    }
}

TEST(Catalogue, ALanguageIsCalledByItsCodeOrItsNames) {
    EXPECT_TRUE(catalogue("es").is_called("es"));
    EXPECT_TRUE(catalogue("es").is_called("español"));
    EXPECT_TRUE(catalogue("sw").is_called("kiswahili"));
    EXPECT_FALSE(catalogue("sw").is_called("en"));
    EXPECT_TRUE(is_language("sw"));
    EXPECT_FALSE(is_language("fr"));
    EXPECT_FALSE(is_language(""));
}

// What the operator may write as the box's language is what there is.
TEST(Catalogue, TheSettingKnowsTheSameLanguages) {
    std::string choices = language_codes();
    std::replace(choices.begin(), choices.end(), ' ', '|');
    const Section& box = *core_sections().front();
    ASSERT_EQ(box.name, "box");
    const auto setting = std::find_if(box.settings.begin(), box.settings.end(),
                                      [](const Setting& s) { return s.key == "language"; });
    ASSERT_NE(setting, box.settings.end());
    EXPECT_EQ(setting->kind, Setting::Kind::Choice);
    EXPECT_EQ(setting->range, choices);
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
