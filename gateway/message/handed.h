// SPDX-License-Identifier: Apache-2.0
// What is known of a message that goes by a call or a courier, thus perhaps in a week: that it
// waits for one, and that the machine at the other end has it. On record, in details and in the
// trace, stand its English words; `handed_of` reads them back for a person's own language.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waypost {

struct Handed {
    enum class Kind { Waits, Arrived };
    Kind kind = Kind::Waits;
    std::string to;   // the machine: "dale"
    std::string via;  // the one before it on the way; may be empty. Of Waits
};

// The code that goes with the words: what another server says is none of them.
inline constexpr char kHandedCode[] = "courier";

// "waits for the next call or courier to dale", "in custody of dale".
std::string to_string(const Handed& handed);
// nullopt: it says something else.
std::optional<Handed> handed_of(std::string_view code, std::string_view detail);

}  // namespace waypost
