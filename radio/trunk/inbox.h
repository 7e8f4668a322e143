// SPDX-License-Identifier: Apache-2.0
// What one side of a link receives: puts fragments together, gives each object up once, and says
// what is held. Held means that the owner confirmed it as durable: that is custody. No clock, no
// I/O.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/secret.h"
#include "radio/trunk/state.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

struct Received {
    std::uint64_t number = 0;
    std::vector<std::string> objects;
    // To be made durable in one step with the objects: then each comes up once, whatever power
    // cuts. Kept apart, what was cut off between the two comes up again under its number.
    StateRow keep;
};

class Inbox {
  public:
    static constexpr std::size_t kMostPartial = 1 << 20;  // bytes of all that is not whole

    // `second`: the side that sends to us.
    Inbox(std::string_view psk, bool second) : psk_(std::string(psk)), second_(second) {}

    // First of all. What was whole and not confirmed comes up again.
    std::vector<Received> restore(const StateMap& state);
    // From a hello: all that the other sent before has ended.
    void peer_at(std::uint64_t oldest);

    // Number from its low bits, as a frame brings it.
    std::uint64_t whole_number(std::uint16_t low) const { return near(low_, low, 16); }

    std::optional<Received> whole(std::uint64_t number, bool bundle, std::string bytes);
    std::optional<Received> fragment(std::uint64_t number, int row, std::string bytes,
                                     std::vector<StateRow>& keep);
    // Object and its row are on disk. False: no such object waits.
    bool confirm(std::uint64_t number, std::vector<StateRow>& keep);

    std::uint64_t low() const { return low_; }
    // Nothing came beyond what is held without gap: low() says it all.
    bool plain() const { return held_.empty() && partial_.empty(); }
    bool unconfirmed() const;
    // Of all that is open, so much as `most` bytes can say.
    Report report(std::size_t most) const;

  private:
    struct Partial {
        std::map<int, std::string> rows;
        bool up = false;  // with the owner, who has not confirmed it
    };
    bool open(std::uint64_t number) const;
    Received give_up(std::uint64_t number, bool bundle, std::string bytes);
    std::optional<Received> put_together(std::uint64_t number, std::vector<StateRow>& keep);
    void forget(std::uint64_t number, std::vector<StateRow>& keep);
    bool room_for(std::uint64_t number, std::size_t bytes) const;
    void advance();

    Secret psk_;
    bool second_;
    std::uint64_t low_ = 0;
    std::set<std::uint64_t> held_;  // beyond low_
    std::map<std::uint64_t, Partial> partial_;
};

}  // namespace waypost::trunk
