// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/station_id.h"

#include <algorithm>
#include <stdexcept>

#include "radio/airtime/amateur.h"

namespace waypost {
namespace {

// Room for the call sign's own frame at the slowest, and for a modem that waits for the channel.
constexpr std::chrono::seconds kRoom{20};

}  // namespace

StationId::StationId(std::string call_sign, bool owes, BoxTime now)
    : call_sign_(std::move(call_sign)), owes_(owes), ended_(owes), since_(now), last_(now) {
    if (!is_call_sign(call_sign_)) {
        throw std::runtime_error("\"" + call_sign_ +
                                 "\" is no call sign: write it as in the licence, such as DB0ABC");
    }
}

void StationId::sent(BoxTime now, milliseconds airtime, bool has_call_sign) {
    if (has_call_sign) {
        owes_ = ended_ = false;
        return;
    }
    if (!owes_) since_ = now;
    owes_ = true;
    ended_ = false;
    last_ = now + airtime;
}

bool StationId::due(BoxTime now, milliseconds airtime) const {
    return owes_ && (now >= next_due() || now + airtime >= since_ + kEvery - kRoom);
}

BoxTime StationId::next_due() const {
    if (!owes_) return BoxTime::max();
    return ended_ ? last_ : std::min(since_ + kEvery - kRoom, last_ + kQuiet);
}

}  // namespace waypost
