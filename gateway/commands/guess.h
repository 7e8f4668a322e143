// SPDX-License-Identifier: Apache-2.0
// In which language a line was typed, as far as that is plain to see. A pure function.
#pragma once

#include <string>
#include <string_view>

namespace waypost {

// A code of a language that there is, or empty where nothing says so. Arabic, Devanagari and
// Cyrillic letters decide by themselves (Persian and Urdu, which are written with more letters than
// Arabic, are none of ours); else a verb, a greeting, a cry or a word of distress that exactly one
// language has. Words that are known everywhere (lang, menu, stop, test) say nothing.
std::string guess_language(std::string_view typed);

}  // namespace waypost
