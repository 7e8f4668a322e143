// SPDX-License-Identifier: Apache-2.0
// A stored delivery as the transport needs it: who it is from on that network, what it answers
// there, and its text: whole on rich networks, the first page on a small radio.
#pragma once

#include <string>

#include "gateway/custody/box.h"
#include "gateway/transport.h"

namespace waypost {

// What a delivery showed its recipient when it left, to be remembered with the attempt.
struct Shown {
    std::size_t bytes = 0;  // of the message's text; the rest is there for "+"
    MessageId message = 0;
};

struct Composed {
    Delivery delivery;
    Shown shown;
};

// `endpoint` is the address chosen for row.recipient on this network.
Composed compose(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
                 const store::MessageRow& message, const Address& endpoint, const Limits& limits);

// One page of `text` that begins with `head` and, if more is left, ends with how much and how to
// get it: "2 bob: On my way +1.4k". `used` is set to the bytes of `text` that the page shows.
std::string page(const std::string& head, std::string_view text, std::size_t limit,
                 std::size_t& used);

// As mail programs write it, so that they keep the thread together; empty stays empty.
std::string reply_subject(const std::string& subject);

// What the owner calls the other end: his nickname, else a neighbour's person as "ben.dale", else
// the name it gives itself; at most 24 bytes.
std::string short_name(store::Tables& tables, const Box& box, const std::string& owner,
                       const Address& address, const std::string& own_name);

// The sender as the world outside may answer him: ana@hill.example.
Address outside_address(const Box& box, const std::string& owner);

}  // namespace waypost
