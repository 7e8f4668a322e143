// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/kept.h"

#include <algorithm>
#include <set>

#include "gateway/message/text.h"

namespace waypost {
namespace {

using Droppable = store::KeptTable::Droppable;

constexpr int kAtOnce = 50;

// A small text's original is part of the text.
std::int64_t bytes_to_keep(const Message& message) {
    const bool counts = !message.attachments.empty() || !message.body.file.empty();
    return counts ? static_cast<std::int64_t>(message.body.size) : 0;
}

std::int64_t quota(const Ledger& ledger) {
    return static_cast<std::int64_t>(ledger.box().settings->attachment_quota_bytes);
}

// Which have to go until `bytes` are free; nothing if that is not to be had.
std::optional<std::vector<MessageId>> to_drop(Ledger& ledger, const std::string& owner,
                                              std::int64_t bytes) {
    store::KeptTable& kept = ledger.tables().kept;
    std::int64_t over = kept.total(owner) + bytes - quota(ledger);
    std::vector<MessageId> found;
    for (const Droppable which : {Droppable::Ended, Droppable::Unasked}) {
        MessageId after = 0;
        while (over > 0) {
            const auto rows = kept.oldest(owner, which, after, kAtOnce);
            for (const store::KeptRow& row : rows) {
                if (over <= 0) break;
                over -= row.bytes;
                found.push_back(row.message);
            }
            if (rows.size() < kAtOnce) break;
            after = rows.back().message;
        }
    }
    if (over > 0) return std::nullopt;
    return found;
}

// Some delivery of it has not ended that passes the original on.
bool is_needed(store::Tables& tables, MessageId id) {
    const auto message = tables.messages.find(id);
    const auto rows = tables.deliveries.of_message(id);
    return message && std::any_of(rows.begin(), rows.end(), [&](const store::DeliveryRow& row) {
               return !is_final(row.state) && row.network == message->message.network;
           });
}

void drop(Ledger& ledger, const std::string& owner, MessageId id) {
    store::Tables& tables = ledger.tables();
    tables.kept.remove(owner, id);
    ledger.note(id, "dropped", "for room: the attachments of " + owner);
    if (tables.kept.has(id) || is_needed(tables, id)) return;
    std::string file = tables.messages.drop_body(id);
    if (!file.empty()) ledger.effects().bodies_gone.push_back(std::move(file));
}

}  // namespace

std::optional<Verdict> no_room(Ledger& ledger, const std::string& owner, const Message& message,
                               const std::string& network) {
    const std::int64_t bytes = bytes_to_keep(message);
    if (bytes == 0 || owner.empty()) return std::nullopt;
    if (bytes > quota(ledger)) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::TooLarge,
                       "with its attachments it is larger than the " +
                           short_size(static_cast<std::size_t>(quota(ledger))) +
                           " that are kept here for one person",
                       0};
    }
    if (network == message.network && !to_drop(ledger, owner, bytes)) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::QuotaFull,
                       "no room for its attachments until earlier ones have gone on", 0};
    }
    return std::nullopt;
}

void keep_original(Ledger& ledger, MessageId id, const Message& message,
                   const std::vector<Keeper>& keepers) {
    const std::int64_t bytes = bytes_to_keep(message);
    if (bytes == 0) return;
    const bool needed = is_needed(ledger.tables(), id);
    store::KeptTable& kept = ledger.tables().kept;
    std::set<std::string> done;
    std::vector<std::string> without;
    for (const Keeper& each : keepers) {
        if (each.owner.empty() || !done.insert(each.owner).second) continue;
        // Who is not known yet takes what is free: nothing goes for him that somebody wanted.
        const bool fits = kept.total(each.owner) + bytes <= quota(ledger);
        const auto going = fits || !(each.asked || needed) ? std::optional<std::vector<MessageId>>()
                                                           : to_drop(ledger, each.owner, bytes);
        if (going) {
            for (const MessageId old : *going) drop(ledger, each.owner, old);
        }
        if (fits || going || needed) {
            kept.add(each.owner, id, bytes, each.asked);
        } else {
            without.push_back(each.owner);
        }
    }
    for (const std::string& owner : without) drop(ledger, owner, id);
}

}  // namespace waypost
