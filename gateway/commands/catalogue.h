// SPDX-License-Identifier: Apache-2.0
// What the gateway says and understands in one language, from catalogue/LANGUAGE.toml, which is
// built into the program. A new language is one file and one line in catalogue.cpp.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost {

class Catalogue {
  public:
    // Throws std::runtime_error if the file is not TOML of the expected form: a bug of ours.
    Catalogue(std::string language, std::string_view toml);

    const std::string& language() const { return language_; }
    // The text with its {placeholders} filled. An unknown key or placeholder is a bug of ours and
    // throws std::logic_error.
    std::string say(
        std::string_view key,
        std::initializer_list<std::pair<std::string_view, std::string>> values = {}) const;
    // "help" for any of its words, folded; empty if it is no verb.
    std::string verb(const std::string& folded) const;
    bool is_alarm(const std::string& folded) const;
    bool is_greeting(const std::string& folded) const;
    bool tells_distress(const std::string& folded) const;
    const std::map<std::string, std::string, std::less<>>& texts() const { return texts_; }

  private:
    std::string language_;
    std::map<std::string, std::string, std::less<>> texts_;
    std::map<std::string, std::string> verbs_;  // word -> verb
    std::map<std::string, std::vector<std::string>> words_;
};

// The catalogue of a language, or the English one.
const Catalogue& catalogue(std::string_view language);
const std::vector<const Catalogue*>& catalogues();

}  // namespace waypost
