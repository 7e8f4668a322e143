// SPDX-License-Identifier: Apache-2.0
// Joining and leaving, whoever asks for it: by radio, by mail, the operator. In the writer's
// transaction; errors are sentences for the operator.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

enum class Joined { Now, Already, Full };

// `digest`: his radio gets digests only; of a member it is changed.
Joined join_group(Ledger& ledger, const std::string& group, const Address& who, bool digest);
bool leave_group(Ledger& ledger, const std::string& group, const Address& who);

inline constexpr int kChangesPerDay = 20;  // joins and leaves of one owner, by radio or by chat
// Counts one more; false: he had all of today's.
bool may_change_today(Ledger& ledger, const std::string& owner);

// A handle or a mail address as a member: person:ana also by his address here or elsewhere. What
// is a group of this box, or nobody's, is an error.
Result<Address> member_address(const Box& box, const std::string& who);

}  // namespace waypost
