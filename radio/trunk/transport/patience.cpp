// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/patience.h"

#include <charconv>

namespace waypost::trunk {
namespace {

constexpr char kRow[] = "waits";
constexpr int kExact = 10;  // the record is at most a tenth of the time behind

}  // namespace

Patience::Patience(TransportState& state, milliseconds most) : state_(state), most_(most) {
    const auto row = state.get(kRow);
    std::int64_t ms = 0;
    if (!row || std::from_chars(row->data(), row->data() + row->size(), ms).ec != std::errc())
        return;
    since_ = kept_ = box_from_ms(ms);
}

void Patience::since(std::optional<BoxTime> when) {
    const bool same = when && since_ && *when - kept_ < most_ / kExact;
    const bool nothing = !when && !since_;
    since_ = when;
    if (same || nothing || most_ == milliseconds(0)) return;
    if (!when) return state_.erase(kRow);
    kept_ = *when;
    state_.put(kRow, std::to_string(to_ms(*when)));
}

bool Patience::waits(bool something, BoxTime now) {
    if (over_) return false;
    if (!something)
        since(std::nullopt);
    else if (!since_)
        since(now);
    over_ = most_ > milliseconds(0) && since_ && now - *since_ >= most_;
    return over_;
}

void Patience::heard(BoxTime now) {
    over_ = false;
    if (since_) since(now);
}

BoxTime Patience::next() const {
    if (over_ || !since_ || most_ == milliseconds(0)) return BoxTime::max();
    return *since_ + most_;
}

}  // namespace waypost::trunk
