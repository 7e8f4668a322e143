// SPDX-License-Identifier: Apache-2.0
// How well each radio was heard last, since the gateway runs: what the store need not remember.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "gateway/transport.h"

namespace waypost {

struct HeardRadio {
    TransportId transport;        // that heard it
    BoxTime at{};                 // when
    int hops = -1;                // -1: not known
    std::optional<float> snr_db;  // of what came last, from whoever sent or repeated it
};

// Thread-safe. Bounded: the one that was not heard for longest makes room.
class HeardRadios {
  public:
    static constexpr std::size_t kMost = 2000;

    void note(const Address& radio, HeardRadio heard);
    std::optional<HeardRadio> find(const Address& radio) const;

  private:
    mutable std::mutex mutex_;
    std::map<Address, HeardRadio> radios_;
    std::set<std::pair<BoxTime, Address>> oldest_;
};

}  // namespace waypost
