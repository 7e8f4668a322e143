// SPDX-License-Identifier: Apache-2.0
// What ours have written for the fediverse, so that it can be fetched by its id, read in an outbox,
// and taken back: in the transport's state. Public posts stay until they are deleted or there are
// too many; others, and gravestones, for 60 days. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/transport.h"

namespace waypost::activitypub {

struct Post {
    std::string id;
    std::string json;                  // the note, as it is served
    bool open = false;                 // all the world may read it
    std::vector<std::string> readers;  // ids of actors, else
    std::int64_t at = 0;               // Unix seconds
    std::int64_t gone = 0;             // deleted then; `json` is empty
    std::string inbox{};               // where it went, of one for a single reader
    int asked = 0;                     // servers that were asked to delete it, when it had gone
};

// How often somebody liked or passed on a post.
struct Reactions {
    int likes = 0, shares = 0;
};

class Posts {
  public:
    static constexpr std::size_t kMostOpen = 1000;  // of one author

    Posts(TransportState& state, const Clock& clock) : state_(state), clock_(clock) {}

    void put(const std::string& author, const Post& post);
    std::optional<Post> find(const std::string& id) const;
    // A gravestone stays, which knows how many servers are asked to delete it too.
    void remove(const std::string& author, const std::string& id, int asked);
    std::vector<std::string> open(const std::string& author) const;  // ids, newest first

    // Once for each actor; what there is with it. nullopt: it was known, or there are too many.
    // `inbox`: of him or his server, which has the post.
    std::optional<Reactions> react(const std::string& id, const std::string& actor, bool share,
                                   const std::string& inbox);
    std::vector<std::string> reacted(const std::string& id) const;  // inboxes, some twice
    void unreact(const std::string& id, const std::string& actor, bool share);

    void forget_old();

  private:
    TransportState& state_;
    const Clock& clock_;
};

}  // namespace waypost::activitypub
