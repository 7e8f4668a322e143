// SPDX-License-Identifier: Apache-2.0
// What of the office's deliveries an amateur station's link may carry (radio/airtime/amateur.h):
// messages of licensed persons, alarms, mail that the operator has let pass, and receipts without a
// word. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bridges/post/post.h"
#include "gateway/message/delivery.h"
#include "radio/airtime/amateur.h"

namespace waypost::trunk {

// `licensed`: handles of persons of this box.
AmateurTraffic traffic_of(const Delivery& delivery, const std::vector<std::string>& licensed);

// How an attempt ends that may not go: it waits for the operator, or for another way. nullopt: it
// may go.
std::optional<Outcome> refused_by_amateur(const Delivery& delivery,
                                          const std::vector<std::string>& licensed);

// A receipt is link control as long as it carries no text.
void take_off_text(post::Event& event);

}  // namespace waypost::trunk
