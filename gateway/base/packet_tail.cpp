// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/packet_tail.h"

namespace waypost {

void PacketTail::note(const PacketSeen& packet) {
    recent_.note([&](Slot& slot) {
        slot.at_ms = packet.at_ms;
        slot.transport.assign(packet.transport);
        slot.out = packet.out;
        slot.bytes = packet.bytes;
        slot.text.assign(packet.text);
        slot.snr_db = packet.snr_db;
        slot.rssi_dbm = packet.rssi_dbm;
    });
    if (packet.out) return;
    const std::lock_guard lock(mutex_);
    heard_ms_[packet.transport] = packet.at_ms;
}

void PacketTail::note(std::vector<PacketSeen> packets, const std::string& transport,
                      std::int64_t at_ms) {
    for (PacketSeen& each : packets) {
        each.transport = transport;
        each.at_ms = at_ms;
        note(each);
    }
}

std::int64_t PacketTail::heard_ms(const std::string& transport) const {
    const std::lock_guard lock(mutex_);
    const auto found = heard_ms_.find(transport);
    return found == heard_ms_.end() ? 0 : found->second;
}

std::vector<PacketSeen> PacketTail::after(std::uint64_t after) const {
    return recent_.after(after, read);
}

PacketSeen PacketTail::read(std::uint64_t number, const Slot& slot) {
    return {number,      slot.at_ms,   std::string(slot.transport.view()),
            slot.out,    slot.bytes,   std::string(slot.text.view()),
            slot.snr_db, slot.rssi_dbm};
}

}  // namespace waypost
