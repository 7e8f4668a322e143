// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/posts.h"

#include <set>
#include <sstream>

#include "gateway/commands/catalogue.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/language.h"
#include "gateway/custody/met_neighbours.h"
#include "gateway/custody/receipts.h"
#include "gateway/custody/wording.h"
#include "gateway/groups/by_mail.h"
#include "gateway/groups/share.h"

namespace waypost {
namespace {

using store::PostState;

constexpr int kBatch = 100;                  // members in one transaction
constexpr char kAnnounced[] = "group-held";  // use: what outsiders want to post, to one moderator

// A moderator has one already by which he was asked.
int number_for(Ledger& ledger, const std::string& handle, const store::PostRow& post) {
    const auto known = ledger.tables().items.by_message(handle, post.message);
    if (known && known->peer == group(post.group)) return known->number;
    store::ItemRow item;
    item.owner = handle;
    item.message = post.message;
    item.incoming = true;
    item.peer = group(post.group);
    item.changed_ms = ledger.now();
    return ledger.tables().items.add(item, ledger.reuse_before());
}

store::DeliveryRow delivery_of(const store::PostRow& post) {
    store::DeliveryRow row;
    row.message = post.message;
    row.owner = '#' + post.group;
    row.priority = Priority::Bulk;
    return row;
}

// His radio within its share; what is beyond waits for a digest.
void to_radio(Ledger& ledger, const store::PostRow& post, const store::MemberRow& member,
              const Person& person, const Route& route) {
    const std::string& handle = route.owner;
    const bool later = member.digest || person.row.paused || route.network.empty();
    if (later || !take_share(ledger, handle)) {
        return ledger.tables().posts.wait_for_digest(post.group, member.address, post.message,
                                                     ledger.box().box_ms());
    }
    store::DeliveryRow row = delivery_of(post);
    row.owner = handle;
    row.recipient = route.recipient;
    row.network = route.network;
    row.lane = ledger.lane_of(route.network, "group " + post.group, route.recipient.uri());
    row.item = number_for(ledger, handle, post);
    ledger.add_delivery(row);
}

void to_person(Ledger& ledger, const store::PostRow& post, const store::MemberRow& member) {
    const Box& box = ledger.box();
    const auto people = box.directory.get();
    const Person* person = people->find(member.address.value);
    if (person == nullptr) return;
    if (post.author.scheme != "person") {
        const auto contact = ledger.tables().people.contact(person->row.handle, post.author);
        if (contact && contact->state == store::ContactState::Blocked) return;
    }
    const Route route = box.router.route(member.address, *people);
    if (!route.mailbox.empty()) {
        store::DeliveryRow row = delivery_of(post);
        row.recipient = route.mailbox;
        row.network = route.mailbox_network;
        ledger.add_delivery(row);
    }
    if (route.mailbox_only) return;
    if (route.network.empty() || box.router.ordered(route.network)) {
        return to_radio(ledger, post, member, *person, route);
    }
    store::DeliveryRow row = delivery_of(post);
    row.recipient = route.recipient;
    row.network = route.network;
    ledger.add_delivery(row);
}

void to_member(Ledger& ledger, const store::PostRow& post, const store::MemberRow& member) {
    if (member.address.scheme == "person") return to_person(ledger, post, member);
    const Neighbour* neighbour = ledger.box().neighbours.speaker(member.address);
    if (neighbour != nullptr && post.author.scheme == "person")
        note_met(ledger.tables(), post.author.value, neighbour->name);
    store::DeliveryRow row = delivery_of(post);
    row.recipient = member.address;
    row.network = ledger.box().router.network_of(member.address);
    // A room on a radio network is one too.
    row.lane = ledger.lane_of(row.network, "group " + post.group, row.recipient.uri());
    if (!row.network.empty()) ledger.add_delivery(row);
}

// Who has it already: its author, the lists on its way, and who was named beside the group, whose
// deliveries were stored before those to any member.
std::set<std::string> served(Ledger& ledger, const store::PostRow& post) {
    std::set<std::string> uris{post.author.uri()};
    std::istringstream lists(post.lists);
    for (std::string each; lists >> each;) uris.insert("mailto:" + each);
    for (const auto& row : ledger.tables().deliveries.of_message(post.message)) {
        if (!group_of(ledger.tables(), row).empty()) break;
        uris.insert(row.recipient.uri());
    }
    return uris;
}

// The next batch of members. A message that went to nobody has ended with that.
void serve(Ledger& ledger, store::PostRow& post) {
    auto& tables = ledger.tables();
    const auto done = served(ledger, post);
    const auto members = tables.groups.members(post.group, post.cursor, kBatch);
    for (const store::MemberRow& member : members) {
        if (done.count(member.address.uri()) == 0) to_member(ledger, post, member);
    }
    if (!members.empty()) post.cursor = members.back().address.uri();
    if (members.size() < kBatch) post.state = PostState::Passed;
    tables.posts.update(post);
    ledger.effects().posts_passing |= post.state == PostState::Passing;
    const bool over = post.state == PostState::Passed && tables.deliveries.all_ended(post.message);
    if (over) tables.messages.set_ended(post.message, ledger.now());
}

// "5 #news ana: text. @+5 passes, @-5 drops"
void ask_moderator(Ledger& ledger, const store::PostRow& post, const store::MessageRow& row,
                   const std::string& handle) {
    const Address endpoint = endpoint_of(ledger.box(), handle);
    if (endpoint.empty()) return;
    const std::string network = ledger.box().router.network_of(endpoint);
    if (network.empty()) return;
    const bool by_mail = !ledger.box().router.ordered(network);
    const int item = by_mail ? 0 : number_for(ledger, handle, post);
    auto& state = ledger.tables().state;
    const bool stranger = post.author.scheme != "person";
    if (stranger && state.use(handle, ledger.box().day(), kAnnounced) > 1) return;
    if (by_mail) return ask_by_mail(ledger, post, row, handle, endpoint);
    const Catalogue& words = words_of(ledger, handle);
    const auto with = [&](const std::string& text) {
        return words.say("group_asked", {{"item", std::to_string(item)},
                                         {"group", post.group},
                                         {"author", post_author(ledger.box(), row)},
                                         {"post", text}});
    };
    ledger.say(endpoint, fitting_line(with, plain_text(words, row)), store::Kind::Notice,
               Priority::Normal, handle);
}

void ask_moderators(Ledger& ledger, const store::PostRow& post, const store::MessageRow& row) {
    for (const store::MemberRow& each : ledger.tables().groups.moderators(post.group)) {
        if (each.address.scheme == "person") ask_moderator(ledger, post, row, each.address.value);
    }
}

// On the network that he wrote from; who wrote from outside hears only that it was not passed.
void tell_author(Ledger& ledger, const store::PostRow& post, bool passed) {
    const auto row = ledger.tables().messages.find(post.message);
    if (!row || row->owner.empty()) return;
    const Address endpoint = endpoint_of(ledger.box(), row->owner);
    const auto item = ledger.tables().items.by_message(row->owner, post.message);
    if (endpoint.empty() || !item) return;
    const Catalogue& words = words_of(ledger, row->owner);
    ledger.say(endpoint,
               words.say(passed ? "group_in" : "group_dropped",
                         {{"item", std::to_string(item->number)}, {"group", post.group}}),
               store::Kind::Receipt, Priority::Urgent, row->owner, post.message);
}

std::string trail_of(const Message& message) {
    if (!message.lists) return {};
    std::string trail;
    std::set<std::string> all(message.lists->passed.begin(), message.lists->passed.end());
    if (!message.lists->last.empty()) all.insert(message.lists->last.value);
    for (const std::string& each : all) trail += (trail.empty() ? "" : " ") + each;
    return trail;
}

}  // namespace

void open_post(Ledger& ledger, const store::GroupRow& group, const Standing& standing,
               const Message& message, const store::MessageRow& row) {
    // A radio's ids are short and come again; a mail's is known everywhere.
    const bool radio = ledger.box().router.ordered(message.network) || message.network == "local";
    store::PostRow post;
    post.message = row.id;
    post.group = group.name;
    post.author = standing.author;
    post.origin = radio || message.origin_id.empty() ? row.message_id : message.origin_id;
    post.lists = trail_of(message);
    post.at_ms = ledger.now();
    const bool waits = passage(group, standing) == Passage::Waits;
    post.state = waits ? PostState::Waiting : PostState::Passing;
    ledger.tables().posts.insert(post);
    waits ? ask_moderators(ledger, post, row) : serve(ledger, post);
}

bool decide_post(Ledger& ledger, store::PostRow& post, bool passes, const std::string& who) {
    if (post.state != PostState::Waiting) return false;
    post.state = passes ? PostState::Passing : PostState::Dropped;
    ledger.note(post.message, passes ? "passed" : "not passed", '#' + post.group + ", by " + who);
    ledger.tables().posts.update(post);
    tell_author(ledger, post, passes);
    if (passes) {
        serve(ledger, post);
    } else if (ledger.tables().deliveries.all_ended(post.message)) {
        ledger.tables().messages.set_ended(post.message, ledger.now());
    }
    return true;
}

void pass_on_posts(Ledger& ledger) {
    auto post = ledger.tables().posts.next_passing();
    if (!post) return;
    serve(ledger, *post);
    ledger.effects().posts_passing |= ledger.tables().posts.next_passing().has_value();
}

void tell_of_group(Ledger& ledger, const std::string& group, const std::string& handle,
                   const Address& endpoint, std::string text) {
    const Box& box = ledger.box();
    store::MessageRow row;
    row.kind = store::Kind::Notice;
    row.message.network = "local";
    row.message.text = std::move(text);
    row.message.automatic = true;
    row.message.priority = Priority::Bulk;
    ledger.add_message(row);
    store::DeliveryRow delivery;
    delivery.message = row.id;
    delivery.owner = handle;
    delivery.recipient = endpoint;
    delivery.network = box.router.network_of(endpoint);
    delivery.lane = ledger.lane_of(delivery.network, "group " + group, endpoint.uri());
    delivery.priority = Priority::Bulk;
    delivery.expires_ms =
        ledger.now() + std::chrono::milliseconds(box.settings->answer_expiry).count();
    ledger.add_delivery(delivery);
}

}  // namespace waypost
