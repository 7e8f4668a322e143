// SPDX-License-Identifier: Apache-2.0
// Codes of 8 digits by which another radio becomes a person's: good once and for a quarter of an
// hour of box time. Eight digits are few, so tries are counted in the transaction that looks, and
// what is kept is a hash under the box's own key. In the writer's transaction.
#pragma once

#include <chrono>
#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

inline constexpr std::chrono::minutes kCodeLife{15};
inline constexpr int kCodeTriesPerDay = 5;  // for a name, and for a radio

// A new one, in place of an older one.
std::string make_code(Ledger& ledger, const std::string& handle);
// The answer that shows it: its text is wiped when the code is spent or over.
void shown_in(Ledger& ledger, const std::string& handle, MessageId answer);

enum class CodeCheck { Right, Wrong, TooManyTries };
// Counts the try. Right: it is spent.
CodeCheck check_code(Ledger& ledger, const Address& radio, const std::string& handle,
                     const std::string& code);

void drop_code(Ledger& ledger, const std::string& handle);
void drop_old_codes(Ledger& ledger);  // whose time has passed

}  // namespace waypost
