// SPDX-License-Identifier: Apache-2.0
// An alarm as one person reads it: the words around it in his language, the caller's as typed.
#pragma once

#include <chrono>
#include <string>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/box.h"

namespace waypost {

// The places of radios are kept this long.
inline constexpr std::chrono::hours kKeepPlaces{24};

// "ALARM 7 ana: text @52.1234,13.5678 5m ago", in at most `most` bytes (0: whole, however long).
// The place is the last one of the caller's radio, with its age by now.
std::string alarm_line(store::Tables& tables, const Box& box, const Catalogue& words,
                       const store::AlarmRow& alarm, int item, std::size_t most);

// "@52.1234,13.5678 5m ago", or "@52.12,13.57 ~3km 5m ago" of a radio that says it roughly; empty:
// not known.
std::string place_of(store::Tables& tables, const Box& box, const Catalogue& words,
                     const Address& radio);

// "14:20", by the clock of this box; with the day where it is another one than `now`'s.
std::string clock_time(store::Ms wall_ms, store::Ms now_ms);

}  // namespace waypost
