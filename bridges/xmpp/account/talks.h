// SPDX-License-Identifier: Apache-2.0
// Who here talks with whom through a shared account: who sent which stanza, and whom a
// correspondent talked with last. The newest thousand of each, durable in the transport's state.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "bridges/xmpp/jid.h"
#include "gateway/base/clock.h"
#include "gateway/message/delivery.h"
#include "gateway/transport.h"

namespace waypost::xmpp {

class Talks {
  public:
    static constexpr std::size_t kMost = 1000;
    static constexpr std::chrono::hours kOnceIn{24};

    // Reads what was remembered; throws std::runtime_error if the store cannot be read. `state`
    // outlives it. `lasting`: how long a talk goes on by itself.
    Talks(TransportState& state, std::chrono::seconds lasting);

    // "ana" wrote to him. A repeat under the same id takes no second place.
    void sent(const WireId& id, const std::string& handle, const Jid& to, WallTime now);
    // He wrote to "ana".
    void heard(const Jid& from, const std::string& handle, WallTime now);

    std::string who_sent(const WireId& id) const;                // empty: not known
    std::string last_with(const Jid& from, WallTime now) const;  // empty: nobody lately
    bool knows(const Jid& from) const;                           // talked with anybody here
    // Whether he is told now how this account is used; true at most once a day.
    bool may_tell(const Jid& from, WallTime now);

  private:
    struct Talk {
        std::string handle;     // empty: he was only told
        std::int64_t at = 0;    // Unix seconds
        std::int64_t told = 0;  // Unix seconds; 0: never
    };
    struct Sent {
        WireId id;
        std::string handle;
    };
    Talk& talk_with(const std::string& key);
    void keep(const std::string& key);
    void talked(const Jid& with, const std::string& handle, WallTime now);

    TransportState& state_;
    const std::chrono::seconds lasting_;
    mutable std::mutex mutex_;           // of all below
    std::map<std::string, Talk> talks_;  // by a hash of his bare JID
    std::vector<Sent> slots_;
    std::size_t next_ = 0;
    std::map<WireId, std::size_t> by_id_;
};

}  // namespace waypost::xmpp
