// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/door.h"

#include "gateway/groups/by_mail.h"
#include "gateway/groups/posts.h"

namespace waypost {
namespace {

constexpr char kPosts[] = "posts";  // use: by author; of a group: by people who are not in it
constexpr int kUnaskedPerDay = 20;

Verdict refused(std::string text, Verdict::Reason reason = Verdict::Reason::NotAllowed) {
    return {Verdict::Kind::Refused, reason, std::move(text), 0};
}

Verdict tomorrow(int most) {
    return {Verdict::Kind::Later, Verdict::Reason::QuotaFull,
            "limit of " + std::to_string(most) + " posts a day reached", 0};
}

// Its id is that of the mail, whoever sends it on: what has been in the group is known by it.
std::string origin_of(const Box& box, const Message& message) {
    return box.router.ordered(message.network) ? std::string() : message.origin_id;
}

bool unasked(const Standing& standing) { return !standing.member || !standing.vouched; }

Verdict admit_post(Ledger& ledger, const store::GroupRow& group, const Letter& letter) {
    const Box& box = ledger.box();
    auto& tables = ledger.tables();
    if (goes_round(box, group, letter.message))
        return refused("this has been in the group", Verdict::Reason::Loop);
    if (by_a_program(letter.message)) return refused("groups take nothing automatic");
    if (letter.message.unreadable != Unreadable::No)
        return refused("nobody here can read this: write in clear, and less");
    const std::string origin = origin_of(box, letter.message);
    if (!origin.empty()) {
        if (const auto known = tables.posts.by_origin(group.name, origin))
            return {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, known->message};
    }
    const Standing standing = standing_of(ledger, group, letter);
    const Passage way = passage(group, standing);
    if (way == Passage::Refused) {
        return refused(group.mode == store::GroupMode::Closed
                           ? "only its moderators post in #" + group.name
                           : "only members, vouched for by their mail servers, post in #" +
                                 group.name);
    }
    const std::string author = standing.author.uri();
    const int most = box.settings->person_mails_per_day;
    if (tables.state.used(author, box.day(), kPosts) >= most) return tomorrow(most);
    const bool strange = way == Passage::Waits && unasked(standing);
    if (strange && tables.state.used('#' + group.name, box.day(), kPosts) >= kUnaskedPerDay)
        return tomorrow(kUnaskedPerDay);
    return {};
}

}  // namespace

Verdict Groups::admit(Ledger& ledger, const Letter& letter, const Route& route) const {
    const auto group = ledger.tables().groups.find(route.owner.substr(1));
    if (!group) {
        return refused("there is no such group any more", Verdict::Reason::UnknownRecipient);
    }
    return route.token.empty() ? admit_post(ledger, *group, letter)
                               : admit_wish(ledger, *group, letter, route);
}

void Groups::take(Ledger& ledger, const Letter& letter, const store::MessageRow& row,
                  const Route& route) const {
    auto& tables = ledger.tables();
    const auto group = tables.groups.find(route.owner.substr(1));
    if (!group) return;
    if (!route.token.empty()) {
        take_wish(ledger, *group, letter, route);
        if (tables.deliveries.all_ended(row.id)) tables.messages.set_ended(row.id, ledger.now());
        return;
    }
    const Standing standing = standing_of(ledger, *group, letter);
    tables.state.use(standing.author.uri(), ledger.box().day(), kPosts);
    if (passage(*group, standing) == Passage::Waits && unasked(standing))
        tables.state.use(route.owner, ledger.box().day(), kPosts);
    open_post(ledger, *group, standing, letter.message, row);
}

void Groups::failed(Ledger& ledger, const store::DeliveryRow& row, const std::string& group) const {
    if (const auto known = ledger.tables().groups.find(group)) count_failure(ledger, *known, row);
}

bool drop_unseen_posts(Ledger& ledger, int most) {
    const store::Ms before =
        ledger.now() - std::chrono::milliseconds(ledger.box().settings->expiry).count();
    auto posts = ledger.tables().posts.unseen(before, most);
    for (store::PostRow& post : posts) decide_post(ledger, post, false, "nobody in time");
    return posts.size() == static_cast<std::size_t>(most);
}

}  // namespace waypost
