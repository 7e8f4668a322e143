// SPDX-License-Identifier: Apache-2.0
// What an operator decides about who is who: names that are asked for, codes for another radio,
// lost radios, and who wants to be forgotten. Each is one transaction. Any thread but the writer's.
#pragma once

#include <string>
#include <vector>

#include "gateway/custody/forgetting.h"
#include "gateway/delivery/office.h"

namespace waypost {

// A name or a move that waits for somebody's word; `due_box_ms` of a move is box time.
Result<std::vector<store::MatterRow>> open_matters(GatewayOffice& office);
// The operator's word about what is asked for in this name. NotFound: nothing is.
Result<void> decide_matter(GatewayOffice& office, const std::string& handle, bool yes);
// Eight digits, good once and for a quarter of an hour: the DM `name HANDLE CODE` from a radio.
Result<std::string> code_for(GatewayOffice& office, const std::string& handle);
// Of a person (handle), or one radio (its address). How many.
Result<std::size_t> suspend_lost(GatewayOffice& office, const std::string& who);
Result<std::size_t> lift_found(GatewayOffice& office, const std::string& who);
// As his own `forget me`; what was removed.
Result<Forgot> forget_at_desk(GatewayOffice& office, const std::string& handle);

}  // namespace waypost
