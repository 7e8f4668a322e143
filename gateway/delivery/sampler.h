// SPDX-License-Identifier: Apache-2.0
// Turns what a transport says of itself into values that are kept, minute by minute. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/sample_table.h"
#include "gateway/transport.h"

namespace waypost {

class Sampler {
  public:
    static constexpr milliseconds kEvery = std::chrono::minutes(1);

    // `waiting`: what waits for its network, for a transport that has no number of its own. Time on
    // air is what was sent since the last look.
    std::vector<store::Sample> look(const TransportId& id, const Status& status,
                                    std::optional<std::int64_t> waiting);

  private:
    double sent_since(const TransportId& id, double total_ms);
    std::map<TransportId, double> total_ms_;  // at the last look
};

}  // namespace waypost
