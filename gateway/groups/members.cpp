// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/members.h"

#include "gateway/custody/neighbour_mail.h"

namespace waypost {
namespace {

constexpr char kChanges[] = "group-changes";  // use

}  // namespace

Joined join_group(Ledger& ledger, const std::string& group, const Address& who, bool digest) {
    auto& groups = ledger.tables().groups;
    if (auto member = groups.member(group, who)) {
        const bool same = member->digest == digest;
        member->digest = digest;
        if (!same) groups.put_member(*member);
        return same ? Joined::Already : Joined::Now;
    }
    if (groups.member_count(group) >= ledger.box().settings->groups.most_members)
        return Joined::Full;
    store::MemberRow row;
    row.group = group;
    row.address = who;
    row.digest = digest;
    row.since_ms = ledger.now();
    groups.put_member(row);
    return Joined::Now;
}

bool leave_group(Ledger& ledger, const std::string& group, const Address& who) {
    ledger.tables().posts.end_waiting(group, who);
    return ledger.tables().groups.remove_member(group, who);
}

bool may_change_today(Ledger& ledger, const std::string& owner) {
    auto& state = ledger.tables().state;
    if (state.used(owner, ledger.box().day(), kChanges) >= kChangesPerDay) return false;
    state.use(owner, ledger.box().day(), kChanges);
    return true;
}

Result<Address> member_address(const Box& box, const std::string& who) {
    const auto people = box.directory.get();
    if (people->find(who) != nullptr) return person(who);
    const auto address = parse_address(who);
    if (!address.ok()) return bad_input(who + " is no person here and no mail address");
    const Route route = box.router.route(*address, *people);
    if (route.kind == Route::Kind::Person) return person(route.owner);
    if (box.router.is_public(*address)) return *address;  // the group's posts are published
    const bool outside = route.kind == Route::Kind::Outside && !address->domain().empty();
    if (outside && !is_door(box.neighbours, *address)) return *address;
    return bad_input(who + " is no person here and no mail address outside");
}

}  // namespace waypost
