// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/desk_groups.h"

#include <algorithm>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/handle.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/held.h"
#include "gateway/custody/wording.h"
#include "gateway/groups/feeds.h"
#include "gateway/groups/members.h"
#include "gateway/groups/posts.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kTitleBytes = 60;
constexpr std::size_t kShownBytes = 200;
constexpr int kShownPosts = 100;

Error no_group(const std::string& name) {
    return {Code::NotFound, "there is no group " + name, false};
}

Error conflict(std::string text) { return {Code::Conflict, std::move(text), false}; }

void set_moderators(Ledger& ledger, const std::string& group,
                    const std::vector<std::string>& handles) {
    auto& groups = ledger.tables().groups;
    for (store::MemberRow& each : groups.moderators(group)) {
        each.moderator = false;
        groups.put_member(each);
    }
    for (const std::string& handle : handles) {
        store::MemberRow row;
        row.since_ms = ledger.now();
        if (const auto known = groups.member(group, person(handle))) row = *known;
        row.group = group;
        row.address = person(handle);
        row.moderator = true;
        groups.put_member(row);
    }
}

void apply(Ledger& ledger, store::GroupRow& row, const GroupWish& wish) {
    if (wish.title) row.title = one_line(clean_name(*wish.title), kTitleBytes);
    if (wish.mode) row.mode = *wish.mode;
    if (wish.posters) row.posters = *wish.posters;
    ledger.tables().groups.put(row);
    if (wish.moderators) set_moderators(ledger, row.name, *wish.moderators);
    ledger.effects().people_changed = true;
}

// What waits for moderators waits for nobody then.
void drop_waiting(Ledger& ledger, const std::string& group) {
    for (store::PostRow& post : ledger.tables().posts.newest(group, true, kShownPosts)) {
        decide_post(ledger, post, false, "the operator, with the group");
    }
}

}  // namespace

Result<std::vector<GroupReport>> GroupDesk::list() {
    return office_.box().store.read([](store::Tables& t) {
        std::vector<GroupReport> all;
        for (store::GroupRow& row : t.groups.all()) {
            GroupReport report;
            for (const auto& each : t.groups.moderators(row.name))
                report.moderators.push_back(each.address.value);
            report.members = t.groups.member_count(row.name);
            report.row = std::move(row);
            all.push_back(std::move(report));
        }
        return all;
    });
}

Result<void> GroupDesk::moderators_live_here(const GroupWish& wish) {
    const auto people = office_.box().directory.get();
    for (const std::string& handle : wish.moderators.value_or(std::vector<std::string>{})) {
        if (people->find(handle) == nullptr)
            return bad_input("nobody here is called " + handle + ": moderators live here");
    }
    return {};
}

Result<void> GroupDesk::add(const std::string& typed, const GroupWish& wish) {
    const auto name = parse_group_name(typed);
    if (!name.ok()) return name.error();
    if (const auto good = moderators_live_here(wish); !good.ok()) return good;
    return office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        auto& tables = ledger.tables();
        const int most = ledger.box().settings->groups.most;
        if (tables.groups.find(*name)) return conflict("there is a group " + *name + " already");
        if (tables.people.has_person(*name) || is_reserved(ledger, *name))
            return conflict(*name + " is a person here, or was until lately");
        // What people follow elsewhere has a bound of its own (follow()).
        const auto all = tables.groups.all();
        if (std::count_if(all.begin(), all.end(),
                          [](const auto& each) { return !is_feed(each.name); }) >= most)
            return conflict("there are " + std::to_string(most) + " groups, which is the most");
        store::GroupRow row;
        row.name = *name;
        row.created_ms = ledger.now();
        apply(ledger, row, wish);
        return {};
    });
}

Result<void> GroupDesk::in_group(
    const std::string& name, const std::function<Result<void>(Ledger&, store::GroupRow&)>& work) {
    return office_.decide<void>([&](Ledger& ledger) -> Result<void> {
        auto row = ledger.tables().groups.find(name);
        if (!row) return no_group(name);
        return work(ledger, *row);
    });
}

Result<void> GroupDesk::set(const std::string& name, const GroupWish& wish) {
    if (const auto good = moderators_live_here(wish); !good.ok()) return good;
    return in_group(name, [&](Ledger& ledger, store::GroupRow& row) {
        apply(ledger, row, wish);
        return Result<void>();
    });
}

Result<void> GroupDesk::remove(const std::string& name) {
    return in_group(name, [&](Ledger& ledger, store::GroupRow&) {
        drop_waiting(ledger, name);
        ledger.tables().groups.remove(name);
        ledger.tables().posts.close_group(name);
        ledger.effects().people_changed = true;
        return Result<void>();
    });
}

Result<std::vector<store::MemberRow>> GroupDesk::members(const std::string& name,
                                                         const std::string& after, int most) {
    auto found = office_.box().store.read(
        [&](store::Tables& t) -> std::optional<std::vector<store::MemberRow>> {
            if (!t.groups.find(name)) return std::nullopt;
            return t.groups.members(name, after, most);
        });
    if (!found.ok()) return found.error();
    if (!found.value()) return no_group(name);
    return std::move(**found);
}

Result<void> GroupDesk::join(const std::string& name, const std::string& who, bool digest) {
    const auto address = member_address(office_.box(), who);
    if (!address.ok()) return address.error();
    return in_group(name, [&](Ledger& ledger, store::GroupRow&) -> Result<void> {
        if (join_group(ledger, name, *address, digest) == Joined::Full)
            return conflict(name + " is full");
        return {};
    });
}

// Also who is gone from here, as he is in the list.
Result<void> GroupDesk::leave(const std::string& name, const std::string& who) {
    auto address = member_address(office_.box(), who);
    if (!address.ok()) address = parse_address(who);
    if (!address.ok()) return address.error();
    return in_group(name, [&](Ledger& ledger, store::GroupRow&) -> Result<void> {
        if (leave_group(ledger, name, *address)) return {};
        return Error{Code::NotFound, who + " is not in " + name, false};
    });
}

Result<std::vector<WaitingPost>> GroupDesk::waiting(const std::string& name) {
    auto found =
        office_.box().store.read([&](store::Tables& t) -> std::optional<std::vector<WaitingPost>> {
            if (!t.groups.find(name)) return std::nullopt;
            const Catalogue& words = catalogue(office_.box().settings->language);
            std::vector<WaitingPost> all;
            for (const store::PostRow& post : t.posts.newest(name, true, kShownPosts)) {
                const auto row = t.messages.find(post.message);
                if (!row) continue;
                all.push_back({post.message, post.author.value,
                               one_line(plain_text(words, *row), kShownBytes), post.at_ms});
            }
            return all;
        });
    if (!found.ok()) return found.error();
    if (!found.value()) return no_group(name);
    return std::move(**found);
}

Result<void> GroupDesk::decide(const std::string& name, MessageId id, bool passes) {
    return in_group(name, [&](Ledger& ledger, store::GroupRow&) -> Result<void> {
        auto post = ledger.tables().posts.find(id, name);
        if (!post) {
            return Error{Code::NotFound, std::to_string(id) + " is no post of " + name, false};
        }
        if (decide_post(ledger, *post, passes, "the operator")) return {};
        return conflict(std::to_string(id) + " is decided already");
    });
}

}  // namespace waypost
