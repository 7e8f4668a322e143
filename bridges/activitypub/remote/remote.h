// SPDX-License-Identifier: Apache-2.0
// Other servers: their actors, found by name or id, kept for a while, and what is fetched and sent
// there, signed. Nothing is fetched from addresses that are nobody's on the Internet, unless the
// operator lists the host (bridges/fetch). Any thread; blocks.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "bridges/activitypub/signature/signature.h"
#include "bridges/activitypub/vocab/activity.h"
#include "bridges/fetch/fetcher.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct Signer {
    const SigningKey* key = nullptr;
    std::string key_id;
};

// What became of one POST.
struct Posted {
    int status = 0;  // 0: no answer came
    std::optional<std::chrono::seconds> retry_after;
    std::string detail;  // one line for people; may be empty

    bool taken() const { return status >= 200 && status < 300; }
    // It was not believed, and nobody vouches for our clock: signatures have a date.
    bool clock_doubted = false;
    bool may_go_well_later() const {
        return status == 0 || clock_doubted || is_passing_status(status);
    }
};

class Remote {
  public:
    // One who comes to us, until it goes: may_visit().
    class Visit {
      public:
        Visit() = default;
        Visit(Visit&& other) noexcept = default;
        Visit& operator=(Visit&& other) noexcept {
            end();
            strangers_ = std::move(other.strangers_);
            return *this;
        }
        ~Visit() { end(); }

      private:
        friend class Remote;
        void end() {
            if (strangers_) --*strangers_;
            strangers_.reset();
        }
        std::shared_ptr<std::atomic<int>> strangers_;  // null: he is known
    };
    // Strangers, whose servers have to be asked for their keys and names, at once: fewer than
    // there are threads at the door, since a server may answer slowly on purpose.
    static constexpr int kMostStrangers = 3;

    // `reader`: signs what is fetched, the box's own actor; its key, `state` and `clock` outlive
    // this. `state`: where actors are kept, the last two thousand, under "actor/" and their id.
    // Throws std::runtime_error if it cannot be read.
    Remote(TransportState& state, const Clock& clock, FetchOptions options, Signer reader);

    // By id; from what was fetched in the last day, unless `fresh`. Of a server that does not
    // answer what was kept counts for a week. NotFound: gone (404, 410). Busy: its server was asked
    // a moment ago. What was not to be had is not asked for again for some minutes.
    Result<Actor> actor(const std::string& id, bool fresh = false);
    // "bob@social.example" by WebFinger, there and back: the name that the actor gives must lead to
    // it again.
    Result<Actor> find(const std::string& acct, bool fresh = false);
    // acct of an actor, "bob@social.example", verified by WebFinger once and kept.
    Result<std::string> acct_of(const Actor& actor);
    // The actor that owns this key: fetched by its id, and the owner lists that key as its own
    // (Actor::key_id or ed25519_id). `fresh`: not from what is kept; at most once in some minutes
    // for each host, else Busy.
    Result<Actor> owner_of(const std::string& key_id, bool fresh);
    // Its author is on the same host.
    Result<Note> note(const std::string& id);
    // Signed; the draft first, RFC 9421 where the host has shown that it speaks it, the other one
    // once after 401 or 400. Redirects are not followed.
    Posted post(const std::string& inbox, const std::string& json, const Signer& as);
    // A host ("social.example", with a port if it has one) that came to us with this one.
    void heard_flavour(const std::string& host, Flavour flavour);
    bool knows(const std::string& actor_id) const;  // it is kept, whatever its age
    void forget(const std::string& actor_id);
    // Before it is asked whose key this is. nullopt: there are as many strangers as there may be.
    std::optional<Visit> may_visit(const std::string& key_id);
    void cut();  // ends what is under way

  private:
    struct Parts;
    std::shared_ptr<Parts> parts_;
};

}  // namespace waypost::activitypub
