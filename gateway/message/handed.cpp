// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/handed.h"

namespace waypost {
namespace {

constexpr std::string_view kWaits = "waits for the next call or courier to ";
constexpr std::string_view kOnTo = ", and on to ";
constexpr std::string_view kArrived = "in custody of ";

bool take(std::string_view& text, std::string_view begin) {
    if (text.substr(0, begin.size()) != begin) return false;
    text.remove_prefix(begin.size());
    return true;
}

}  // namespace

std::string to_string(const Handed& handed) {
    if (handed.kind == Handed::Kind::Arrived) return std::string(kArrived) + handed.to;
    const std::string way = handed.via.empty() ? std::string() : handed.via + std::string(kOnTo);
    return std::string(kWaits) + way + handed.to;
}

std::optional<Handed> handed_of(std::string_view code, std::string_view detail) {
    if (code != kHandedCode) return std::nullopt;
    if (take(detail, kArrived)) return Handed{Handed::Kind::Arrived, std::string(detail), {}};
    if (!take(detail, kWaits)) return std::nullopt;
    const std::size_t on = detail.find(kOnTo);
    if (on == std::string_view::npos) return Handed{Handed::Kind::Waits, std::string(detail), {}};
    return Handed{Handed::Kind::Waits, std::string(detail.substr(on + kOnTo.size())),
                  std::string(detail.substr(0, on))};
}

}  // namespace waypost
