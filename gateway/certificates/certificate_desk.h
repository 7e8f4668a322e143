// SPDX-License-Identifier: Apache-2.0
// What the box knows of the certificate that its console shows. Implemented by web/tls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost {

struct CertificateReport {
    std::string wanted;              // by the settings: "own", "file", "acme"
    std::string in_use;              // likewise; "own" while another is not to be had
    std::vector<std::string> names;  // of the one in use, as all below
    std::string issuer;              // what the authority calls itself
    std::string fingerprint;         // SHA-256, "AB:CD:..."
    std::int64_t not_before_ms = 0;  // wall clock
    std::int64_t not_after_ms = 0;   // wall clock
    std::optional<int> days_left;    // below zero: it has ended; none: the clock is not believed
    bool accepted = false;           // an authority that this machine knows vouches for it
    std::string problem;          // a sentence: why it is not the newest one wanted; empty: it is
    std::int64_t problem_ms = 0;  // wall clock: since when, of the last try
    std::optional<int> next_try_min;  // minutes until the authority is asked again
};

// Thread-safe; waits for nobody.
class CertificateDesk {
  public:
    virtual ~CertificateDesk() = default;
    virtual CertificateReport report() const = 0;
    // Asks the authority now, without waiting for its answer. Refused: the settings name none, or
    // it was asked too often in a day. Busy: it is being asked.
    virtual Result<void> renew() = 0;
};

}  // namespace waypost
