// SPDX-License-Identifier: Apache-2.0
// What was said in the rooms lately, in bounded memory: who said it under which nick, so that his
// post shows the same to others; under which ids it went out, so that an answer to it is known for
// one; and in which words it goes to a member whose session turns out to be dead. What is forgotten
// here costs no post: custody is the office's. One thread at a time.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "bridges/xmpp/stream/element.h"
#include "gateway/message/delivery.h"

namespace waypost::xmpp {

class RecentPosts {
  public:
    explicit RecentPosts(std::size_t most = 500, std::size_t most_bytes = 1u << 20)
        : most_(most), most_bytes_(most_bytes) {}

    // By an occupant. `id`: by which the room calls the post (XEP-0359).
    struct Said {
        std::string room, id, nick, key;
    };
    void said(Said said);
    const Said* find(const std::string& room, const std::string& id) const;

    // To a member in the room. `as_chat`: the same for him when he is not.
    void sent(const std::string& room, const std::string& id, const WireId& wire,
              std::vector<Element> as_chat);
    // What was kept for a member of this bare JID, under this wire id: once. Else empty.
    std::vector<Element> take_chat(const WireId& wire, const std::string& bare);

    // What a program names as the post that it answers, as message.references: the id by which the
    // room calls it, then one under which the office has sent it.
    std::vector<std::string> references(const std::string& room, const std::string& id) const;

    // Under which wire ids the post went out that somebody calls so.
    std::vector<WireId> wires(const std::string& room, const std::string& id) const;

  private:
    struct Sent {
        std::string room, id;
        WireId wire;
        std::vector<Element> as_chat;
        std::size_t bytes = 0;
    };

    const std::size_t most_, most_bytes_;
    std::size_t bytes_ = 0;  // of chats
    std::deque<Said> said_;
    std::deque<Sent> sent_;
};

}  // namespace waypost::xmpp
