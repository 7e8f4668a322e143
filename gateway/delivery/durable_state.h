// SPDX-License-Identifier: Apache-2.0
// The durable state of one transport: rows of the store, written behind.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/store/store.h"
#include "gateway/transport.h"

namespace waypost {

// Any thread. Memory holds what is not on disk yet, which is seen at once. The store may outlive
// it: what was handed over is still written.
class DurableState final : public TransportState {
  public:
    DurableState(store::Store& store, TransportId id);
    ~DurableState() override;

    std::optional<std::string> get(const std::string& key) const override;
    std::map<std::string, std::string> with_prefix(const std::string& prefix) const override;
    void put(const std::string& key, std::string value) override;
    void erase(const std::string& key) override;
    void when_durable(std::function<void(bool)> on_disk) override;

  private:
    using Value = std::optional<std::string>;  // nullopt: erased
    struct Change {
        Value value;
        std::uint64_t number = 0;
        bool refused = false;  // by the store, this or one before of the same row
    };
    using Changes = std::map<std::string, Change>;
    class Unwritten;
    void change(const std::string& key, Value value);

    store::Store& store_;
    const TransportId id_;
    const std::shared_ptr<Unwritten> unwritten_;
    std::mutex order_;  // of changes
};

}  // namespace waypost
