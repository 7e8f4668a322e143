// SPDX-License-Identifier: Apache-2.0
// Who is told of an alarm: the responders that the operator named, or else the operators.
#pragma once

#include <string>
#include <vector>

#include "gateway/custody/box.h"

namespace waypost {

struct Responders {
    std::vector<std::string> reachable;    // handles, each once
    std::vector<std::string> unreachable;  // nobody here is called so, or nothing of his wakes him
};

Responders responders_of(const Box& box);
bool is_responder(const Box& box, const std::string& handle);

// Mail is looked into some time: who is told by mail alone does not count as told.
bool wakes_nobody(const Address& endpoint);
// The ends that wake him, of those that a network of this box reaches.
std::vector<Address> waking_ends(const Box& box, const Person& person);

}  // namespace waypost
