// SPDX-License-Identifier: Apache-2.0
// What the gateway says and understands in one language, from catalogue/LANGUAGE.toml, which is
// built into the program. A new language is one file and one word in gateway/CMakeLists.txt.
#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost {

class Catalogue {
  public:
    // Throws std::runtime_error if the file is not TOML of the expected form: a bug of ours.
    Catalogue(std::string language, std::string_view toml);
    ~Catalogue();
    Catalogue(Catalogue&&) noexcept;
    Catalogue& operator=(Catalogue&&) noexcept;

    const std::string& language() const { return language_; }
    // Its code or one of its names, as typed: "es", "Español".
    bool is_called(const std::string& typed) const;
    using Values = std::initializer_list<std::pair<std::string_view, std::string>>;
    using Texts = std::map<std::string, std::string, std::less<>>;
    // The text with its {placeholders} filled: `say` for a radio, within the narrowest packet;
    // `letter` for a mail. An unknown key or placeholder is a bug of ours and throws
    // std::logic_error. May be called from any thread; what a pattern needs is made at its first
    // use, so that a language nobody speaks costs little memory.
    std::string say(std::string_view key, Values values = {}) const;
    std::string letter(std::string_view key, Values values = {}) const;
    // "help" for any of its words, which are given by their word_key (plain.h); empty if it is no
    // verb.
    std::string verb(const std::string& key) const;
    bool is_off(const std::string& key) const;  // "quiet off"
    bool is_alarm(const std::string& key) const;
    bool is_greeting(const std::string& key) const;
    bool is_post(const std::string& key) const;  // "post text": for all the world
    bool tells_distress(const std::string& key) const;
    // The patterns as they are written.
    const Texts& texts() const { return texts_; }
    const Texts& letters() const { return letters_; }
    const std::map<std::string, std::string>& verbs() const { return verbs_; }
    const std::map<std::string, std::vector<std::string>>& words() const { return words_; }

  private:
    struct Patterns;
    std::string fill(const Texts& texts, std::string_view key, Values values) const;
    std::string language_;
    Texts texts_;
    Texts letters_;
    std::map<std::string, std::string> verbs_;  // key of the word -> verb
    std::map<std::string, std::vector<std::string>> words_;
    std::unique_ptr<Patterns> patterns_;
};

// "off" in any language: what ends quiet hours or a check-in.
bool is_off(const std::string& typed);

// The catalogue of a language, or the English one.
const Catalogue& catalogue(std::string_view language);
const std::vector<const Catalogue*>& catalogues();
bool is_language(std::string_view code);
// "en es fr": English first.
std::string language_codes();

}  // namespace waypost
