// SPDX-License-Identifier: Apache-2.0
// What a session's texts cost, with what the device repeats and never tells.
#include <algorithm>

#include "meshtastic.pb.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {
namespace {

using std::chrono::seconds;

// Firmware 2.8 on LONG_FAST, besides twice the time on air: 4.5 s and its slots.
constexpr milliseconds kRepeatMargin{6500};
constexpr std::int64_t kMostRepeats = 2;
constexpr double kHourMs = 3'600'000;

}  // namespace

void Session::set_budget() {
    const double duty = meshtastic_duty_cycle(device_.region);
    const milliseconds law(static_cast<std::int64_t>(kHourMs * duty));
    const milliseconds share = law * options_.share_percent / 100;
    ledger_.set_budget(share, share / 5, law);
    if (options_.band != nullptr) options_.band->limit(law);
    text_budget_ = share - share / 5;
}

void Session::promise(const Outgoing& out) { promised_[out.packet_id] = at_worst(airtime(out)); }

// The device is back, or was never away, and is handed the same packets: they may cost all again.
void Session::promise_flights_again(Actions& actions) {
    for (const auto& [id, flight] : flights_) {
        promise(flight.out);
        actions.spent = true;
    }
}

milliseconds Session::promised() const {
    milliseconds sum{0};
    for (const auto& [id, cost] : promised_) sum += cost;
    return sum;
}

std::string Session::airtime_record(BoxTime now) const { return ledger_.save(now, promised()); }

// The device acknowledges by itself: header 16, Data with port, error and request id 11, PKC 12.
void Session::count_ack(const pb::MeshPacket& packet, BoxTime now) {
    ledger_.spend_beside(now, airtime_of_bytes(16 + 11 + (packet.pki_encrypted() ? 12u : 0u)));
}

void Session::take_metrics(const pb::DeviceMetrics& metrics, BoxTime now) {
    device_.channel_utilization = metrics.channel_utilization();
    // 101 is what it says of a device on a plug (Meshtastic DeviceMetrics); 0 of one that cannot
    // tell.
    const std::uint32_t battery = metrics.battery_level();
    device_.battery.reset();
    if (battery > 0 && battery <= 100) device_.battery = static_cast<int>(battery);
    if (!metrics.has_air_util_tx()) return;
    device_.air_use = metrics.air_util_tx();
    if (!(device_.air_use >= 0 && device_.air_use <= 100)) device_.air_use = 0;
    ledger_.observe(now, milliseconds(static_cast<std::int64_t>(
                             kHourMs * static_cast<double>(device_.air_use) / 100)));
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

milliseconds Session::airtime_of_bytes(std::size_t bytes) const {
    const auto params =
        meshtastic_preset(device_.use_preset ? device_.preset : 0).value_or(LoraParams{});
    return std::chrono::duration_cast<milliseconds>(
               time_on_air(params, std::min<std::size_t>(bytes, 255))) +
           milliseconds(1);
}

// Header 16; Data: port 2, text tag and length 3, bitfield 2, reply 5; PKC tag and nonce 12.
milliseconds Session::airtime(std::size_t text_bytes, bool reply) const {
    return airtime_of_bytes(16 + text_bytes + 7 + (reply ? 5u : 0u) + 12);
}

milliseconds Session::airtime(const Outgoing& out) const {
    return airtime(out.text.size(), out.reply_id != 0);
}

// The device may repeat each text twice.
milliseconds Session::at_worst(milliseconds once) { return once * (1 + kMostRepeats); }

// With the worst counted in advance it stays in the budget. An alarm goes if it can go once, and so
// does what would never fit a very small budget.
milliseconds Session::needed(milliseconds once, bool alarm) const {
    return alarm || at_worst(once) > text_budget_ ? once : at_worst(once);
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
    outcome.code = kNoAirtime;
    outcome.detail = "this hour's airtime is used up";
    const auto wait = ledger_.free_at(now, cost, out.alarm) - now;
    outcome.retry_after = std::chrono::duration_cast<seconds>(wait) + seconds(1);
    return outcome;
}

}  // namespace waypost::meshtastic
