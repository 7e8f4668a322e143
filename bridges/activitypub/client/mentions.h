// SPDX-License-Identifier: Apache-2.0
// Who mentions the account writes to its person: mentions become messages, oldest first. Where we
// are is on record behind the message that it stands for, so nothing is passed over; what comes
// twice the office knows by its URI. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridges/activitypub/client/id_memory.h"
#include "bridges/activitypub/client/session.h"
#include "bridges/activitypub/network.h"
#include "bridges/activitypub/pictures/note_pictures.h"
#include "gateway/transport.h"

namespace waypost::activitypub::client {

struct MentionCounters {
    std::uint64_t taken = 0, refused = 0, passed = 0;
};

// What the parts share; all of it outlives them.
struct ClientGate {
    Office& office;
    TransportState& state;
    const MastodonApi& api;
    IdMemory& came;  // URI of a status that came: its id on the server
    IdMemory& went;  // id of a status of ours: its wire id
    std::string transport;
    std::string person;  // handle

    Address person_address() const { return {kScheme, person + '@' + office.domain()}; }
    std::string language() const;  // the person's own, else the village's
};

class Mentions {
  public:
    // `pictures`: fetches those of who is welcome here; null: none is.
    explicit Mentions(const ClientGate& gate, NotePictures* pictures = nullptr)
        : gate_(gate), pictures_(pictures) {}

    // Takes what is new. Before the first time there is nothing: what was written to the account
    // before is its person's own affair.
    std::optional<Problem> look(const SignedIn& in);
    MentionCounters counters() const { return {taken_, refused_, passed_}; }

  private:
    void begin_with(const SignedIn& in);
    Asked<std::vector<Notification>> newer_than(const SignedIn& in, const std::string& since,
                                                bool one_page);
    // False: later.
    bool take(const SignedIn& in, const Status& status);
    Message message_of(const SignedIn& in, const Status& status);
    bool attach(Message& message, const Note& note);
    std::string answers(const SignedIn& in, const std::string& status_id);

    const ClientGate gate_;
    NotePictures* const pictures_;
    std::atomic<std::uint64_t> taken_{0}, refused_{0}, passed_{0};
};

}  // namespace waypost::activitypub::client
