// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/air_turns.h"

#include <algorithm>

namespace waypost::trunk {
namespace {

constexpr milliseconds kLookAgain{250};      // an exchange may end before it has to
constexpr milliseconds kTurnRound{50};       // as LinkSettings
constexpr milliseconds kMostPolite{10'000};  // whoever forges frames silences nobody
constexpr std::size_t kAnswer = 17;          // bytes of a usual one

constexpr milliseconds kMostInARow{30'000};
constexpr milliseconds kBreath{5000};  // between two rows of them

}  // namespace

BoxTime AirTurns::may_send(const AirUser& who, BoxTime now, bool urgent) const {
    if (who.holds_air_until() > now) return now;
    for (const AirUser* other : users_) {
        if (other == &who) continue;
        if (const BoxTime until = other->holds_air_until(); until > now)
            return std::min(until, now + kLookAgain);
    }
    if (!urgent && overheard_until_ > now) return std::min(overheard_until_, now + kLookAgain);
    return now;
}

void AirTurns::overheard(BoxTime now, milliseconds time) {
    if (now > overheard_until_ + kBreath) polite_since_ = now;
    if (now - polite_since_ < kMostInARow) overheard_until_ = now + time;
}

bool AirTurns::free(BoxTime now) const {
    return overheard_until_ <= now &&
           std::none_of(users_.begin(), users_.end(),
                        [now](const AirUser* each) { return each->holds_air_until() > now; });
}

BoxTime SharedAir::may_send(BoxTime now, std::chrono::microseconds airtime, bool urgent) const {
    const BoxTime law = air_.may_send(now, airtime, urgent);
    if (law > now || user_ == nullptr) return law;
    return turns_.may_send(*user_, now, urgent);
}

std::optional<milliseconds> still_to_come(std::string_view packet, const Air& air) {
    const auto frame = parse_frame(packet);
    if (!frame.ok()) return std::nullopt;
    const auto airtime = [&air](std::size_t bytes) {
        return std::chrono::ceil<milliseconds>(air.airtime(bytes)) + kTurnRound;
    };
    const bool ends = frame->type == FrameType::Hold || frame->type == FrameType::Report;
    milliseconds time{0};
    if (frame->remaining > 0 || !ends)
        time = kTurnRound + airtime(packet.size()) * frame->remaining + airtime(kAnswer);
    return std::min(time, kMostPolite);
}

}  // namespace waypost::trunk
