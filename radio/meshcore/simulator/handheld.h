// SPDX-License-Identifier: Apache-2.0
// A person's MeshCore handheld with its app: it repeats what is not acknowledged, and shows a text
// that came in several copies once. One thread, virtual time.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "radio/meshcore/simulator/node.h"

namespace waypost::meshcore {

class Handheld {
  public:
    Handheld(Scheduler& scheduler, Node& node);

    // False: no such contact, or the text is too long.
    bool send(const std::string& key, const std::string& text);
    bool send_to_all(const std::string& text) {
        return node_.send_on_channel(0, node_.unique_time(), text);
    }
    bool join(const std::string& room, const std::string& password) {
        return node_.send_login(room, password).has_value();
    }
    Node& node() { return node_; }

    // `copy`: it is there already.
    std::function<void(const GotText&, bool copy)> on_shown;
    std::function<void(const std::string& text, bool delivered)> on_tick;
    std::function<void(bool good)> on_joined;

  private:
    struct Sent {
        std::string key, text;
        std::uint32_t time = 0;
        int tries = 0;
        std::set<std::uint32_t> acks;
    };
    bool transmit(std::uint32_t time);

    Scheduler& scheduler_;
    Node& node_;
    std::map<std::uint32_t, Sent> sent_;  // without an ack yet, by their time
    std::set<std::string> shown_;
};

}  // namespace waypost::meshcore
