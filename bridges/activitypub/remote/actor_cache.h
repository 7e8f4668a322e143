// SPDX-License-Identifier: Apache-2.0
// Actors that were fetched: in memory, and in the transport's state under "actor/" and the id. A
// value has a line "MILLISECONDS KEY-ID ED25519-KEY-ID ACCT" ("-" for none; of box time, when it
// was fetched) and then the actor as a document of ActivityStreams. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bridges/activitypub/vocab/activity.h"
#include "gateway/base/lru_map.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct KeptActor {
    std::shared_ptr<const Actor> actor;
    milliseconds age{0};
    std::string acct;  // verified, "bob@social.example"; empty: not yet
};

class ActorCache {
  public:
    // Throws std::runtime_error if the state cannot be read.
    ActorCache(TransportState& state, const Clock& clock);

    std::optional<KeptActor> find(const std::string& id);
    bool has(const std::string& id);
    // The id of whose it is; empty: of nobody who is kept.
    std::string of_key(const std::string& key_id);
    std::string of_acct(const std::string& acct);

    // As just fetched. What is verified stays so while its name is the same.
    void put(const Actor& actor);
    void set_acct(const std::string& id, const std::string& acct);
    void erase(const std::string& id);

  private:
    struct Entry {
        BoxTime fetched{};
        std::string key_id, ed25519_id, acct;
        std::shared_ptr<const Actor> actor;  // null: in the state alone, until it is asked for
    };
    void add(const std::string& id, Entry entry);
    void index(const std::string& id, const Entry& entry);
    void unindex(const std::string& id, const Entry& entry);
    std::shared_ptr<const Actor> load(const std::string& id) const;
    void save(const std::string& id, const Entry& entry);

    TransportState& state_;
    const Clock& clock_;
    std::mutex mutex_;  // held for what is written to the state too: it says the same
    LruMap<Entry> entries_;
    std::map<std::string, std::string> by_key_, by_acct_;  // the actor's id
};

}  // namespace waypost::activitypub
