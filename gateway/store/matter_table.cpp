// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/matter_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;
using MatterColumns = Row<I64, int, Text, Text, I64, Text, Text, Text>;

namespace {

// Handles have no spaces.
Text joined(const std::vector<Text>& handles) {
    Text all;
    for (const Text& each : handles) all += (all.empty() ? "" : " ") + each;
    return all;
}

std::vector<Text> apart(const Text& all) {
    std::vector<Text> handles;
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t end = std::min(all.find(' ', from), all.size());
        handles.push_back(all.substr(from, end - from));
        from = end + 1;
    }
    return handles;
}

MatterRow row_of(MatterColumns& c) {
    MatterRow row;
    row.message = std::get<0>(c);
    row.kind = static_cast<MatterRow::Kind>(std::get<1>(c));
    row.handle = std::get<2>(c);
    row.radio = address_of(std::get<3>(c));
    row.due_box_ms = std::get<4>(c);
    row.vouched = apart(std::get<5>(c));
    if (row.kind == MatterRow::Kind::Key) row.handle = std::get<6>(c);
    row.new_key = std::get<7>(c);
    return row;
}

Text select(const char* rest) {
    return Text(
               "SELECT message, kind, handle, radio, due_box, vouched, whose, new_key FROM "
               "matters ") +
           rest;
}

}  // namespace

struct MatterTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : find(s, select("WHERE message = ?")),
          of_handle(s, select("WHERE handle = ?")),
          of_radio(s, select("WHERE radio = ?")),
          due(s, select("WHERE due_box > 0 AND due_box <= ? ORDER BY message")),
          all(s, select("ORDER BY message")),
          count(s, "SELECT COUNT(*) FROM matters WHERE kind = ?"),
          put(s,
              "INSERT INTO matters (message, kind, handle, radio, due_box, vouched, whose, new_key)"
              " VALUES (?,?,?,?,?,?,?,?)"),
          erase(s, "DELETE FROM matters WHERE message = ?") {}
    Prepared<Params<I64>, MatterColumns> find;
    Prepared<Params<Text>, MatterColumns> of_handle;
    Prepared<Params<Text>, MatterColumns> of_radio;
    Prepared<Params<I64>, MatterColumns> due;
    Prepared<Params<>, MatterColumns> all;
    Prepared<Params<int>, Row<I64>> count;
    Prepared<Params<I64, int, Text, Text, I64, Text, Text, Text>> put;
    Prepared<Params<I64>> erase;
};

MatterTable::MatterTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
MatterTable::~MatterTable() = default;

std::optional<MatterRow> MatterTable::find(MessageId message) {
    auto found = s_->find.one(message);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::optional<MatterRow> MatterTable::of_handle(const std::string& handle) {
    auto found = s_->of_handle.one(handle);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::optional<MatterRow> MatterTable::of_radio(const Address& radio) {
    auto found = s_->of_radio.one(radio.uri());
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<MatterRow> MatterTable::due(Ms box_now) {
    std::vector<MatterRow> rows;
    for (auto& columns : s_->due.all(box_now)) rows.push_back(row_of(columns));
    return rows;
}

std::vector<MatterRow> MatterTable::all() {
    std::vector<MatterRow> rows;
    for (auto& columns : s_->all.all()) rows.push_back(row_of(columns));
    return rows;
}

std::int64_t MatterTable::count(MatterRow::Kind kind) {
    return value_of(s_->count.one(static_cast<int>(kind))).value_or(0);
}

void MatterTable::put(const MatterRow& row) {
    const Text radio = row.radio.uri();
    const bool key = row.kind == MatterRow::Kind::Key;
    s_->erase.run(row.message);
    s_->put.run(row.message, static_cast<int>(row.kind), key ? radio : row.handle, radio,
                row.due_box_ms, joined(row.vouched), key ? row.handle : Text(), row.new_key);
}

void MatterTable::erase(MessageId message) { s_->erase.run(message); }

}  // namespace waypost::store
