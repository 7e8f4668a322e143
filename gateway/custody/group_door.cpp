// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/group_door.h"

#include "gateway/custody/imitation.h"

namespace waypost {
namespace {

constexpr std::size_t kAuthorBytes = 20;

}  // namespace

// To a radio it goes in its owner's turn, and is known by his number for it.
std::string group_of(store::Tables& tables, const store::DeliveryRow& row) {
    if (!row.owner.empty() && row.owner[0] == '#') return row.owner.substr(1);
    if (row.item == 0) return {};
    const auto item = tables.items.find(row.owner, row.item);
    const bool post = item && item->message == row.message && is_group(item->peer);
    return post ? item->peer.value : std::string();
}

std::string post_author(const Box& box, const store::MessageRow& message) {
    const Message& m = message.message;
    if (!message.owner.empty()) return message.owner;
    return name_from_outside(box, m.from, m.from_name, kAuthorBytes);
}

}  // namespace waypost
