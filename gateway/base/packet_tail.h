// SPDX-License-Identifier: Apache-2.0
// The last packets of all radios, for whoever looks on. They are noted whether somebody does or
// not: it costs a copy, and who comes to look sees what was before. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/recent.h"

namespace waypost {

struct PacketSeen {
    std::uint64_t number = 0;  // by the tail: from 1, since the start of the box
    std::int64_t at_ms = 0;    // Unix time
    std::string transport;     // "meshtastic.roof"
    bool out = false;          // sent by us, or heard
    std::size_t bytes = 0;
    // Its head in words: what it is, from whom to whom. Never what somebody wrote, nor where
    // somebody is.
    std::string text;
    std::optional<float> snr_db{};  // of one that was heard, where the modem says so
    std::optional<int> rssi_dbm{};
};

class PacketTail {
  public:
    static constexpr std::size_t kMost = 200;
    static constexpr std::size_t kMostText = 160;

    void note(const PacketSeen& packet);
    // All as of this transport and time.
    void note(std::vector<PacketSeen> packets, const std::string& transport, std::int64_t at_ms);
    // Those behind number `after`, oldest first.
    std::vector<PacketSeen> after(std::uint64_t after) const;
    // Unix time at which this transport last heard a packet; 0: not since the start of the box.
    std::int64_t heard_ms(const std::string& transport) const;

  private:
    struct Slot {
        std::int64_t at_ms = 0;
        ShortText<48> transport;
        bool out = false;
        std::size_t bytes = 0;
        ShortText<kMostText> text;
        std::optional<float> snr_db;
        std::optional<int> rssi_dbm;
    };
    static PacketSeen read(std::uint64_t number, const Slot& slot);

    Recent<Slot, kMost> recent_;
    mutable std::mutex mutex_;
    std::map<std::string, std::int64_t> heard_ms_;  // by transport; under mutex_
};

}  // namespace waypost
