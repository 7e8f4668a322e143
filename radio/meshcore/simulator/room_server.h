// SPDX-License-Identifier: Apache-2.0
// A simulated room server: whoever logs in is a member, posts of one go to all others and are
// repeated until they are acknowledged. One thread, virtual time.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>

#include "radio/meshcore/simulator/node.h"

namespace waypost::meshcore {

class RoomServer {
  public:
    RoomServer(Scheduler& scheduler, Node& node, std::string password);

    std::size_t members() const { return members_.size(); }

  private:
    struct Post {
        std::string author;  // key
        std::uint32_t time = 0;
        std::string text;
    };
    struct Push {
        Post post;
        int tries = 0;
        std::set<std::uint32_t> acks;
    };
    void let_in(const std::string& key, const std::string& plain);
    void take(const GotText& got);
    void push(const std::string& member);
    void acknowledged(std::uint32_t ack);

    Scheduler& scheduler_;
    Node& node_;
    std::string password_;
    std::map<std::string, std::deque<Push>> members_;        // by key: what each is to get yet
    std::set<std::pair<std::string, std::uint32_t>> taken_;  // repeats of a post are one
};

}  // namespace waypost::meshcore
