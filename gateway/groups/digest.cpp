// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/digest.h"

#include <algorithm>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/language.h"
#include "gateway/custody/wording.h"
#include "gateway/groups/posts.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kPostBytes = 28;  // of one post, with its author
constexpr std::size_t kMostNamed = 5;

std::string begin_of(Ledger& ledger, const Catalogue& words, MessageId id) {
    const auto row = ledger.tables().messages.find(id);
    return row ? one_line(post_author(ledger.box(), *row) + ": " + plain_text(words, *row),
                          kPostBytes)
               : std::string();
}

// What its author took back meanwhile is told to nobody.
std::vector<MessageId> posts_for(store::Tables& tables, const store::DigestRow& due) {
    auto ids = tables.posts.waiting_for(due.group, due.member);
    std::erase_if(ids, [&](MessageId id) {
        const auto post = tables.posts.find(id, due.group);
        return !post || post->state == store::PostState::Dropped;
    });
    return ids;
}

std::string digest_text(Ledger& ledger, const store::DigestRow& due, std::vector<MessageId> ids) {
    const Catalogue& words = words_of(ledger, due.member.value);
    const std::string count = std::to_string(ids.size());
    const auto with = [&](const std::string& posts) {
        return words.say("group_digest",
                         {{"group", due.group}, {"count", count}, {"posts", posts}});
    };
    const std::size_t room = room_in_line(with);
    std::string posts;
    ids.resize(std::min(ids.size(), kMostNamed));
    for (const MessageId id : ids) {
        const std::string begin = begin_of(ledger, words, id);
        const std::string joined = posts + (posts.empty() ? "" : " | ") + begin;
        if (begin.empty() || joined.size() > room) continue;
        posts = joined;
    }
    return with(posts);
}

// The radio that he was heard by last; nothing while he wants nothing.
Address radio_of(const Box& box, const Address& member) {
    const auto people = box.directory.get();
    const Person* person = people->find(member.value);
    if (person == nullptr || person->row.paused) return {};
    const auto radio = std::find_if(
        person->endpoints.begin(), person->endpoints.end(),
        [&](const Address& end) { return box.router.ordered(box.router.network_of(end)); });
    return radio == person->endpoints.end() ? Address{} : *radio;
}

void send(Ledger& ledger, const store::DigestRow& waiting) {
    auto& tables = ledger.tables();
    const store::Ms every =
        std::chrono::milliseconds(ledger.box().settings->groups.digest_every).count();
    const store::Ms now = ledger.box().box_ms();
    if (now - waiting.since_box_ms < every) return;
    auto member = tables.groups.member(waiting.group, waiting.member);
    if (!member) return tables.posts.end_waiting(waiting.group, waiting.member);
    if (now - member->digested_box_ms < every) return;
    const Address radio = radio_of(ledger.box(), waiting.member);
    if (radio.empty()) return;
    auto ids = posts_for(tables, waiting);
    tables.posts.end_waiting(waiting.group, waiting.member);
    if (ids.empty()) return;
    tell_of_group(ledger, waiting.group, waiting.member.value, radio,
                  digest_text(ledger, waiting, std::move(ids)));
    member->digested_box_ms = now;
    tables.groups.put_member(*member);
}

}  // namespace

bool send_digests(Ledger& ledger, store::DigestRow& place, int most) {
    const auto all = ledger.tables().posts.digests(place, most);
    for (const store::DigestRow& each : all) send(ledger, each);
    if (!all.empty()) place = all.back();
    return all.size() == static_cast<std::size_t>(most);
}

}  // namespace waypost
