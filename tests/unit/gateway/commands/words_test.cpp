// SPDX-License-Identifier: Apache-2.0
// Verbs, cries, greetings and words of distress of all languages, which everybody may type.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/grammar.h"
#include "gateway/commands/plain.h"

namespace waypost {
namespace {

TEST(Words, EveryLanguageHasEveryVerbAndKindOfWord) {
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
TEST(Words, NoWordOfOneLanguageClashesWithAnother) {
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

// Keyboards of three scripts write the same word in several ways.
TEST(Words, AWordIsKnownHoweverItIsTyped) {
    const auto verb = [](const char* language, const char* typed) {
        return catalogue(language).verb(word_key(make_plain(typed)));
    };
    const auto cry = [](const char* language, const char* typed) {
        return catalogue(language).tells_distress(word_key(make_plain(typed)));
    };
    EXPECT_EQ(verb("es", "MENU"), "help");
    EXPECT_EQ(verb("es", "menú"), "help");
    EXPECT_EQ(verb("fr", "mode d’emploi"), "help");
    EXPECT_EQ(verb("pt", "lingua"), "lang");
    EXPECT_EQ(verb("pt", "esqueca-me"), "forget");
    EXPECT_EQ(verb("pt", "esqueça me"), "forget") << "a space for a hyphen";
    for (const char* name : {"ім'я", "ім’я", "імʼя", "ім`я", "ім´я", "ІМЯ"})
        EXPECT_EQ(verb("uk", name), "name") << name;
    EXPECT_EQ(verb("ar", "مسـاعدة"), "help") << "tatweel";
    EXPECT_EQ(verb("ar", "مُسَاعَدَة"), "help") << "harakat";
    EXPECT_EQ(verb("ar", "مساعده"), "help");
    EXPECT_EQ(verb("ar", "رسائلی"), "list") << "yeh of Persian";
    EXPECT_EQ(verb("ar", "ايقاف"), "stop") << "no hamza";
    EXPECT_EQ(verb("hi", "शुरू"), "start");
    EXPECT_TRUE(cry("hi", "ज़ख्मी है")) << "nukta as a letter of its own";
    EXPECT_TRUE(cry("hi", "जख्मी है")) << "no nukta";
    EXPECT_TRUE(cry("hi", "सांप ने काटा"));
    EXPECT_TRUE(cry("ar", "انقذونا"));
    EXPECT_TRUE(cry("ar", "حریق")) << "yeh of Persian";
    EXPECT_TRUE(cry("uk", "гвалт!"));
    EXPECT_TRUE(cry("fr", "c’est un incendie"));
    EXPECT_FALSE(cry("fr", "incendies"));
}

TEST(Words, DigitsOfEveryScriptAreNumbers) {
    for (const char* item : {"7", "٧", "۷", "७", "７"}) {
        EXPECT_EQ(describe(parse_command(item)), "read 7") << item;
        EXPECT_EQ(describe(parse_command(std::string("?") + item)), "where 7") << item;
    }
    EXPECT_EQ(describe(parse_command("؟٧")), "where 7");
}

// Who is in danger types what his own language has for it, alone.
TEST(Words, TheCryOfEachLanguageAloneIsAnAlarm) {
    for (const Catalogue* language : catalogues()) {
        for (const std::string& cry : language->words().at("alarm")) {
            EXPECT_EQ(describe(parse_command(cry + '!')), "alarm")
                << language->language() << ": " << cry;
        }
    }
}

// In a sentence it is a word of distress, which is asked about.
TEST(Words, TheCryOfEachLanguageInASentenceIsDistress) {
    for (const Catalogue* language : catalogues()) {
        if (language->language() == "en") continue;  // mayday is what sailors say alone
        for (const std::string& cry : language->words().at("alarm")) {
            const std::string line = "xx " + cry + " yy";
            EXPECT_EQ(describe(parse_command(line)), "say! text='" + line + "'")
                << language->language();
        }
    }
}

TEST(Words, EachVerbIsUnderstoodFromEverybody) {
    for (const Catalogue* language : catalogues()) {
        for (const auto& [word, verb] : language->verbs()) {
            const std::string said = describe(parse_command(word));
            const bool itself = verb == "help" || verb == "list";
            EXPECT_EQ(said, itself ? verb : "verb " + verb) << language->language() << ": " << word;
        }
    }
}

// What people say to each other every day must reach whom they say it to.
TEST(Words, OrdinaryTalkIsNoVerbAndNoCry) {
    for (const char* line :
         {"oui",       "non",       "merci",       "d'accord",    "à moi",   "où es-tu",
          "feu vert",  "sim",       "não",         "obrigado",    "tá bom",  "pare",
          "espera",    "pronto",    "نعم",         "لا",          "شكرا",    "توقف",
          "كفى",       "تمام",      "naam",        "la",          "shukran", "khalas",
          "tamam",     "yalla",     "हाँ",          "नहीं",         "ठीक है",   "धन्यवाद",
          "बंद करो",    "रुको",       "चलो",         "haan",        "nahi",    "theek hai",
          "band karo", "chalo",     "ruko",        "acha",        "так",     "ні",
          "дякую",     "добре",     "стоп",        "тихо",        "чекай",   "tak",
          "ni",        "diakuiu",   "dobre",       "chekai",      "tone",    "list of things",
          "band",      "bless you", "hadith",      "to",          "main",    "are",
          "do",        "my",        "sang a song", "my accident", "moto",    "presa"}) {
        EXPECT_EQ(describe(parse_command(line)).substr(0, 4), "say ") << line;
    }
}

}  // namespace
}  // namespace waypost
