// SPDX-License-Identifier: Apache-2.0
// In which language somebody is answered: what he chose by `lang`, else what his lines look like,
// else the village's. A choice of a person is in his row, a stranger's and every guess in the state
// of the store, by owner; all of it is read and written inside the writer's transaction.
#pragma once

#include <functional>
#include <string>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/ledger.h"

namespace waypost {

std::string language_of(store::Tables& tables, const Box& box, const std::string& owner);

// The catalogue of that language.
const Catalogue& words_of(store::Tables& tables, const Box& box, const std::string& owner);
const Catalogue& words_of(Ledger& ledger, const std::string& owner);

// What people outside read, of whom nobody knows what they speak: `letter` in these words and in
// English.
using LetterIn = std::function<std::string(const Catalogue&)>;
std::string in_both(const Catalogue& own, const LetterIn& letter);

// He said so: a person or a stranger. `language`: one that there is.
void choose_language(Ledger& ledger, const std::string& owner, const std::string& language);

// A line of his looked like this language. The first guess counts at once, a later one only when
// two lines in turn say the same other language; nothing once he chose.
void hear_language(Ledger& ledger, const std::string& owner, const std::string& language);

// A stranger took a name: his choice becomes the person's, a guess goes along. Returns the choice,
// for the person's row; empty: none.
std::string carry_language(Ledger& ledger, const std::string& stranger, const std::string& handle);

void forget_language(Ledger& ledger, const std::string& owner);

}  // namespace waypost
