// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/rooms.h"

#include <algorithm>

#include "bridges/xmpp/message/wire_id.h"

namespace waypost::xmpp {
namespace {

constexpr char kKey[] = "rooms/key";  // state: what makes occupant ids this box's own
constexpr std::size_t kKeyBytes = 32;
constexpr std::int64_t kLookEveryMs = 300'000;

// Made once: programs know people in rooms by what it makes.
std::string kept_key(const Gate& gate) {
    if (auto known = gate.state.get(kKey); known && known->size() == 2 * kKeyBytes) return *known;
    std::string fresh = gate.office.random().hex(kKeyBytes);
    gate.state.put(kKey, fresh);
    return fresh;
}

}  // namespace

Rooms::Rooms(const Gate& gate, RoomBounds bounds)
    : gate_(gate),
      bounds_(bounds),
      joins_(bounds.joins),
      joins_at_home_(bounds.joins_at_home),
      invitations_(bounds.invitations),
      reactions_(bounds.reactions),
      floor_(std::make_shared<Floor>(gate, bounds, kept_key(gate))) {}

Rooms::~Rooms() {
    const std::lock_guard lock(floor_->mutex);
    floor_->open = false;
}

std::optional<Rooms::Place> Rooms::place_of(const Element& stanza) const {
    const auto to = parse_jid(stanza.get("to"));
    const auto from = parse_jid(stanza.get("from"));
    if (!to.ok() || !from.ok()) return std::nullopt;
    if (!gate_.names.is_ours(*to) || to->local().empty()) return std::nullopt;
    if (gate_.names.is_ours(*from)) return std::nullopt;  // nobody is there but us
    Place place{unescape_local(to->local()), to->resource(), {}};
    const bool group = gate_.people.group(place.room).has_value();
    if (!group && !occupied(place.room)) return place;
    place.who = asker_of(gate_, *from);
    if (locked_out(gate_, place.who)) {
        const std::lock_guard lock(floor_->mutex);
        floor_->drop_locked_out(place.room);
    }
    // One that was taken away keeps its room until those in it have been told.
    place.exists = group || occupied(place.room);
    return place;
}

bool Rooms::occupied(const std::string& room) const {
    const std::lock_guard lock(floor_->mutex);
    return floor_->find(room) != nullptr;
}

void Rooms::refuse(const Element& stanza, const StanzaError& error) const {
    floor_->refuse(stanza, error);
}

// Who is in stays in: programs do not notice that our stream was down. Those of them that are gone
// meanwhile are found by the errors to what is sent to them.
void Rooms::stream_up() {
    const std::lock_guard lock(floor_->mutex);
    for (auto& [name, room] : floor_->rooms) room.looked_at_ms = 0;
}

// Whoever waited to be let in could not be told, nor would we hear that he goes.
void Rooms::stream_down() {
    const std::lock_guard lock(floor_->mutex);
    floor_->waiting.clear();
}

// Of lost accounts at once; else one room at a time: its members are read from the disk, and each
// change is told to all in it.
void Rooms::tick() {
    std::string due;
    {
        const std::lock_guard lock(floor_->mutex);
        std::vector<std::string> names;
        for (const auto& [name, room] : floor_->rooms) names.push_back(name);
        for (const std::string& name : names) floor_->drop_locked_out(name);
        std::int64_t oldest = now_ms() - kLookEveryMs;
        for (const auto& [name, room] : floor_->rooms) {
            const bool gone = !gate_.people.group(name);
            if (!gone && room.looked_at_ms > oldest) continue;
            due = name;
            oldest = room.looked_at_ms;
            if (gone) break;
        }
    }
    if (due.empty()) return;
    const bool gone = !gate_.people.group(due);
    const auto members = gone ? Result<std::vector<GroupMember>>(std::vector<GroupMember>())
                              : gate_.people.members(due);
    const std::lock_guard lock(floor_->mutex);
    Room* room = floor_->find(due);
    if (room == nullptr) return;
    if (gone) return floor_->close(due);
    room->looked_at_ms = now_ms();
    if (members.ok()) floor_->look_at_members(*room, *members);
}

std::vector<Element> Rooms::posts(const Delivery& delivery, const WireId& id,
                                  const std::vector<Element>& as_chat) {
    const std::lock_guard lock(floor_->mutex);
    return floor_->in_room(delivery, id, as_chat);
}

std::vector<std::string> Rooms::wire_ids(const Jid& from, const Jid& room,
                                         const std::vector<std::string>& ids) const {
    const std::string name = unescape_local(room.local());
    const std::lock_guard lock(floor_->mutex);
    if (floor_->find(name) == nullptr) return ids;
    std::vector<std::string> found;
    for (const std::string& id : ids) {
        const std::vector<WireId> wires = floor_->posts.wires(name, id);
        const auto his = std::find_if(wires.begin(), wires.end(), [&](const WireId& wire) {
            return is_wire_id_for(wire, from);
        });
        found.push_back(his == wires.end() ? id : *his);
    }
    return found;
}

std::size_t Rooms::sessions() const {
    const std::lock_guard lock(floor_->mutex);
    return floor_->sessions();
}

}  // namespace waypost::xmpp
