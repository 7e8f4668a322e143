// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/sender_notes.h"

#include "bridges/nncp/refusals.h"
#include "bridges/nncp/spool/files.h"
#include "gateway/base/log.h"

namespace waypost::nncp {

SenderNotes::SenderNotes(Home home, Office& office)
    : home_(std::move(home)), office_(office), outbox_(home_.config, home_.spool) {}

bool SenderNotes::told(const Mth& packet) const {
    if (told_.count(packet) > 0) return true;
    std::error_code none;
    for (const auto& node : entries_of(home_.spool.directory() / "quarantine"))
        if (std::filesystem::exists(node.path() / to_base32(packet), none)) return true;
    return false;
}

Error SenderNotes::unread(const Arrival& arrival, const Error& why) {
    if (why.retry || arrival.sender == nullptr || arrival.area != nullptr) return why;
    if (told(arrival.packet.name)) return why;
    const BoxTime now = office_.clock().box();
    if (!room_.left(now)) {
        if (room_.say_so())
            log(Level::Warning, "nncp", "sender-not-told", {{"why", "enough for today"}});
        return why;
    }
    const Node& node = *arrival.sender;
    const auto parcel =
        unread_packet_parcel(node, home_.routes.form_of(node), home_.routes.domain_of(node),
                             why.text, arrival.packet.name, office_);
    if (!parcel.ok()) return why;
    const auto queued = outbox_.send(*parcel);
    if (!queued.ok()) return queued.error();
    tells(arrival.packet.name);
    room_.use(now);
    return why;
}

}  // namespace waypost::nncp
