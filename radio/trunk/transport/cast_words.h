// SPDX-License-Identifier: Apache-2.0
// The objects by which two posts agree on a cast (radio/trunk/cast.h). The text of a letter to
// several neighbours is cast, packed; what is of one neighbour alone goes with the invitation.
// Pure.
//
//   0xC0 invitation   text, mail (varint: 2 * bytes of the text unpacked + 1 if it is a mail)
//                     varint length, invitation of cast.h
//                     {varint length, letter without its text in the short form}*
//   0xC1 answer       cast id 2, missing rows 1: 0 held, 255 not taken
//
// Batches of letters begin with other bits (bridges/post/short_form.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "radio/trunk/cast.h"
#include "radio/trunk/link.h"

namespace waypost::trunk {

struct CastInvitation {
    static constexpr std::size_t kMostText = 256 * 1024;
    static constexpr std::size_t kMostLetters = 16;

    std::size_t text_bytes = 0;  // unpacked
    bool mail = false;           // Letter::mail, else Letter::text
    std::string cast;            // CastOut::invitation()
    std::vector<std::string> letters;
};

bool is_cast_invitation(std::string_view object);
bool is_cast_answer(std::string_view object);
std::string encode_invitation(const CastInvitation& invitation);
Result<CastInvitation> parse_invitation(std::string_view object);

std::string encode_answer(std::string_view answer);  // CastIn::answer()
std::string encode_refusal_of(std::uint16_t cast);
struct CastAnswer {
    std::string answer;  // for CastOut::answered()
    int missing = 0;
    bool refused = false;
};
std::optional<CastAnswer> parse_answer(std::string_view object);

// Receivers answer one behind the other: so long each has the air.
milliseconds answer_slot(const Air& air);

}  // namespace waypost::trunk
