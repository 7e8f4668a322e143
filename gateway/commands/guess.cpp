// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/guess.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/grammar.h"
#include "gateway/commands/plain.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::array<std::string_view, 10> kEverywhere = {"lang", "l",    "h",     "name", "menu",
                                                          "info", "stop", "start", "test", "ping"};
constexpr int kLetters = 2;  // one may be a smiley

struct Script {
    const char* language;
    utf8proc_int32_t first, last;
    int letters = 0;
};

// Letters of Persian and Urdu that Arabic has not; kaf, yeh and heh of theirs are on keyboards
// that Arabic is typed on too.
bool beyond_arabic(utf8proc_int32_t c) {
    static constexpr std::array<utf8proc_int32_t, 9> kLettersOfOthers = {
        0x0679, 0x067E, 0x0686, 0x0688, 0x0691, 0x0698, 0x06AF, 0x06BA, 0x06D2};
    return std::find(kLettersOfOthers.begin(), kLettersOfOthers.end(), c) != kLettersOfOthers.end();
}

bool is_letter(utf8proc_int32_t c) {
    const auto kind = utf8proc_category(c);
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

// Addresses are Latin in any language, so Latin letters say nothing here.
std::string by_script(std::string_view plain) {
    std::array<Script, 3> scripts = {
        {{"ar", 0x0600, 0x06FF}, {"hi", 0x0900, 0x097F}, {"uk", 0x0400, 0x052F}}};
    bool of_others = false;
    each_code_point(plain, [&](std::int32_t c, std::string_view) {
        of_others = of_others || beyond_arabic(c);
        for (Script& each : scripts) {
            if (c >= each.first && c <= each.last && is_letter(c)) ++each.letters;
        }
    });
    if (of_others) return {};
    std::string found;
    for (const Script& each : scripts) {
        if (each.letters < kLetters) continue;
        if (!found.empty()) return {};
        found = each.language;
    }
    return found;
}

// A verb alone, or one of those that take a word with that word.
bool is_verb(const Catalogue& language, const std::string& key) {
    if (!language.verb(key).empty()) return true;
    const std::size_t space = key.find(' ');
    if (space == std::string::npos || key.find(' ', space + 1) != std::string::npos) return false;
    return takes_a_word(language.verb(key.substr(0, space)));
}

std::string by_words(const std::string& key) {
    const std::string first = key.substr(0, key.find(' '));
    if (std::find(kEverywhere.begin(), kEverywhere.end(), first) != kEverywhere.end()) return {};
    std::string found;
    for (const Catalogue* language : catalogues()) {
        const bool its = is_verb(*language, key) || language->is_greeting(key) ||
                         language->is_alarm(key) || language->tells_distress(key);
        if (!its) continue;
        if (!found.empty()) return {};
        found = language->language();
    }
    return found;
}

}  // namespace

std::string guess_language(std::string_view typed) {
    const std::string plain = make_plain(typed);
    std::string found = by_script(plain);
    if (found.empty()) {
        const std::size_t last = plain.find_last_not_of(".,;:!? ");
        if (last == std::string::npos) return {};
        found = by_words(word_key(plain.substr(0, last + 1)));
    }
    return is_language(found) ? found : std::string();
}

}  // namespace waypost
