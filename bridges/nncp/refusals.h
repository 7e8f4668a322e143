// SPDX-License-Identifier: Apache-2.0
// What a sender is told of recipients that this box refused: an event to a Waypost box, else a
// report (RFC 3464) by mail.
#pragma once

#include <vector>

#include "bridges/nncp/mail_in.h"
#include "bridges/nncp/routes.h"
#include "bridges/nncp/spool/outbox.h"

namespace waypost::nncp {

// Packets to `node`, which brought packet `name`; the same again if they are made again. Those
// without a return path are told nobody.
std::vector<Parcel> refusal_parcels(const std::vector<Refusal>& refused, const Node& node,
                                    Form form, const Mth& name, Office& office);

// To the post master of a box: packet `name` of his cannot be read here.
Result<Parcel> unread_packet_parcel(const Node& node, Form form, const std::string& domain,
                                    const std::string& why, const Mth& name, Office& office);

}  // namespace waypost::nncp
