// SPDX-License-Identifier: Apache-2.0
// When an authority is asked for a certificate (ACME, RFC 8555), so that it is renewed in time and
// never asked too often. Without clock, files or sockets. Wall time is for the days of a
// certificate only, and only where it is believed; waiting is by box time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/certificates/certificate.h"

namespace waypost::tls {

// On record, so that restarts do not ask more often.
struct AcmeState {
    std::vector<std::int64_t> asked_box_ms;  // of the last day: tries that reached the authority
    int failures = 0;                        // of those, since the last certificate
    std::int64_t next_box_ms = 0;            // not before
    std::string problem;                     // of the last try; empty: it went well
    std::int64_t problem_ms = 0;             // wall clock
};
std::string to_text(const AcmeState& state);
AcmeState state_from(const std::string& text);  // what cannot be read is as if nobody had asked

inline constexpr std::chrono::hours kRenewBefore{24 * 30};
// Of failed validations an authority counts few in an hour, of certificates few in a week.
inline constexpr std::size_t kMostAsked = 5;  // in a day
inline constexpr std::chrono::hours kFirstWait{1}, kLongestWait{12};

struct Try {
    bool reached = true;      // false: the authority was not there, which costs nothing there
    std::string problem{};    // empty: it gave a certificate
    std::int64_t box_ms = 0;  // when it ended
    std::int64_t wall_ms = 0;
    double chance = 0.5;  // of [0, 1): boxes that failed together do not come back together
};
AcmeState after(AcmeState state, const Try& tried);

// There is none, it lacks a name, or it ends in 30 days or in the last third of its life.
bool is_due(const std::optional<CertificateFacts>& facts, const std::vector<std::string>& names,
            std::int64_t wall_ms);
// Box time of the next try that is allowed.
std::int64_t next_try(const AcmeState& state, std::int64_t box_ms);

}  // namespace waypost::tls
