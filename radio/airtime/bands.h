// SPDX-License-Identifier: Apache-2.0
// What the law lets a radio send without a licence of its own, by region and frequency. A rule is
// marked as verified if two public sources or more that quote it agree; any other has the stricter
// of the values that are told. Whoever is not sure that his country has a region's rules asks there
// first: the operator answers for the region, Waypost keeps to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "radio/airtime/airtime.h"

namespace waypost {

enum class PowerKind {
    Erp,        // radiated, against a half-wave dipole: 2.15 dB below EIRP
    Eirp,       // radiated, against an antenna that favours no direction
    Conducted,  // at the transmitter; what the antenna gains beyond 6 dBi comes off
};

struct BandRule {
    std::string_view region;       // "EU868"
    std::string_view band;         // "869.4-869.65": rules of one band share its airtime
    std::uint32_t from_hz, to_hz;  // the whole signal lies in between
    int duty_per_mille;            // of each hour; 1000: no limit
    double power_dbm;              // at most, of the kind
    PowerKind kind;
    int least_bandwidth_hz, most_bandwidth_hz;
    int hop_channels;           // it hops over so many at least; 1: need not
    milliseconds dwell;         // of one frame, on one channel, at most; 0: no limit
    milliseconds dwell_window;  // all frames on one channel within; 0: dwell is of each frame
    bool verified;              // false: check it before you rely on it
    std::string_view source;
};
std::span<const BandRule> band_rules();
// The whole signal, not only its middle. The bandwidth is not negative, and half of it less than
// `to_hz`.
bool lies_within(std::uint32_t from_hz, std::uint32_t to_hz, std::uint32_t frequency_hz,
                 int bandwidth_hz);
std::string region_names();  // "EU868, EU433, ..."

// A radio as its operator describes it.
struct Emission {
    std::string_view region;
    std::uint32_t frequency_hz = 0;
    int bandwidth_hz = 0;
    double power_dbm = 0;         // as the modem is set
    double antenna_gain_dbi = 0;  // 2.15 for a dipole
    double cable_loss_db = 0;     // never negative
    int hop_channels = 1;         // over which the modem hops by itself
};

struct Allowance {
    std::string band;           // "EU868 869.4-869.65": radios with the same may share a ledger
    milliseconds per_hour{0};   // an hour: no limit
    double most_power_dbm = 0;  // to which the modem may be set, with this antenna and cable
    milliseconds dwell{0};      // as in BandRule
    milliseconds dwell_window{0};
    bool verified = false;
    std::string source;
};

// Of the rules that allow it the one with most airtime. An Error says what to set; as long as there
// is one, nothing may be transmitted.
Result<Allowance> allowance(const Emission& emission);

// Bytes of the largest frame, of at most `most`, that is on air no longer than `dwell` (0: no
// limit). 0: not even one byte is.
std::size_t largest_frame(const LoraParams& params, milliseconds dwell, std::size_t most = 255);

}  // namespace waypost
