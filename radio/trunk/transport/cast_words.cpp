// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/cast_words.h"

namespace waypost::trunk {
namespace {

constexpr char kInvitation = '\xC0';
constexpr char kAnswer = '\xC1';
constexpr std::size_t kAnswerBytes = 3;
constexpr std::uint8_t kRefused = 255;
constexpr milliseconds kOnDisk{500};  // message and answer; turning round

}  // namespace

bool is_cast_invitation(std::string_view object) {
    return !object.empty() && object[0] == kInvitation;
}
bool is_cast_answer(std::string_view object) { return !object.empty() && object[0] == kAnswer; }

std::string encode_invitation(const CastInvitation& invitation) {
    std::string out{kInvitation};
    put_varint(out, 2 * invitation.text_bytes + (invitation.mail ? 1 : 0));
    put_bytes(out, invitation.cast);
    return out + encode_bundle(invitation.letters);
}

Result<CastInvitation> parse_invitation(std::string_view object) {
    if (!is_cast_invitation(object)) return bad_input("no invitation to a cast");
    object.remove_prefix(1);
    CastInvitation invitation;
    const auto text = take_varint(object);
    auto cast = text ? take_bytes(object) : std::nullopt;
    if (!cast) return bad_input("an invitation that is cut short");
    if (*text / 2 > CastInvitation::kMostText)
        return Error{Code::TooLarge, "a cast of too long a text", false};
    invitation.text_bytes = static_cast<std::size_t>(*text / 2);
    invitation.mail = *text % 2 != 0;
    invitation.cast = std::move(*cast);
    auto letters = parse_bundle(object);
    if (!letters.ok()) return letters.error();
    if (letters->empty() || letters->size() > CastInvitation::kMostLetters)
        return bad_input("an invitation of no letters, or of too many");
    invitation.letters = std::move(*letters);
    return invitation;
}

std::string encode_answer(std::string_view answer) { return kAnswer + std::string(answer); }

std::string encode_refusal_of(std::uint16_t cast) {
    return {kAnswer, static_cast<char>(cast >> 8), static_cast<char>(cast & 0xFF),
            static_cast<char>(kRefused)};
}

std::optional<CastAnswer> parse_answer(std::string_view object) {
    if (!is_cast_answer(object) || object.size() != 1 + kAnswerBytes) return std::nullopt;
    const auto last = static_cast<std::uint8_t>(object.back());
    return CastAnswer{std::string(object.substr(1)), last, last == kRefused};
}

milliseconds answer_slot(const Air& air) {
    using std::chrono::ceil;
    return ceil<milliseconds>(air.airtime(1 + kAnswerBytes + kSingleOverhead) +
                              air.airtime(1 + kReportTag)) +
           2 * air.limits().latency + kOnDisk;
}

}  // namespace waypost::trunk
