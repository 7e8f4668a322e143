// SPDX-License-Identifier: Apache-2.0
#include "radio/airtime/frame_law.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "radio/airtime/amateur.h"

namespace waypost {
namespace {

using std::chrono::ceil;
using std::chrono::microseconds;

constexpr char kRow[] = "airtime";
constexpr milliseconds kMostAhead{20'000};
constexpr int kAheadOf = 20;            // of the share, no more
constexpr milliseconds kRenew{60'000};  // a promise of an older time is forgotten too early
constexpr milliseconds kHour{3'600'000};
constexpr int kReserveOf = 10;  // a tenth is for acknowledgements and what is urgent

// Throws where get() finds nothing.
std::string record_in(const TransportState& state) {
    const auto rows = state.with_prefix(kRow);
    const auto row = rows.find(kRow);
    return row == rows.end() ? std::string() : row->second;
}

// Which power and how long, the licence says.
Allowance amateur_allowance(const RadioSite& site) {
    const Emission& emission = site.emission;
    const auto allowed = amateur_allows(site.region, emission.frequency_hz, emission.bandwidth_hz);
    if (!allowed.ok()) throw std::runtime_error(allowed.error().text);
    Allowance allowance;
    allowance.band = "amateur " + site.region;
    allowance.per_hour = kHour;
    allowance.most_power_dbm = emission.power_dbm;
    allowance.source = "the operator's licence";
    return allowance;
}

}  // namespace

Allowance allowance(const RadioSite& site) {
    if (site.amateur) return amateur_allowance(site);
    Emission emission = site.emission;
    emission.region = site.region;
    auto allowed = allowance(emission);
    if (!allowed.ok()) throw std::runtime_error(allowed.error().text);
    return std::move(*allowed);
}

FrameLaw::FrameLaw(const RadioSite& site, const FrameRadio& radio, TransportState& state,
                   BoxTime now)
    : site_(site), radio_(radio), states_{&state}, allowance_(waypost::allowance(site)) {
    const milliseconds share = allowance_.per_hour * site_.share_percent / 100;
    ledger_.set_budget(share, share / kReserveOf, allowance_.per_hour);
    ahead_ = std::min(kMostAhead, share / kAheadOf);
    ledger_.load(record_in(state), now);
    if (site_.is_lora && largest_frame(site_.lora, allowance_.dwell) == 0)
        throw std::runtime_error("not one byte fits into the " +
                                 std::to_string(allowance_.dwell.count()) +
                                 " ms that a frame may last here: set a lower spreading factor");
}

void FrameLaw::keep_also(TransportState& state, BoxTime now) {
    if (std::find(states_.begin(), states_.end(), &state) != states_.end()) return;
    states_.push_back(&state);
    promised_ = milliseconds(0);  // it is not on record there
    AirtimeRecord there;
    const std::string record = record_in(state);
    there.load(record, now);
    if (there.used(now) > ledger_.used(now)) ledger_.load(record, now);
}

void FrameLaw::keep(const std::string& record) {
    for (TransportState* state : states_) state->put(kRow, record);
}

void FrameLaw::require(std::size_t payload) const {
    if (!site_.is_lora) return;
    const std::size_t most = largest_frame(site_.lora, allowance_.dwell);
    if (most >= payload) return;
    throw std::runtime_error("in the " + std::to_string(allowance_.dwell.count()) +
                             " ms that a frame may last here it carries " + std::to_string(most) +
                             " bytes, and the link needs " + std::to_string(payload) +
                             ": set a lower spreading factor or a larger bandwidth");
}

FrameLimits FrameLaw::limits() const {
    FrameLimits limits = radio_.limits();
    if (site_.is_lora) limits.payload = largest_frame(site_.lora, allowance_.dwell, limits.payload);
    return limits;
}

microseconds FrameLaw::airtime(std::size_t bytes) const { return radio_.airtime(bytes); }

BoxTime FrameLaw::may_send(BoxTime now, microseconds airtime, bool urgent) const {
    const auto cost = ceil<milliseconds>(airtime);
    if (ledger_.may_spend(now, cost, urgent)) return now;
    return std::max(ledger_.free_at(now, cost, urgent), now + milliseconds(1000));
}

void FrameLaw::share(std::shared_ptr<SharedBand> band, const std::string& radio) {
    shared_ = true;
    ledger_.share_band(std::move(band), radio);
}

// Where the band is shared, another radio may take what is left between two looks at it.
bool FrameLaw::take(std::size_t bytes, BoxTime now, bool urgent) {
    const auto cost = ceil<milliseconds>(airtime(bytes));
    if (!shared_) return ledger_.may_spend(now, cost, urgent);
    // What was taken for a frame that did not leave is there for the next.
    if (taken_ >= cost && now - taken_at_ < kRenew) return true;
    if (!ledger_.take(now, cost, urgent)) return false;
    taken_ = cost;
    taken_at_ = now;
    return true;
}

bool FrameLaw::promise(std::size_t bytes, BoxTime now) {
    const auto cost = ceil<milliseconds>(airtime(bytes));
    if (cost <= promised_ && now - promised_at_ < kRenew) return false;
    promised_ = std::max(ahead_, cost);
    promised_at_ = now;
    keep(ledger_.save(now, promised_));
    return true;
}

void FrameLaw::ended(std::size_t bytes, const FrameReport& report, BoxTime now) {
    if (!costs_airtime(report.fate)) return;
    const milliseconds taken = std::exchange(taken_, milliseconds(0));
    const auto cost = ceil<milliseconds>(airtime(bytes)) * (1 + report.retries);
    ledger_.spend(now, std::max(cost - taken, milliseconds(0)));
    promised_ = std::max(promised_ - cost, milliseconds(0));
}

void FrameLaw::close(BoxTime now) {
    promised_ = milliseconds(0);
    keep(ledger_.save(now));
}

bool FrameLaw::limited() const { return allowance_.per_hour < kHour || site_.share_percent < 100; }

}  // namespace waypost
