// SPDX-License-Identifier: Apache-2.0
// ACKs: what they prove is on record before they are consumed.
#include "bridges/nncp/arrivals.h"
#include "gateway/message/handed.h"

namespace waypost::nncp {
namespace {

Proof proof_of(const Address& recipient, const Node& by) {
    Proof proof;
    proof.kind = Proof::Kind::Relayed;
    proof.code = kHandedCode;
    proof.detail = to_string(waypost::Handed{waypost::Handed::Kind::Arrived, by.name, {}});
    proof.recipient = recipient;
    return proof;
}

}  // namespace

Result<void> Arrivals::ack(const Arrival& arrival, const Mth& packet) {
    const auto sent = arrival.sender != nullptr ? home_.sent.awaits(arrival.sender->id, packet)
                                                : std::optional<SentPacket>();
    if (!sent) return LocalHandlers::ack(arrival, packet);
    Proven proven{arrival, packet, {}};
    for (const SentCopy& copy : sent->copies) {
        auto on_disk = std::make_shared<std::promise<bool>>();
        proven.on_disk.push_back(on_disk->get_future());
        office_.proof(home_.transport, copy.wire_id, proof_of(copy.recipient, *arrival.sender),
                      [on_disk](bool stored) { on_disk->set_value(stored); });
    }
    proven_.push_back(std::move(proven));
    return {};
}

// A crash between the proof and the end of its packet gives the proof again, not never.
Result<void> Arrivals::conclude(Proven& proven) {
    bool stored = true;
    for (auto& each : proven.on_disk) stored = each.get() && stored;
    if (!stored) return Error{Code::Busy, "what it proves could not be put on record", true};
    (void)home_.sent.acked(proven.arrival.sender->id, proven.packet);
    return LocalHandlers::ack(proven.arrival, proven.packet);
}

void Arrivals::conclude_acks() {
    for (Proven& each : std::exchange(proven_, {})) note_end(each.arrival, conclude(each));
}

}  // namespace waypost::nncp
