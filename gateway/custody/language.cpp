// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/language.h"

namespace waypost {
namespace {

constexpr char kState[] = "language";  // by owner: "hi", chosen; "?hi" or "?hi es", guessed

struct Known {
    std::string language;
    bool chosen = false;
    std::string other;  // what the last line looked like, where that is another one
};

Known known_of(store::Tables& tables, const std::string& owner) {
    const std::string text = tables.state.get(kState, owner).value_or("");
    if (text.empty() || text[0] != '?') return {text, !text.empty(), {}};
    const std::size_t space = text.find(' ');
    if (space == std::string::npos) return {text.substr(1), false, {}};
    return {text.substr(1, space - 1), false, text.substr(space + 1)};
}

void put_guess(store::Tables& tables, const std::string& owner, const std::string& language,
               const std::string& other = {}) {
    tables.state.put(kState, owner, '?' + language + (other.empty() ? "" : ' ' + other));
}

std::string of_person(const Box& box, const std::string& owner) {
    const auto people = box.directory.get();
    const Person* person = people->find(owner);
    return person == nullptr ? std::string() : person->row.language;
}

}  // namespace

std::string language_of(store::Tables& tables, const Box& box, const std::string& owner) {
    if (const std::string chosen = of_person(box, owner); !chosen.empty()) return chosen;
    const Known known = owner.empty() ? Known{} : known_of(tables, owner);
    return is_language(known.language) ? known.language : box.settings->language;
}

const Catalogue& words_of(store::Tables& tables, const Box& box, const std::string& owner) {
    return catalogue(language_of(tables, box, owner));
}

const Catalogue& words_of(Ledger& ledger, const std::string& owner) {
    return words_of(ledger.tables(), ledger.box(), owner);
}

std::string in_both(const Catalogue& own, const LetterIn& letter) {
    const Catalogue& english = catalogue("en");
    return &own == &english ? letter(own) : letter(own) + "\n\n" + letter(english);
}

void choose_language(Ledger& ledger, const std::string& owner, const std::string& language) {
    const auto people = ledger.box().directory.get();
    const Person* person = people->find(owner);
    if (person == nullptr) return ledger.tables().state.put(kState, owner, language);
    store::PersonRow row = person->row;
    row.language = language;
    ledger.tables().people.put_person(row);
    ledger.effects().people_changed = true;
    forget_language(ledger, owner);
}

void hear_language(Ledger& ledger, const std::string& owner, const std::string& language) {
    if (!of_person(ledger.box(), owner).empty()) return;
    store::Tables& tables = ledger.tables();
    const Known known = known_of(tables, owner);
    if (known.chosen) return;
    if (known.language.empty() || known.other == language)
        return put_guess(tables, owner, language);
    const std::string other = language == known.language ? std::string() : language;
    if (other != known.other) put_guess(tables, owner, known.language, other);
}

std::string carry_language(Ledger& ledger, const std::string& stranger, const std::string& handle) {
    const Known known = known_of(ledger.tables(), stranger);
    forget_language(ledger, stranger);
    if (known.chosen || known.language.empty()) return known.language;
    put_guess(ledger.tables(), handle, known.language, known.other);
    return {};
}

void forget_language(Ledger& ledger, const std::string& owner) {
    ledger.tables().state.erase(kState, owner);
}

}  // namespace waypost
