// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/post_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using PostColumns = Row<I64, Text, Text, Text, Text, int, Text, I64>;

PostRow row_of(PostColumns& c) {
    return {std::get<0>(c), std::get<1>(c), address_of(std::get<2>(c)),
            std::get<3>(c), std::get<4>(c), static_cast<PostState>(std::get<5>(c)),
            std::get<6>(c), std::get<7>(c)};
}

std::vector<PostRow> rows_of(std::vector<PostColumns> found) {
    std::vector<PostRow> rows;
    for (PostColumns& columns : found) rows.push_back(row_of(columns));
    return rows;
}

Text select(const char* rest) {
    return Text(
               "SELECT message, group_name, author, origin, lists, state, cursor, at"
               " FROM group_posts WHERE ") +
           rest;
}

}  // namespace

struct PostTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : insert(s,
                 "INSERT INTO group_posts (message, group_name, author, origin, lists, state,"
                 " cursor, at) VALUES (?,?,?,?,?,?,?,?)"),
          update(s,
                 "UPDATE group_posts SET state = ?, cursor = ?"
                 " WHERE message = ? AND group_name = ?"),
          find(s, select("message = ? AND group_name = ?")),
          by_origin(s, select("group_name = ? AND origin = ? LIMIT 1")),
          of_message(s, select("message = ? ORDER BY group_name")),
          newest(s, select("group_name = ? AND state BETWEEN ? AND ?"
                           " ORDER BY message DESC LIMIT ?")),
          passing(s, select("state = 1 ORDER BY message LIMIT 1")),
          unseen(s, select("state = 0 AND at < ? ORDER BY at LIMIT ?")),
          forget(s, "DELETE FROM group_posts WHERE message = ?"),
          close_group(s, "UPDATE group_posts SET state = 3 WHERE group_name = ?"),
          wait(s,
               "INSERT INTO group_waiting (member, group_name, message, since)"
               " VALUES (?,?,?,?)"),
          digests(s,
                  "SELECT member, group_name, MIN(since), COUNT(*) FROM group_waiting"
                  " WHERE member > ? OR (member = ? AND group_name > ?)"
                  " GROUP BY member, group_name ORDER BY member, group_name LIMIT ?"),
          waiting_for(s,
                      "SELECT message FROM group_waiting WHERE member = ? AND group_name = ?"
                      " ORDER BY message"),
          end_waiting(s, "DELETE FROM group_waiting WHERE member = ? AND group_name = ?"),
          forget_member(s, "DELETE FROM group_waiting WHERE member = ?"),
          forget_message(s, "DELETE FROM group_waiting WHERE message = ?"),
          forget_waiting_of(s, "DELETE FROM group_waiting WHERE group_name = ?") {}
    Prepared<Params<I64, Text, Text, Text, Text, int, Text, I64>> insert;
    Prepared<Params<int, Text, I64, Text>> update;
    Prepared<Params<I64, Text>, PostColumns> find;
    Prepared<Params<Text, Text>, PostColumns> by_origin;
    Prepared<Params<I64>, PostColumns> of_message;
    Prepared<Params<Text, int, int, int>, PostColumns> newest;
    Prepared<Params<>, PostColumns> passing;
    Prepared<Params<I64, int>, PostColumns> unseen;
    Prepared<Params<I64>> forget;
    Prepared<Params<Text>> close_group;
    Prepared<Params<Text, Text, I64, I64>> wait;
    Prepared<Params<Text, Text, Text, int>, Row<Text, Text, I64, I64>> digests;
    Prepared<Params<Text, Text>, Row<I64>> waiting_for;
    Prepared<Params<Text, Text>> end_waiting;
    Prepared<Params<Text>> forget_member;
    Prepared<Params<I64>> forget_message;
    Prepared<Params<Text>> forget_waiting_of;
};

PostTable::PostTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
PostTable::~PostTable() = default;

void PostTable::insert(const PostRow& row) {
    s_->insert.run(row.message, row.group, row.author.uri(), row.origin, row.lists,
                   static_cast<int>(row.state), row.cursor, row.at_ms);
}

void PostTable::update(const PostRow& row) {
    s_->update.run(static_cast<int>(row.state), row.cursor, row.message, row.group);
}

std::optional<PostRow> PostTable::find(MessageId message, const std::string& group) {
    auto found = s_->find.one(message, group);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::optional<PostRow> PostTable::by_origin(const std::string& group, const std::string& origin) {
    auto found = s_->by_origin.one(group, origin);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<PostRow> PostTable::of_message(MessageId message) {
    return rows_of(s_->of_message.all(message));
}

std::vector<PostRow> PostTable::newest(const std::string& group, bool waiting, int most) {
    const int first = static_cast<int>(waiting ? PostState::Waiting : PostState::Passing);
    const int last = static_cast<int>(waiting ? PostState::Waiting : PostState::Passed);
    return rows_of(s_->newest.all(group, first, last, most));
}

std::optional<PostRow> PostTable::next_passing() {
    auto found = s_->passing.one();
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<PostRow> PostTable::unseen(Ms before, int most) {
    return rows_of(s_->unseen.all(before, most));
}

void PostTable::forget(MessageId message) {
    s_->forget.run(message);
    s_->forget_message.run(message);
}

void PostTable::close_group(const std::string& group) {
    s_->close_group.run(group);
    s_->forget_waiting_of.run(group);
}

void PostTable::wait_for_digest(const std::string& group, const Address& member, MessageId message,
                                Ms box_now) {
    s_->wait.run(member.uri(), group, message, box_now);
}

std::vector<DigestRow> PostTable::digests(const DigestRow& after, int most) {
    const Text member = uri_of(after.member);
    std::vector<DigestRow> rows;
    for (auto& [uri, group, since, count] : s_->digests.all(member, member, after.group, most))
        rows.push_back({group, address_of(uri), since, count});
    return rows;
}

std::vector<MessageId> PostTable::waiting_for(const std::string& group, const Address& member) {
    return values_of(s_->waiting_for.all(member.uri(), group));
}

void PostTable::end_waiting(const std::string& group, const Address& member) {
    s_->end_waiting.run(member.uri(), group);
}

void PostTable::forget_waiting(const Address& member) { s_->forget_member.run(member.uri()); }

}  // namespace waypost::store
