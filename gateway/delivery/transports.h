// SPDX-License-Identifier: Apache-2.0
// The running instances. They come and go with the hardware; the dispatcher asks here which of
// them reaches an address best.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/transport.h"

namespace waypost {

// Thread-safe. An instance lives while somebody holds the pointer that find() gave.
class Transports {
  public:
    void add(std::shared_ptr<Transport> transport);
    std::shared_ptr<Transport> remove(const TransportId& id);
    // Ends an instance whose device went, with an outcome for all that it had in hand.
    void unplug(const TransportId& id);
    std::shared_ptr<Transport> find(const TransportId& id) const;
    std::vector<std::shared_ptr<Transport>> all() const;
    std::vector<std::shared_ptr<Transport>> of_network(const std::string& network) const;

  private:
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Transport>> instances_;
};

}  // namespace waypost
