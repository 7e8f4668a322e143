// SPDX-License-Identifier: Apache-2.0
// Names that somebody outside, or a radio without a name, gives himself and that belong to this
// village: a handle, the post office, an address of this box. On a radio, where nothing but the
// name tells who speaks, such a one is shown by his address.
#pragma once

#include <string>
#include <string_view>

#include "gateway/custody/box.h"

namespace waypost {

bool imitates(const Box& box, std::string_view name);

// The person here whose handle this nickname looks like; empty: nobody's.
std::string handle_like(const Box& box, std::string_view nickname);

// How he is shown: by the name that he gives himself, or without one as the left part of his
// address, short; whole by address where that imitates somebody of ours.
std::string name_from_outside(const Box& box, const Address& address, const std::string& own_name,
                              std::size_t bytes);

}  // namespace waypost
