// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/feeds.h"

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostFeeds = 50;  // of one box: each brings posts all day
constexpr int kAtOnce = 200;

// "@Bob@social.example", "@bob", "bob": as names are kept.
std::string plain(const std::string& typed) {
    return lower_ascii(typed.substr(typed.rfind('@', 0) == 0 ? 1 : 0));
}

// What his radio has not been told yet.
void move_waiting(Ledger& ledger, const std::string& from, const store::MemberRow& member) {
    auto& posts = ledger.tables().posts;
    for (const MessageId id : posts.waiting_for(from, member.address)) {
        auto post = posts.find(id, from);
        if (!post) continue;
        post->group = member.group;
        if (!posts.find(id, member.group)) posts.insert(*post);
        posts.wait_for_digest(member.group, member.address, id, ledger.box().box_ms());
    }
    posts.end_waiting(from, member.address);
}

// Where its author alone is left, it ends.
bool end_if_unfollowed(Ledger& ledger, const std::string& feed) {
    auto& groups = ledger.tables().groups;
    if (groups.member_count(feed) > 1) return false;
    groups.remove(feed);
    ledger.effects().people_changed = true;
    return true;
}

// Those whose last follower was forgotten end here: they take nobody's place.
std::size_t count_feeds(Ledger& ledger) {
    std::size_t count = 0;
    for (const store::GroupRow& row : ledger.tables().groups.all())
        count += is_feed(row.name) && !end_if_unfollowed(ledger, row.name);
    return count;
}

// It alone posts there.
void open_feed(Ledger& ledger, const std::string& feed) {
    store::GroupRow row;
    row.name = feed;
    row.mode = store::GroupMode::Closed;
    row.created_ms = ledger.now();
    ledger.tables().groups.put(row);
    store::MemberRow author;
    author.group = feed;
    author.address = account_of_feed(feed);
    author.moderator = true;
    author.since_ms = ledger.now();
    ledger.tables().groups.put_member(author);
    ledger.effects().people_changed = true;
}

}  // namespace

bool is_feed(const std::string& group) { return group.find('@') != std::string::npos; }

Address account_of_feed(const std::string& group) {
    const auto account = parse_address(std::string(kFeedScheme) + ':' + group);
    return is_feed(group) && account.ok() ? *account : Address{};
}

std::string feed_name(const Box& box, const std::string& typed) {
    const Address account = account_of_feed(plain(typed));
    if (account.empty() || account.domain().find('.') == std::string_view::npos) return {};
    if (box.router.ours(account) || box.router.network_of(account).empty()) return {};
    return account.value;
}

std::string feed_like(Ledger& ledger, const Address& who, const std::string& typed) {
    const std::string name = plain(typed);
    std::string found;
    for (const std::string& each : ledger.tables().groups.groups_of(who)) {
        if (each == name) return each;
        if (!is_feed(each) || each.substr(0, each.find('@')) != name) continue;
        if (!found.empty()) return {};
        found = each;
    }
    return found;
}

std::optional<Joined> follow(Ledger& ledger, const std::string& feed, const Address& who,
                             bool digest) {
    if (!ledger.tables().groups.find(feed)) {
        if (count_feeds(ledger) >= kMostFeeds) return std::nullopt;
        open_feed(ledger, feed);
    }
    return join_group(ledger, feed, who, digest);
}

bool unfollow(Ledger& ledger, const std::string& feed, const Address& who) {
    if (!leave_group(ledger, feed, who)) return false;
    end_if_unfollowed(ledger, feed);
    return true;
}

std::vector<Address> move_feed(Ledger& ledger, const std::string& from, const std::string& to) {
    auto& groups = ledger.tables().groups;
    std::vector<Address> moved;
    if (from == to || !is_feed(to) || !groups.find(from)) return moved;
    if (!groups.find(to)) open_feed(ledger, to);
    for (std::string after;;) {
        const auto members = groups.members(from, after, kAtOnce);
        for (store::MemberRow member : members) {
            if (member.address == account_of_feed(from)) continue;
            member.group = to;
            if (!groups.member(to, member.address)) groups.put_member(member);
            move_waiting(ledger, from, member);
            moved.push_back(member.address);
        }
        if (members.size() < static_cast<std::size_t>(kAtOnce)) break;
        after = members.back().address.uri();
    }
    groups.remove(from);
    ledger.effects().people_changed = true;
    return moved;
}

}  // namespace waypost
