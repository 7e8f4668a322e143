// SPDX-License-Identifier: Apache-2.0
// The hours in which a person's radio is left alone: his own, or the village's. Then nothing goes
// to it but alarms and the answer to what he says himself. Mailboxes are not affected.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/custody/ledger.h"

namespace waypost {

inline constexpr char kNoQuiet[] = "off";  // as a person's own: not even the village's

struct QuietHours {
    int from = 0;  // minutes of a day, local time; `to` may be the next morning
    int to = 0;
    friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// "22-6", "22:00-06:30", "22.30-6"; nothing for anything else, or for no time at all.
std::optional<QuietHours> parse_quiet(std::string_view text);
std::string to_string(const QuietHours& hours);  // "22:00-06:30"

// Of a person, or of a radio without a name.
std::optional<QuietHours> quiet_of(const Box& box, const std::string& owner);
// The end of these hours, if they are now.
std::optional<WallTime> quiet_end(const QuietHours& hours, WallTime now);

// True: it is for a radio that is left alone now, and waits until some minutes after the end: for
// each person another moment, or all radios would want the channel at once.
bool wait_for_quiet(Ledger& ledger, store::DeliveryRow& row);
// His quiet hours are other ones: what waits for their end goes, or waits anew.
void quiet_changed(Ledger& ledger, const std::string& owner);

}  // namespace waypost
