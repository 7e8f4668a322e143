// SPDX-License-Identifier: Apache-2.0
// What is remembered of other servers while the gateway runs: how they sign, and how often they
// were asked. Hosts are authorities of URLs, "social.example". Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "bridges/activitypub/signature/signature.h"
#include "gateway/base/clock.h"
#include "gateway/base/lru_map.h"
#include "gateway/base/token_bucket.h"

namespace waypost::activitypub {

class HostMemory {
  public:
    explicit HostMemory(const Clock& clock);

    Flavour flavour(const std::string& host);  // the draft, where nothing is known
    void set_flavour(const std::string& host, Flavour flavour);

    // Something that is not kept here: a stranger who makes things up must not make us press a
    // host, so there is a bound.
    bool may_ask(const std::string& host);
    // Again what is kept, on somebody's word that it has changed.
    bool may_refetch(const std::string& host);

    // What was asked for and was not to be had; for some minutes it is not asked for again.
    std::optional<Error> failed_lately(const std::string& url);
    void note_failure(const std::string& url, const Error& error);

  private:
    struct Host {
        Flavour flavour = Flavour::Cavage;
        TokenBucket asks;
        BoxTime next_refetch{};
    };
    struct Failure {
        Error error;
        BoxTime until;
    };
    Host& host(const std::string& name);

    const Clock& clock_;
    std::mutex mutex_;
    LruMap<Host> hosts_;
    LruMap<Failure> failures_;
};

}  // namespace waypost::activitypub
