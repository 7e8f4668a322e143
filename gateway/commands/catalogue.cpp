// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/catalogue.h"

#include <toml++/toml.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include "gateway/commands/catalogue_files.h"
#include "gateway/commands/pattern.h"
#include "gateway/commands/plain.h"

namespace waypost {
namespace {

constexpr std::string_view kAfterWord = " .,:;!?";

bool listed(const std::map<std::string, std::vector<std::string>>& words, const char* kind,
            const std::string& key) {
    const auto found = words.find(kind);
    return found != words.end() &&
           std::find(found->second.begin(), found->second.end(), key) != found->second.end();
}

// A word with a hyphen is often typed with a space.
std::vector<std::string> keys_of(const std::string& word) {
    std::vector<std::string> keys = {word_key(make_plain(word))};
    std::string apart = keys.front();
    std::replace(apart.begin(), apart.end(), '-', ' ');
    if (apart != keys.front()) keys.push_back(apart);
    return keys;
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

// Parsed patterns by the text that they are of, and the lock under which they are used.
struct Catalogue::Patterns {
    std::mutex mutex;
    std::map<const std::string*, Pattern> parsed;
};

Catalogue::Catalogue(std::string language, std::string_view text)
    : language_(std::move(language)), patterns_(std::make_unique<Patterns>()) {
    const toml::table file = toml::parse(text);
    const auto each_word = [](const toml::node& list, auto use) {
        for (const auto& word : *list.as_array()) {
            for (const std::string& key : keys_of(word.value<std::string>().value())) use(key);
        }
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
Catalogue::~Catalogue() = default;
Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue& Catalogue::operator=(Catalogue&&) noexcept = default;

std::string Catalogue::say(std::string_view key, Values values) const {
    return fill(texts_, key, values);
}

std::string Catalogue::letter(std::string_view key, Values values) const {
    return fill(letters_, key, values);
}

std::string Catalogue::fill(const Texts& texts, std::string_view key, Values values) const {
    const auto found = texts.find(key);
    if (found == texts.end()) throw std::logic_error("no text " + std::string(key));
    const std::lock_guard lock(patterns_->mutex);
    auto parsed = patterns_->parsed.find(&found->second);
    if (parsed == patterns_->parsed.end()) {
        parsed = patterns_->parsed.emplace(&found->second, Pattern(language_, found->second)).first;
    }
    try {
        return parsed->second.fill(values.begin(), values.size());
    } catch (const std::logic_error& why) {
        throw std::logic_error(std::string(key) + ": " + why.what());
    }
}

std::string Catalogue::verb(const std::string& key) const {
    const auto found = verbs_.find(key);
    return found == verbs_.end() ? std::string() : found->second;
}

bool Catalogue::is_called(const std::string& typed) const {
    const std::string key = word_key(make_plain(typed));
    return key == language_ || listed(words_, "names", key);
}
bool Catalogue::is_off(const std::string& key) const { return listed(words_, "off", key); }
bool Catalogue::is_alarm(const std::string& key) const { return listed(words_, "alarm", key); }
bool Catalogue::is_post(const std::string& key) const { return listed(words_, "post", key); }
bool Catalogue::is_greeting(const std::string& key) const {
    return listed(words_, "greeting", key);
}

bool Catalogue::tells_distress(const std::string& key) const {
    const auto found = words_.find("distress");
    return found != words_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const std::string& word) { return contains_word(key, word); });
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

bool is_off(const std::string& typed) {
    const std::string key = word_key(typed);
    return std::any_of(catalogues().begin(), catalogues().end(),
                       [&](const Catalogue* language) { return language->is_off(key); });
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
