// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/group_talk.h"

#include <algorithm>

#include "gateway/conversation/publishing.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/wording.h"
#include "gateway/groups/feeds.h"
#include "gateway/groups/posts.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr int kLastPosts = 5;
constexpr std::size_t kListLine = 40;
constexpr std::size_t kNameBytes = 20;

}  // namespace

std::string GroupTalk::group(const command::Group& c) {
    using Act = command::Group::Act;
    if (c.act == Act::List) return list();
    if (c.name == kPublicName && c.act != Act::Write) return Publishing(line_).profile(c);
    if (const std::string feed = feed_of(c); !feed.empty()) return of_feed(c, feed);
    if (!tables().groups.find(c.name)) return unknown(c.name);
    if (line_.doubted) return say("key_doubted");
    if (line_.from_stranger()) return say("group_named_only");
    if (c.act == Act::Join) return join(c.name, c.text == "digest");
    if (c.act == Act::Leave) return leave(c.name);
    return c.text.empty() ? last(c.name) : post(c.name, c.text, 0);
}

// The account elsewhere that is meant: by its whole name, or one that he follows by its beginning,
// where no group is called so.
std::string GroupTalk::feed_of(const command::Group& c) {
    if (is_feed(c.name)) return feed_name(box(), c.name);
    return tables().groups.find(c.name) ? std::string() : feed_like(line_.ledger, self(), c.name);
}

std::string GroupTalk::of_feed(const command::Group& c, const std::string& feed) {
    using Act = command::Group::Act;
    if (line_.doubted) return say("key_doubted");
    if (line_.from_stranger()) return say("group_named_only");
    if (is_minor(box(), line_.owner)) return say("minor_out");
    const auto followed = tables().groups.member(feed, self());
    if (c.act == Act::Write) {
        if (!followed) return say("group_not_in", {{"group", feed}});
        return c.text.empty() ? last(feed) : say("group_closed", {{"group", feed}});
    }
    if (too_many_changes()) return say("group_changes", {{"most", std::to_string(kChangesPerDay)}});
    if (c.act == Act::Leave) {
        const bool left = unfollow(line_.ledger, feed, self());
        return say(left ? "group_left" : "group_not_in", {{"group", feed}});
    }
    const auto joined = follow(line_.ledger, feed, self(), c.text == "digest");
    return joined ? told_of(*joined, feed, c.text == "digest") : say("feeds_full");
}

std::optional<std::string> GroupTalk::ask(const std::string& name) {
    if (!tables().groups.find(name)) return std::nullopt;
    return group({command::Group::Act::Write, name, {}});
}

// Those he is in have a star: "news* water".
std::string GroupTalk::names(std::size_t bytes, bool marked) {
    const auto his = tables().groups.groups_of(self());
    std::string all;
    for (const store::GroupRow& each : tables().groups.all()) {
        const bool member = std::find(his.begin(), his.end(), each.name) != his.end();
        if (is_feed(each.name) && !member) continue;
        const bool in = marked && member;
        const std::string name = each.name + (in ? "*" : "");
        if (all.size() + 1 + name.size() + 4 > bytes) return all + " ...";
        all += (all.empty() ? "" : " ") + name;
    }
    return all;
}

std::string GroupTalk::list() {
    const std::size_t used = say("group_list", {{"groups", {}}}).size();
    const std::string all = names(kAnswerBytes - used, true);
    return all.empty() ? say("no_groups") : say("group_list", {{"groups", all}});
}

std::string GroupTalk::unknown(const std::string& name) {
    const std::string asked = one_line(name, kNameBytes);
    const auto with = [&](const std::string& all) {
        return say("group_unknown", {{"group", asked}, {"groups", all}});
    };
    const std::string all = names(kAnswerBytes - with({}).size(), false);
    return all.empty() ? say("no_groups") : with(all);
}

bool GroupTalk::too_many_changes() { return !may_change_today(line_.ledger, line_.owner); }

std::string GroupTalk::join(const std::string& name, bool digest) {
    if (too_many_changes()) return say("group_changes", {{"most", std::to_string(kChangesPerDay)}});
    return told_of(join_group(line_.ledger, name, self(), digest), name, digest);
}

std::string GroupTalk::told_of(Joined joined, const std::string& name, bool digest) const {
    switch (joined) {
        case Joined::Now:
            return say(digest ? "group_joined_digest" : "group_joined", {{"group", name}});
        case Joined::Already:
            return say("group_already", {{"group", name}});
        case Joined::Full:
            break;
    }
    return say("group_full", {{"group", name}});
}

std::string GroupTalk::leave(const std::string& name) {
    if (too_many_changes()) return say("group_changes", {{"most", std::to_string(kChangesPerDay)}});
    const bool left = leave_group(line_.ledger, name, self());
    return say(left ? "group_left" : "group_not_in", {{"group", name}});
}

std::string GroupTalk::post(const std::string& name, const std::string& text, MessageId answers) {
    const auto group = tables().groups.find(name);
    if (!group) return unknown(name);
    if (line_.from_stranger()) return say("group_named_only");
    if (!line_.disk_has_room) return say("box_full");
    Letter letter;
    letter.message = line_.message;
    letter.message.to = {waypost::group(name)};
    letter.message.subject.clear();
    letter.message.text = text;
    letter.message.references.clear();
    letter.owner = line_.owner;
    letter.answers = answers;
    letter.routes = {to_group(name)};
    if (passage(*group, standing_of(line_.ledger, *group, letter)) == Passage::Refused) {
        const bool closed = group->mode == store::GroupMode::Closed;
        return say(closed ? "group_closed" : "group_members_only", {{"group", name}});
    }
    const Taken taken = take_letter(line_.ledger, letter);
    const Verdict& verdict = taken.verdicts.front();
    if (!verdict.kept()) return line_.refusal(verdict);
    line_.about = taken.message;
    const auto row = tables().posts.find(taken.message, name);
    const bool waits = row && row->state == store::PostState::Waiting;
    return say(waits ? "group_waits" : "group_in",
               {{"item", std::to_string(taken.item)}, {"group", name}});
}

// What he has no number for gets one, to be read whole.
int GroupTalk::number_of(const store::PostRow& post) {
    if (const auto item = tables().items.by_message(line_.owner, post.message)) return item->number;
    store::ItemRow item;
    item.owner = line_.owner;
    item.message = post.message;
    item.incoming = true;
    item.done = true;  // it has come by being read
    item.peer = waypost::group(post.group);
    item.changed_ms = line_.ledger.now();
    return tables().items.add(item, line_.ledger.reuse_before());
}

// Newest first. What waited for a digest has been told with that.
std::string GroupTalk::last(const std::string& name) {
    std::vector<std::string> lines;
    for (const store::PostRow& post : tables().posts.newest(name, false, kLastPosts)) {
        const auto message = tables().messages.find(post.message);
        if (!message) continue;
        lines.push_back(one_line(std::to_string(number_of(post)) + ' ' +
                                     post_author(box(), *message) + ": " +
                                     plain_text(*line_.words, *message),
                                 kListLine));
    }
    tables().posts.end_waiting(name, self());
    return lines.empty() ? say("group_empty", {{"group", name}}) : line_.fitting(lines);
}

std::optional<std::string> GroupTalk::decide(int number, bool passes) {
    const auto item = tables().items.find(line_.owner, number);
    if (!item || !is_group(item->peer)) return std::nullopt;
    const std::string& name = item->peer.value;
    const auto member = tables().groups.member(name, self());
    if (!member || !member->moderator) return say("group_not_yours", {{"group", name}});
    auto row = tables().posts.find(item->message, name);
    const std::string digits = std::to_string(number);
    if (!row || !decide_post(line_.ledger, *row, passes, line_.owner))
        return say("group_decided", {{"item", digits}});
    tables().items.set_done(line_.owner, number, line_.ledger.now());
    return passes ? say("group_passed", {{"item", digits}, {"group", name}})
                  : say("group_refused", {{"item", digits}});
}

}  // namespace waypost
