// SPDX-License-Identifier: Apache-2.0
// Whose turn it is on the air of one radio that serves several neighbours. Half duplex: whoever
// begins while another waits for an answer is not heard by it, and makes this radio deaf to the
// answer. So an exchange (a turn and its answer, a question and the hello to it) is not broken
// into; between two of them the air is free for whoever asks first. One thread.
#pragma once

#include <vector>

#include "gateway/base/clock.h"
#include "radio/trunk/link.h"

namespace waypost::trunk {

// One of those who send by a radio.
class AirUser {
  public:
    virtual ~AirUser() = default;
    // Later than now: it is in an exchange until then, or has a frame to leave.
    virtual BoxTime holds_air_until() const = 0;
};

class AirTurns {
  public:
    void join(const AirUser& user) { users_.push_back(&user); }
    void leave(const AirUser& user) { std::erase(users_, &user); }

    // A frame of two others was heard, and so long what it tells of is still to come. Whoever
    // never stops is listened to for half a minute at a time.
    void overheard(BoxTime now, milliseconds time);

    // `now`: `who` may send. Later: when to ask again.
    BoxTime may_send(const AirUser& who, BoxTime now, bool urgent) const;
    bool free(BoxTime now) const;  // nobody is in an exchange

  private:
    std::vector<const AirUser*> users_;
    BoxTime overheard_until_{};
    BoxTime polite_since_{};
};

// What one user has of the air: the law's part and the others'.
class SharedAir final : public Air {
  public:
    // Both outlive it.
    SharedAir(const Air& air, const AirTurns& turns) : air_(air), turns_(turns) {}
    void speaks_for(const AirUser& user) { user_ = &user; }

    FrameLimits limits() const override { return air_.limits(); }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return air_.airtime(bytes);
    }
    BoxTime may_send(BoxTime now, std::chrono::microseconds airtime, bool urgent) const override;

  private:
    const Air& air_;
    const AirTurns& turns_;
    const AirUser* user_ = nullptr;
};

// How long who overhears a frame of two others should leave them the air: what is left of the turn,
// and the answer. nullopt: it is no frame of a trunk.
std::optional<milliseconds> still_to_come(std::string_view packet, const Air& air);

}  // namespace waypost::trunk
