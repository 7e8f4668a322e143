// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "gateway/commands/pattern.h"
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
        {"who", "a-nickname-of-24-letters"},
        {"machine", "abcdefghijklmnop"},
        {"domain", "village.example"},
        {"address", "abcdefghijklmnopqrst@village.example"},
        {"choices", "2 abcdefghijklmnop 3 abcdefghijklmnop 4 abcdefghijklmnop"},
        {"most", "100"},
        {"nick", "abcdefghijklmnop"},
        {"what", "abcdefghijklmnop"},
        {"handle", "abcdefghijklmnopqrst"},
        {"language", "hi-latn"},
        {"languages", language_codes()},
        {"count", "100"},
        {"village", "hillvillage"},
        {"text", std::string(90, 't')},
        {"size", "1023k"},
        {"from", "09:15"},
        {"to", "14:20"},
        {"code", "12345678"},
        {"group", "abcdefghijklmnopqrst"},
        {"groups", std::string(60, 'g')},
        {"author", "abcdefghijklmnopqrst"},
        {"post", std::string(40, 'p')},
        {"posts", std::string(50, 'p')},
        {"place", "-52.1234,-113.5678 ~12km"},
        {"names", std::string(30, 'n')},
        {"hours", "22:00-06:30"},
        {"shown", "150"},
        {"letters", "12345"},
        {"until", "2026-01-02 09:15 UTC"},
        {"subject", "the well"},
        {"leave", "news+leave@hill.example"},
        {"link", "https://social.example/oauth/authorize?response_type=code"},
        {"files", "plan.pdf 84k, 2 pictures"},
        {"since", "29.11. 14:20"}};
    return kValues;
}

const std::string& longest_value(const std::string& key, const std::string& name) {
    static const std::map<std::pair<std::string, std::string>, std::string> kOwn = {
        {{"name_looks", "who"}, std::string(20, 'h')},
        {{"approval_note", "who"}, "!a1b2c3d4 abcdefghijkl"},
        {{"move_note", "who"}, "!a1b2c3d4 abcdefghijkl"},
        {{"move_note_operator", "who"}, "!a1b2c3d4 abcdefghijkl"},
        {{"vouch_ask", "who"}, "!a1b2c3d4 abcdefghijkl"},
        {{"accepted", "who"}, std::string(60, 'a')},
        {{"refused", "who"}, std::string(60, 'a')},
        {{"held_note", "who"}, std::string(40, 'a')},
        {{"held_notes", "names"}, std::string(40, 'a')},
        {{"held_notes", "who"}, std::string(16, 'a')},
        {{"who_is", "who"}, std::string(24, 'a')},
        // Their text is cut to what is left of the packet.
        {{"alarm_call", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_call", "text"}, std::string(40, 't')},
        {{"alarm_call_clear", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_call_clear", "text"}, std::string(30, 't')},
        {{"alarm_answer", "text"}, std::string(60, 't')},
        {{"alarm_clear", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_ack_done", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_close_ask", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_not_closed", "who"}, "abcdefghijklmnopqrst? !a1b2c3d4"},
        {{"alarm_where_heard", "who"}, std::string(30, 'a')},
        {{"alarm_where_answered", "who"}, std::string(30, 'a')},
        {{"bad_address", "address"}, std::string(60, 'a')},
        {{"saved", "nick"}, std::string(40, 'n')},
        {{"saved", "address"}, std::string(80, 'a')},
        {{"account_moved", "address"}, std::string(60, 'a')},
        {{"group_put_out", "who"}, std::string(60, 'a')},
        {{"no_text", "what"}, "abcdefghijklmnopqrstuvwx 1023k"}};
    const auto own = kOwn.find({key, name});
    if (own != kOwn.end()) return own->second;
    const auto all = longest_values().find(name);
    if (all == longest_values().end()) throw std::logic_error("no longest value of " + name);
    return all->second;
}

// The longest of its own words whose key begins so.
std::string longest_word(const Catalogue& language, const std::string& begin) {
    std::string longest;
    for (const auto& [key, text] : language.texts()) {
        if (key.rfind(begin, 0) != 0) continue;
        std::string said = begin == "time_" ? language.say(key, {{"count", "89"}}) : text;
        if (begin == "trouble_" && text.find("{who}") != std::string::npos)
            said = language.say(key, {{"who", std::string(24, 'w')}});
        if (said.size() > longest.size()) longest = said;
    }
    return longest;
}

// Reasons and times are words of the same catalogue.
std::string value_in(const Catalogue& language, const std::string& key, const std::string& name) {
    static const std::set<std::string> kOfDay = {"alarm_answer", "alarm_where_answered",
                                                 "check_shown", "check_ask"};
    if (kOfDay.count(key) > 0 && name == "time") {
        const std::string of_day = "29.11. 14:20";
        const std::string length = longest_word(language, "time_");
        return length.size() > of_day.size() ? length : of_day;
    }
    if (name == "time" || name == "ago") return longest_word(language, "time_");
    if (key.rfind("alert", 0) == 0 && name == "what") return longest_word(language, "trouble_");
    if (name == "why" || name == "reason") {
        const std::string coded = language.say("why_other") + " (554 5.7.1234)";
        const std::string plain = longest_word(language, "why_");
        return plain.size() > coded.size() ? plain : coded;
    }
    return longest_value(key, name);
}

const std::vector<std::string>& counts() {
    static const std::vector<std::string> kEach = {"0",  "1",  "2",  "3",   "5",  "11",
                                                   "21", "22", "99", "100", "102"};
    return kEach;
}

// With its longest values, once for each number that it may count.
std::vector<std::string> all_said(const Catalogue& language, const std::string& key,
                                  const std::string& text) {
    const Pattern pattern(language.language(), text);
    std::vector<std::string> said;
    for (const std::string& count : counts()) {
        std::vector<Pattern::Value> values;
        for (const auto& each : pattern.arguments()) {
            values.emplace_back(each.name,
                                each.plural ? count : value_in(language, key, each.name));
        }
        said.push_back(pattern.fill(values.data(), values.size()));
    }
    return said;
}

// The names of its arguments, sorted.
std::vector<std::string> marks(const std::string& text) {
    std::vector<std::string> names;
    const Pattern pattern("en", text);
    for (const auto& each : pattern.arguments()) names.push_back(each.name);
    std::sort(names.begin(), names.end());
    return names;
}

TEST(Catalogue, EveryTextFitsTheNarrowestPacket) {
    for (const Catalogue* language : catalogues()) {
        EXPECT_FALSE(language->texts().empty());
        for (const auto& [key, text] : language->texts()) {
            for (const std::string& said : all_said(*language, key, text)) {
                EXPECT_LE(said.size(), kNarrowestPacket)
                    << language->language() << ' ' << key << ": " << said;
                EXPECT_EQ(said.find_first_of("{}"), std::string::npos) << key << ": " << said;
                EXPECT_TRUE(is_utf8(said)) << key;
            }
        }
    }
}

TEST(Catalogue, EveryLetterCanBeWritten) {
    for (const Catalogue* language : catalogues()) {
        for (const auto& [key, text] : language->letters()) {
            EXPECT_EQ(all_said(*language, key, text).front().find_first_of("{}"), std::string::npos)
                << language->language() << ' ' << key;
        }
    }
}

// What is said to who wrote by chat.
TEST(Catalogue, AChatIsNoMail) {
    static const std::map<std::string, std::string> kMail = {
        {"en", "mail"},       {"es", "correo"},     {"fr", "mail"},     {"pt", "e-mail"},
        {"sw", "arua"},       {"ar", "بريد"},       {"hi", "मेल"},       {"uk", "лист"},
        {"ar-latn", "barid"}, {"hi-latn", " mail"}, {"uk-latn", "lyst"}};
    const std::string end = "_chat";
    for (const Catalogue* language : catalogues()) {
        const std::string& mail = kMail.at(language->language());
        int chats = 0;
        for (const auto& [key, text] : language->letters()) {
            if (key.size() < end.size() || key.substr(key.size() - end.size()) != end) continue;
            ++chats;
            EXPECT_EQ(text.find(mail), std::string::npos) << language->language() << ' ' << key;
            EXPECT_EQ(marks(text),
                      marks(language->letters().at(key.substr(0, key.size() - end.size()))))
                << language->language() << ' ' << key;
        }
        EXPECT_GT(chats, 4) << language->language();
    }
}

// ICU takes an apostrophe before a brace for a quote: what follows would be said as it stands.
TEST(Catalogue, NoApostropheQuotes) {
    for (const Catalogue* language : catalogues()) {
        for (const auto* texts : {&language->texts(), &language->letters()}) {
            for (const auto& [key, text] : *texts) {
                for (const char* quote : {"'{", "'}", "'#", "'|"}) {
                    EXPECT_EQ(text.find(quote), std::string::npos)
                        << language->language() << ' ' << key;
                }
            }
        }
    }
}

// What handhelds show that know Latin letters only; and they hold nothing but these.
TEST(Catalogue, TheLatinFormIsLatin) {
    for (const char* code : {"ar-latn", "hi-latn", "uk-latn"}) {
        ASSERT_TRUE(is_language(code));
        for (const auto* texts : {&catalogue(code).texts(), &catalogue(code).letters()}) {
            for (const auto& [key, text] : *texts)
                EXPECT_TRUE(is_ascii(text)) << code << ' ' << key;
        }
    }
}

// A text that was left as it is in English would be an English answer.
TEST(Catalogue, NoTextIsTheEnglishOne) {
    static const std::set<std::string> kSame = {"saved",  "time_s", "time_m",  "time_h",
                                                "time_d", "photos", "by_mail", "label_tls"};
    for (const Catalogue* language : catalogues()) {
        if (language->language() == "en") continue;
        for (const auto& [key, text] : catalogue("en").texts()) {
            if (kSame.count(key) > 0) continue;
            EXPECT_NE(language->texts().at(key), text) << language->language() << ' ' << key;
        }
        for (const auto& [key, text] : catalogue("en").letters())
            EXPECT_NE(language->letters().at(key), text) << language->language() << ' ' << key;
    }
}

// What a text tells to type must be understood.
TEST(Catalogue, WhatIsToBeTypedIsAVerb) {
    for (const Catalogue* language : catalogues()) {
        const auto teaches = [&](const char* key, const std::string& verb) {
            const std::string text = ' ' + word_key(make_plain(language->texts().at(key)));
            return std::any_of(language->verbs().begin(), language->verbs().end(), [&](auto& each) {
                return each.second == verb && text.find(' ' + each.first) != std::string::npos;
            });
        };
        EXPECT_TRUE(teaches("welcome", "name")) << language->language();
        EXPECT_TRUE(teaches("stop_done", "start")) << language->language();
        EXPECT_TRUE(teaches("list_empty", "help")) << language->language();
        EXPECT_TRUE(teaches("lang_choice", "lang")) << language->language();
    }
}

TEST(Catalogue, EachLanguageCountsByItsOwnRules) {
    const auto told = [](const char* language, const char* count) {
        return catalogue(language).say("alarm_told",
                                       {{"item", "7"}, {"count", count}, {"village", "hill"}});
    };
    EXPECT_EQ(told("en", "1"), "ALARM 7: 1 person of hill told. NOT police");
    EXPECT_EQ(told("en", "2"), "ALARM 7: 2 people of hill told. NOT police");
    EXPECT_NE(told("uk", "1").find("1 людина"), std::string::npos) << told("uk", "1");
    EXPECT_NE(told("uk", "3").find("3 людини"), std::string::npos) << told("uk", "3");
    EXPECT_NE(told("uk", "11").find("11 людей"), std::string::npos) << told("uk", "11");
    EXPECT_NE(told("uk-latn", "21").find("21 liudyna"), std::string::npos) << told("uk-latn", "21");
    EXPECT_NE(told("ar", "2").find("شخصان"), std::string::npos) << told("ar", "2");
    EXPECT_NE(told("ar", "3").find("3 أشخاص"), std::string::npos) << "digits to type back";
    EXPECT_NE(told("ar-latn", "11").find("11 shakhsan"), std::string::npos);
    EXPECT_NE(told("hi", "3").find("3 लोगों"), std::string::npos) << told("hi", "3");
    EXPECT_NE(told("fr", "0").find("0 personne "), std::string::npos) << told("fr", "0");
    EXPECT_THROW(told("en", "many"), std::logic_error);
}

TEST(Catalogue, SaysTheSameFromManyThreads) {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 500; ++n) {
                for (const char* code : {"ar", "uk", "fr"}) {
                    const std::string said =
                        catalogue(code).say("photos", {{"count", "5"}, {"size", "84k"}});
                    if (said.find('5') == std::string::npos) ++wrong;
                }
            }
        });
    }
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(wrong, 0);
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
    EXPECT_EQ(language_codes(), "en es fr pt ar ar-latn hi hi-latn sw uk uk-latn");
    for (const Catalogue* language : catalogues()) {
        expect_same(language->language(), language->texts(), catalogue("en").texts());
        expect_same(language->language(), language->letters(), catalogue("en").letters());
    }
}

TEST(Catalogue, ALanguageIsCalledByItsCodeOrItsNames) {
    EXPECT_TRUE(catalogue("es").is_called("es"));
    EXPECT_TRUE(catalogue("es").is_called("español"));
    EXPECT_TRUE(catalogue("sw").is_called("kiswahili"));
    EXPECT_FALSE(catalogue("sw").is_called("en"));
    EXPECT_TRUE(catalogue("hi").is_called("हिंदी"));
    EXPECT_TRUE(catalogue("hi-latn").is_called("hi-latn"));
    EXPECT_TRUE(catalogue("hi-latn").is_called("hindi"));
    EXPECT_FALSE(catalogue("hi").is_called("hindi")) << "who types it in Latin letters reads them";
    EXPECT_TRUE(catalogue("fr").is_called("Francais"));
    EXPECT_TRUE(catalogue("uk").is_called("українська"));
    EXPECT_TRUE(catalogue("ar").is_called("العربية"));
    EXPECT_TRUE(is_language("sw"));
    EXPECT_FALSE(is_language("de"));
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
