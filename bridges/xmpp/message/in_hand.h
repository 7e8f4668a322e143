// SPDX-License-Identifier: Apache-2.0
// The letters that a stream has in hand, by number in the order in which they came. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bridges/xmpp/jid.h"
#include "bridges/xmpp/stanza_error.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/message/delivery.h"

namespace waypost::xmpp {

struct Letter {
    enum class State {
        Waiting,    // for a stream
        Beginning,  // being put on record
        Ready,      // to be written
        Written,    // and not confirmed
        Taken,      // by our server; his has not answered yet
    };
    Delivery delivery;
    WireId id;
    Jid to;            // bare
    bool far = false;  // on a server elsewhere
    std::string link;  // of its file
    State state = State::Waiting;
    bool written = false;      // once at least, perhaps by an attempt before this one
    std::deque<Element> rest;  // of one that is half written: the line had no room for these
    std::optional<StanzaError> refused;
};

class InHand {
  public:
    std::uint64_t add(Letter letter);  // its number, from 1
    Letter* find(std::uint64_t number);
    std::optional<std::uint64_t> number_of(const WireId& id) const;
    void erase(std::uint64_t number);
    std::size_t size() const { return letters_.size(); }

    // The first that is not written; it may be not ready.
    std::optional<std::uint64_t> next_to_write() const;
    void wrote(std::uint64_t number);
    std::uint64_t last_written() const { return last_written_; }
    // Whatever the server has not taken is to be written anew, in its old order.
    void write_again();

    std::vector<std::uint64_t> written_up_to(std::uint64_t last) const;
    std::vector<std::uint64_t> on_the_way_to(const std::string& domain, std::uint64_t last) const;
    std::set<std::string> domains_of_taken() const;
    std::vector<std::uint64_t> not_begun() const;
    std::vector<std::uint64_t> all() const;

  private:
    template <class Which>
    std::vector<std::uint64_t> those(const Which& which) const;

    std::map<std::uint64_t, Letter> letters_;
    std::unordered_map<WireId, std::uint64_t> by_id_;
    std::uint64_t last_ = 0;
    std::uint64_t last_written_ = 0;
    std::uint64_t next_ = 1;  // none before it is to be written
};

}  // namespace waypost::xmpp
