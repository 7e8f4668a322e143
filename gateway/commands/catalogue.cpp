// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/catalogue.h"

#include <toml++/toml.h>

#include <algorithm>
#include <stdexcept>

#include "gateway/commands/catalogue_files.h"

namespace waypost {
namespace {

constexpr std::string_view kAfterWord = " .,:;!?";

bool listed(const std::map<std::string, std::vector<std::string>>& words, const char* kind,
            const std::string& folded) {
    const auto found = words.find(kind);
    return found != words.end() &&
           std::find(found->second.begin(), found->second.end(), folded) != found->second.end();
}

bool contains_word(const std::string& text, const std::string& word) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || text[at - 1] == ' ';
        if (begins && (end == text.size() || kAfterWord.find(text[end]) != std::string_view::npos))
            return true;
    }
    return false;
}

}  // namespace

Catalogue::Catalogue(std::string language, std::string_view text) : language_(std::move(language)) {
    const toml::table file = toml::parse(text);
    const auto each_word = [](const toml::node& list, auto use) {
        for (const auto& word : *list.as_array()) use(word.value<std::string>().value());
    };
    for (const auto& [verb, list] : *file["verbs"].as_table()) {
        each_word(list, [&, name = std::string(verb.str())](const std::string& word) {
            verbs_.emplace(word, name);
        });
    }
    for (const auto& [kind, list] : *file["words"].as_table()) {
        each_word(list, [&, name = std::string(kind.str())](const std::string& word) {
            words_[name].push_back(word);
        });
    }
    for (auto [name, texts] : {std::pair{"texts", &texts_}, std::pair{"letters", &letters_}}) {
        for (const auto& [key, value] : *file[name].as_table()) {
            texts->emplace(std::string(key.str()), value.value<std::string>().value());
        }
    }
}

std::string Catalogue::say(std::string_view key, Values values) const {
    return fill(texts_, key, values);
}

std::string Catalogue::letter(std::string_view key, Values values) const {
    return fill(letters_, key, values);
}

std::string Catalogue::fill(const Texts& texts, std::string_view key, Values values) {
    const auto found = texts.find(key);
    if (found == texts.end()) throw std::logic_error("no text " + std::string(key));
    std::string out;
    std::string_view rest = found->second;
    for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
        const std::size_t close = rest.find('}', open);
        const std::string_view name = rest.substr(open + 1, close - open - 1);
        const auto* value = std::find_if(values.begin(), values.end(),
                                         [&](const auto& v) { return v.first == name; });
        if (value == values.end()) {
            throw std::logic_error("no value for " + std::string(name) + " in " + std::string(key));
        }
        out.append(rest.substr(0, open)).append(value->second);
        rest.remove_prefix(close + 1);
    }
    return out.append(rest);
}

std::string Catalogue::verb(const std::string& folded) const {
    const auto found = verbs_.find(folded);
    return found == verbs_.end() ? std::string() : found->second;
}

bool Catalogue::is_called(const std::string& folded) const {
    return folded == language_ || listed(words_, "names", folded);
}
bool Catalogue::is_off(const std::string& folded) const { return listed(words_, "off", folded); }

bool Catalogue::is_alarm(const std::string& folded) const {
    return listed(words_, "alarm", folded);
}
bool Catalogue::is_greeting(const std::string& folded) const {
    return listed(words_, "greeting", folded);
}

bool Catalogue::tells_distress(const std::string& folded) const {
    const auto found = words_.find("distress");
    return found != words_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const std::string& word) { return contains_word(folded, word); });
}

const std::vector<const Catalogue*>& catalogues() {
    static const std::vector<Catalogue> kEach = [] {
        std::vector<Catalogue> each;
        for (const auto& [language, text] : kCatalogueFiles) {
            each.emplace_back(std::string(language), text);
        }
        return each;
    }();
    static const std::vector<const Catalogue*> kAll = [] {
        std::vector<const Catalogue*> all;
        for (const Catalogue& language : kEach) all.push_back(&language);
        return all;
    }();
    return kAll;
}

const Catalogue& catalogue(std::string_view language) {
    for (const Catalogue* each : catalogues()) {
        if (each->language() == language) return *each;
    }
    return *catalogues().front();
}

bool is_language(std::string_view code) { return catalogue(code).language() == code; }

std::string language_codes() {
    std::string codes;
    for (const Catalogue* each : catalogues()) {
        codes += (codes.empty() ? "" : " ") + each->language();
    }
    return codes;
}

}  // namespace waypost
