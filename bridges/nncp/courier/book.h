// SPDX-License-Identifier: Apache-2.0
// What this box remembers of each stick and directory: whether it may be used, and which packets
// rode on it. One file each in SPOOL/courier/, so that the command line and the gateway know the
// same. Any thread, any process; who changes a record holds its lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

struct Ride {
    NodeId node{};  // next hop
    Mth packet{};
    std::int64_t at = 0;  // Unix seconds of the last time; 0: this box had no clock
    int times = 1;
    bool operator==(const Ride&) const = default;
};

struct StickRecord {
    enum class State { Asked, Accepted, Refused };
    std::string id;  // UUID of its file system, or "dir:PATH" where there is none
    std::string name;
    State state = State::Asked;
    std::int64_t at = 0;  // of the last exchange
    std::vector<Ride> rides;

    const Ride* ride(const NodeId& node, const Mth& packet) const;
};
const char* to_string(StickRecord::State state);  // "asked"

class CourierBook {
  public:
    // Without `sync` nothing is waited for: where NNCPNOSYNC is set.
    static Result<CourierBook> open(const Spool& spool, bool sync = true);

    const std::filesystem::path& folder() const { return folder_; }
    // One that cannot be read (torn by a crash) is as one that was never there.
    std::optional<StickRecord> find(const std::string& id) const;
    std::vector<StickRecord> all() const;
    Result<void> put(const StickRecord& record) const;  // durable; whole
    void forget(const std::string& id) const;
    // The record as it is, with this state. Durable.
    Result<void> set_state(const std::string& id, StickRecord::State state,
                           const std::string& name = {}) const;
    // Held by whoever uses the stick. Busy: somebody else does.
    Result<Fd> lock(const std::string& id) const;

  private:
    CourierBook(std::filesystem::path folder, bool sync)
        : folder_(std::move(folder)), sync_(sync) {}
    std::filesystem::path file(const std::string& id, const char* ending) const;
    std::filesystem::path folder_;
    bool sync_;
};

}  // namespace waypost::nncp
