// SPDX-License-Identifier: Apache-2.0
// The MTA-STS policies that are in force, kept across restarts for as long as each says.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "bridges/email/direct/https_policy.h"
#include "bridges/email/direct/sts_policy.h"
#include "gateway/transport.h"

namespace waypost::email {

class StsPolicies {
  public:
    StsPolicies(Dns& dns, PolicySource& source, TransportState& state, const Clock& clock);

    // What is in force for a domain (lower case); nullopt: nothing. Asks DNS and, where a policy is
    // new or older than a day, its server: blocks. A policy that was seen counts until its age is
    // over even if an attacker hides it (RFC 8461 5.1). Any thread.
    std::optional<StsPolicy> of(const std::string& domain);

  private:
    struct Kept {
        std::string id;
        WallTime fetched;
        StsPolicy policy;
    };
    std::optional<Kept> kept(const std::string& domain);
    bool failed_lately(const std::string& domain);
    void note_failure(const std::string& domain, const std::string& why);

    Dns& dns_;
    PolicySource& source_;
    TransportState& state_;
    const Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, BoxTime> ask_again_;  // after a fetch that failed
};

}  // namespace waypost::email
