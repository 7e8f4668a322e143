// SPDX-License-Identifier: Apache-2.0
// What a session's texts cost, with what the device repeats and never tells.
#include <algorithm>

#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::seconds;

// Firmware 2.8 on LONG_FAST, besides twice the time on air: 4.5 s and its slots.
constexpr milliseconds kRepeatMargin{6500};
constexpr std::int64_t kMostRepeats = 2;

}  // namespace

void Session::set_budget() {
    const double duty = meshtastic_duty_cycle(device_.region);
    const auto budget =
        milliseconds(static_cast<std::int64_t>(3'600'000 * duty * options_.share_percent / 100));
    ledger_.set_budget(budget, budget / 5);
    text_budget_ = budget - budget / 5;
}

// The device repeats twice what nobody acknowledges, and does not say so. How often it did is
// inferred from the time that the verdict took.
void Session::count_repeats(Flight& flight, std::uint32_t error, BoxTime now, Actions& actions) {
    const milliseconds wait = flight.airtime * 2 + kRepeatMargin;
    const auto by_time = std::min<std::int64_t>((now - flight.sent) / wait, kMostRepeats);
    const bool never_left = error == kDutyCycle || error == kRateLimited || error == kTooLarge;
    const auto repeats = error == kMaxRetransmit ? kMostRepeats : never_left ? 0 : by_time;
    if (repeats == 0) return;
    spend(now, flight.airtime * repeats, actions);
    flight.airtime *= repeats + 1;
}

void Session::spend(BoxTime now, milliseconds airtime, Actions& actions) {
    ledger_.spend(now, airtime);
    actions.spent = true;
}

milliseconds Session::airtime(std::size_t text_bytes, bool reply) const {
    const auto params =
        meshtastic_preset(device_.use_preset ? device_.preset : 0).value_or(LoraParams{});
    // Header 16; Data: port 2, text tag and length 3, bitfield 2, reply 5; PKC tag and nonce 12.
    const std::size_t bytes = 16 + text_bytes + 7 + (reply ? 5u : 0u) + 12;
    return std::chrono::duration_cast<milliseconds>(
               time_on_air(params, std::min<std::size_t>(bytes, 255))) +
           milliseconds(1);
}

// The device may repeat each text twice; with that counted in advance it stays in the budget. An
// alarm goes if it can go once, and so does what would never fit a very small budget.
milliseconds Session::at_worst(milliseconds once, bool alarm) const {
    const milliseconds whole = once * (1 + kMostRepeats);
    return alarm || whole > text_budget_ ? once : whole;
}

milliseconds Session::at_risk() const {
    milliseconds sum{0};
    for (const auto& [id, flight] : flights_) sum += flight.airtime * kMostRepeats;
    return sum;
}

Outcome Session::no_airtime(const Outgoing& out, milliseconds cost, BoxTime now) const {
    Outcome outcome;
    outcome.kind = Outcome::Kind::NotTried;
    outcome.proof = ProofClass::Observed;
    outcome.code = "airtime";
    outcome.detail = "this hour's airtime is used up";
    const auto wait = ledger_.free_at(now, cost, out.alarm) - now;
    outcome.retry_after = std::chrono::duration_cast<seconds>(wait) + seconds(1);
    return outcome;
}

}  // namespace waypost::meshtastic
