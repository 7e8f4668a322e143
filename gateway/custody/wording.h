// SPDX-License-Identifier: Apache-2.0
// What the gateway puts into its texts, in the words of the reader: reasons, times, attachments. No
// English word stands in the middle of a foreign answer, so nothing else goes in but names, numbers
// and what a person wrote.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/commands/catalogue.h"
#include "gateway/message/why.h"
#include "gateway/store/records.h"
#include "gateway/transport.h"

namespace waypost {

// Why a delivery failed, or is held. What another server said in words of its own is shown by its
// code: "not accepted (554 5.6.0)".
std::string said_why(const Catalogue& words, State state, const std::string& code,
                     const std::string& detail);

// "NOT kept: nobody here is called so": the answer to a message that is refused.
std::string said_refusal(const Catalogue& words, const Verdict& verdict);

// A line fits one packet of the narrowest mesh.
inline constexpr std::size_t kLineBytes = 130;

// What `say` makes of as much of `text` as leaves it within `most` bytes (0: of all).
using SayText = std::function<std::string(const std::string&)>;
std::string fitting_line(const SayText& say, std::string_view text, std::size_t most = kLineBytes);
// How many bytes of text fit the line that `say` makes of it.
std::size_t room_in_line(const SayText& say);

// "45s", "3m", "2h", "5d": how long, rounded down. Negative counts as none.
std::string said_time(const Catalogue& words, std::chrono::milliseconds time);

// "3 photos 3.1M", "plan.pdf 84k"; empty for none.
std::string attachment_note(const Catalogue& words, const std::vector<Attachment>& attachments);

// A letter's text with what a radio cannot carry named: "[3 photos 3.1M, no text]".
std::string plain_text(const Catalogue& words, const store::MessageRow& message);

}  // namespace waypost
