// SPDX-License-Identifier: Apache-2.0
// Batches of other Waypost boxes.
#include "bridges/nncp/arrivals.h"
#include "bridges/nncp/refusals.h"
#include "bridges/nncp/spool/sources.h"
#include "bridges/post/letters.h"

namespace waypost::nncp {

Result<void> Arrivals::take_batch(const Arrival& arrival, Content& input) {
    const auto source = input.source();
    const auto bytes = read_all(*source, post::Limits{}.bytes);
    if (!bytes.ok()) return sender_notes_.unread(arrival, bytes.error());
    const auto batch = post::decode_batch(*bytes);
    if (!batch.ok()) return sender_notes_.unread(arrival, batch.error());
    const MailOrigin origin = origin_of(arrival);
    Handing handing(office_);
    const auto hand = [&](Message message) {
        message.transport = origin.transport;
        message.peer = origin.peer;
        message.trusted = origin.trusted;
        handing.add(std::move(message));
    };
    const auto refuse = [&](const post::Letter& letter, const post::Copy& copy, const Error& why) {
        handing.refuse({letter.id,
                        copy.return_path,
                        copy.to,
                        post::status_of(why),
                        why.text,
                        {},
                        copy.envelope_id,
                        copy.wish.recipient});
    };
    for (const post::Letter& letter : batch->letters) {
        for (const post::Copy& copy : letter.copies) {
            auto message = message_of(letter, copy, origin.own_domain);
            if (message.ok()) {
                hand(std::move(*message));
            } else {
                refuse(letter, copy, message.error());
            }
        }
    }
    for (const auto& [letter, why] : batch->spoiled) {
        for (const post::Copy& copy : letter.copies) {
            if (!copy.to.empty()) refuse(letter, copy, {Code::BadInput, why, false});
        }
    }
    for (const post::Event& event : batch->events) hand(message_of(event, batch->origin));
    // An event that comes too late, a bounce.
    return finish({arrival, std::move(handing), batch->spoiled.empty()});
}

}  // namespace waypost::nncp
