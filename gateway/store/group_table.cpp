// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/group_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using GroupColumns = Row<Text, Text, int, int, I64>;
using MemberColumns = Row<Text, Text, int, int, int, I64, I64, I64>;

GroupRow row_of(GroupColumns& c) {
    return {std::get<0>(c), std::get<1>(c), static_cast<GroupMode>(std::get<2>(c)),
            static_cast<Posters>(std::get<3>(c)), std::get<4>(c)};
}

MemberRow row_of(MemberColumns& c) {
    return {std::get<0>(c),      address_of(std::get<1>(c)),
            std::get<2>(c) != 0, std::get<3>(c) != 0,
            std::get<4>(c),      std::get<5>(c),
            std::get<6>(c),      std::get<7>(c)};
}

Text select_group(const char* rest) {
    return Text("SELECT name, title, mode, posters, created FROM groups_of_people ") + rest;
}

Text select_member(const char* rest) {
    return Text(
               "SELECT group_name, member, moderator, digest, failures, failed, digested, since"
               " FROM group_members WHERE group_name = ? ") +
           rest;
}

}  // namespace

struct GroupTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : all(s, select_group("ORDER BY name")),
          find(s, select_group("WHERE name = ?")),
          put(s,
              "INSERT INTO groups_of_people (name, title, mode, posters, created)"
              " VALUES (?,?,?,?,?)"),
          drop(s, "DELETE FROM groups_of_people WHERE name = ?"),
          member(s, select_member("AND member = ?")),
          members(s, select_member("AND member > ? ORDER BY member LIMIT ?")),
          moderators(s, select_member("AND moderator = 1 ORDER BY member")),
          groups_of(s, "SELECT group_name FROM group_members WHERE member = ? ORDER BY group_name"),
          count(s, "SELECT COUNT(*) FROM group_members WHERE group_name = ?"),
          put_member(s,
                     "INSERT INTO group_members (group_name, member, moderator, digest, failures,"
                     " failed, digested, since) VALUES (?,?,?,?,?,?,?,?)"),
          drop_member(s, "DELETE FROM group_members WHERE group_name = ? AND member = ?"),
          drop_members(s, "DELETE FROM group_members WHERE group_name = ?"),
          forget_member(s, "DELETE FROM group_members WHERE member = ?") {}
    Prepared<Params<>, GroupColumns> all;
    Prepared<Params<Text>, GroupColumns> find;
    Prepared<Params<Text, Text, int, int, I64>> put;
    Prepared<Params<Text>> drop;
    Prepared<Params<Text, Text>, MemberColumns> member;
    Prepared<Params<Text, Text, int>, MemberColumns> members;
    Prepared<Params<Text>, MemberColumns> moderators;
    Prepared<Params<Text>, Row<Text>> groups_of;
    Prepared<Params<Text>, Row<I64>> count;
    Prepared<Params<Text, Text, int, int, int, I64, I64, I64>> put_member;
    Prepared<Params<Text, Text>> drop_member;
    Prepared<Params<Text>> drop_members;
    Prepared<Params<Text>> forget_member;
};

GroupTable::GroupTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
GroupTable::~GroupTable() = default;

std::vector<GroupRow> GroupTable::all() {
    std::vector<GroupRow> rows;
    for (auto& columns : s_->all.all()) rows.push_back(row_of(columns));
    return rows;
}

std::optional<GroupRow> GroupTable::find(const std::string& name) {
    auto found = s_->find.one(name);
    if (!found) return std::nullopt;
    return row_of(*found);
}

void GroupTable::put(const GroupRow& row) {
    s_->drop.run(row.name);
    s_->put.run(row.name, row.title, static_cast<int>(row.mode), static_cast<int>(row.posters),
                row.created_ms);
}

bool GroupTable::remove(const std::string& name) {
    s_->drop_members.run(name);
    return s_->drop.run(name) > 0;
}

std::optional<MemberRow> GroupTable::member(const std::string& group, const Address& address) {
    auto found = s_->member.one(group, address.uri());
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<MemberRow> GroupTable::members(const std::string& group, const std::string& after,
                                           int most) {
    std::vector<MemberRow> rows;
    for (auto& columns : s_->members.all(group, after, most)) rows.push_back(row_of(columns));
    return rows;
}

std::vector<MemberRow> GroupTable::moderators(const std::string& group) {
    std::vector<MemberRow> rows;
    for (auto& columns : s_->moderators.all(group)) rows.push_back(row_of(columns));
    return rows;
}

std::vector<std::string> GroupTable::groups_of(const Address& address) {
    return values_of(s_->groups_of.all(address.uri()));
}

I64 GroupTable::member_count(const std::string& group) {
    return value_of(s_->count.one(group)).value_or(0);
}

void GroupTable::put_member(const MemberRow& row) {
    s_->drop_member.run(row.group, row.address.uri());
    s_->put_member.run(row.group, row.address.uri(), row.moderator ? 1 : 0, row.digest ? 1 : 0,
                       row.failures, row.failed_ms, row.digested_box_ms, row.since_ms);
}

bool GroupTable::remove_member(const std::string& group, const Address& address) {
    return s_->drop_member.run(group, address.uri()) > 0;
}

void GroupTable::forget_member(const Address& address) { s_->forget_member.run(address.uri()); }

}  // namespace waypost::store
