// SPDX-License-Identifier: Apache-2.0
// What is typed is first made plain, so that one rule matches what phones, keyboards and scripts
// make of the same intent. Only for matching: what is sent on keeps its own letters.
#pragma once

#include <string>
#include <string_view>

namespace waypost {

// NFKC; direction and zero-width marks gone; every script's digits are 0-9; Arabic and Indic
// punctuation, curly apostrophes and dashes plain; Spanish opening marks gone; white space
// squeezed. Case is kept.
std::string make_plain(std::string_view typed);

// The same in lower case (full case folding).
std::string fold(std::string_view plain);

// Folded, with every mark of every letter gone: accents, harakat, vowel signs.
std::string without_marks(std::string_view plain);

// By which the words of the catalogues are compared: folded, and without what keyboards leave out
// or write in several ways. Accents of Latin letters, the breve and dots of Cyrillic ones, harakat,
// hamza, tatweel, nukta and apostrophes are gone; kaf, yeh and heh of Persian and Urdu are the
// Arabic ones; chandrabindu is anusvara.
std::string word_key(std::string_view plain);

}  // namespace waypost
