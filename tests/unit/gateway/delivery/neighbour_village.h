// SPDX-License-Identifier: Apache-2.0
// A village with one neighbour, dale: what comes from there, and what left.
#pragma once

#include <utility>

#include "gateway/delivery/desk_neighbours.h"
#include "village.h"

namespace waypost {

inline constexpr char kDale[] = "192.0.2.1";
inline constexpr char kElsewhere[] = "198.51.100.7";

inline Neighbour dale() {
    Neighbour dale;
    dale.name = "dale";
    dale.domains = {"dale.example"};
    dale.addresses = {*IpNetwork::parse(kDale)};
    return dale;
}

class NeighbourTest : public Village {
  protected:
    NeighbourTest() { link(dale()); }

    void link(const Neighbour& neighbour) {
        close();
        settings_.neighbours = {neighbour};
        open();
        name("ana", kAna);
        name("carl", kCarl);
    }

    // As the server of `peer` hands it over.
    Message from(const std::string& sender, const std::string& to, const std::string& text,
                 const std::string& peer = kDale) {
        Message message = letter(sender, to, text);
        message.return_path = message.from;
        message.origin_id = '<' + std::to_string(++letters_) + "@dale.example>";
        message.peer = peer;
        return message;
    }
    Message from_ben(const std::string& text, const std::string& peer = kDale) {
        return from("ben@dale.example", "ana@hill.example", text, peer);
    }
    NeighbourReport report() { return neighbour_reports(*office_)->at(0); }
    // What left by mail since the last look.
    std::vector<Delivery> left() { return std::exchange(relay_->sent, {}); }

    int letters_ = 0;
};

}  // namespace waypost
