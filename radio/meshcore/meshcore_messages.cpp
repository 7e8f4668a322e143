// SPDX-License-Identifier: Apache-2.0
// What came by a MeshCore radio as a message of the gateway's, and rooms as members of groups.
#include <algorithm>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "radio/meshcore/address.h"
#include "radio/meshcore/meshcore_transport.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kMostAuthor = 24;
constexpr std::size_t kMostInRoom = kTextBytes - 2;  // the number of a late try has two

}  // namespace

std::string MeshcoreTransport::group_of(const std::string& room) const {
    for (const RoomGroup& each : options_.rooms)
        if (room_address(each.prefix) == room) return each.group;
    return {};
}

// The room is a member of the group, as anybody outside may be: what the group posts goes to it.
void MeshcoreTransport::join_groups() {
    PeopleView* people = office_->people();
    for (const RoomGroup& each : options_.rooms) {
        if (people == nullptr) return;
        const Address room{network(), room_address(each.prefix)};
        const auto members = people->members(each.group);
        const bool is_member =
            members.ok() && std::any_of(members->begin(), members->end(),
                                        [&](const auto& member) { return member.address == room; });
        if (is_member) continue;
        people->join(each.group, room, [id = id(), group = each.group](const Result<void>& done) {
            if (done.ok()) return;
            log(Level::Warning, kNetwork, "no-group",
                {{"id", id}, {"group", group}, {"why", done.error().text}});
        });
    }
}

// In a room all that the box posts is of one radio: who wrote it stands before the text.
std::string MeshcoreTransport::text_for(const Delivery& delivery) {
    const auto target = parse_target(delivery.to.value);
    if (!target || target->kind != Target::Kind::Room) return delivery.text;
    const std::string& name = !delivery.author.empty()      ? delivery.author
                              : !delivery.from_name.empty() ? delivery.from_name
                                                            : delivery.from.value;
    const std::string whole = one_line(name, kMostAuthor) + ": " + delivery.text;
    return std::string(cut_bytes(whole, kMostInRoom));
}

void MeshcoreTransport::take_text(const TextIn& text) {
    crash_point(CrashPoint::TextRead);
    Message message;
    message.network = network();
    message.transport = id();
    message.origin_id = wire_id_of(text.from, text.time) + ' ' + short_hash(text.room + text.text);
    message.text = text.text;
    message.broadcast = !text.direct;
    message.verified_sender = !text.key.empty();
    message.privacy = text.direct ? Privacy::InClear : Privacy::Channel;
    const std::string group = text.room.empty() ? std::string() : group_of(text.room);
    if (text.room.empty()) {
        message.from = {network(), text.from};
        message.sealed_under = to_hex(text.key);
    } else {
        message.from = {network(), text.room};
        message.from_name = text.room_name;
        message.text = text.name + ": " + text.text;
        message.to = {Address{"group", group}};
    }
    // A room without a group here is nobody's.
    if (!text.room.empty() && group.empty()) return inbox_->decide(true);
    office_->accept(std::move(message), [inbox = inbox_](const std::vector<Verdict>& verdicts) {
        inbox->decide(verdicts.empty() || verdicts.front().kind != Verdict::Kind::Later);
    });
}

}  // namespace waypost::meshcore
