// SPDX-License-Identifier: Apache-2.0
// Deliveries out. A letter to one account is a note to it alone, reported as sent when its server
// has taken it. A post for all is on our own server from the moment it is reported, and goes on to
// the inboxes of its author's followers by the send queue. What is taken back is asked for by that
// queue too. Threads: its own, so that letters wait for nothing that the queue does.
#pragma once

#include <atomic>
#include <string>

#include "bridges/activitypub/deletions.h"
#include "bridges/activitypub/gate.h"
#include "bridges/activitypub/letter_queue.h"
#include "bridges/activitypub/pictures/attached.h"

namespace waypost::activitypub {

struct OutgoingCounters : LetterCounters {
    std::uint64_t posts = 0;       // of those sent
    std::uint64_t taken_back = 0;  // likewise
};

class Outgoing {
  public:
    // `files` may be null: then nothing goes along. Of pictures `room` bytes are kept in all.
    Outgoing(const Gate& gate, int threads, AttachedFiles* files = nullptr, std::uint64_t room = 0);
    void start() { letters_.start(); }
    void stop() { letters_.stop(); }
    void deliver(Delivery delivery);
    // After stop(): everything in hand is reported.
    void give_back() { letters_.give_back(); }
    OutgoingCounters counters() const { return {letters_.counters(), posts_, taken_back_}; }

  private:
    Outcome send(const Letter& letter);
    Outcome take_back(const Letter& letter);
    Outcome to_one(const Letter& letter, const std::string& author);
    Outcome to_all(const Letter& letter, const std::string& author);
    std::string author_of(const Delivery& delivery) const;
    OwnNote note_of(const Letter& letter, const std::string& author) const;
    // Its pictures, kept here for others to fetch, and a line about what does not go along.
    void attach(const Delivery& delivery, OwnNote& note);

    const Gate gate_;
    AttachedFiles* const files_;
    const std::uint64_t room_;
    Deletions deletions_;
    std::atomic<std::uint64_t> posts_{0}, taken_back_{0};
    LetterQueue letters_;  // to one host one at a time
};

}  // namespace waypost::activitypub
