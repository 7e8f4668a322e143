// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/check_in_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using Columns = Row<Text, Text, Text, I64, I64, I64, I64, int, int>;

// One URI a line.
Text joined(const std::vector<Address>& addresses) {
    Text all;
    for (const Address& each : addresses) all += each.uri() + '\n';
    return all;
}

std::vector<Address> split(const Text& all) {
    std::vector<Address> addresses;
    for (std::size_t from = 0; from < all.size();) {
        const std::size_t end = std::min(all.find('\n', from), all.size());
        const Address each = address_of(all.substr(from, end - from));
        if (!each.empty()) addresses.push_back(each);
        from = end + 1;
    }
    return addresses;
}

CheckInRow row_of(Columns& c) {
    return {std::get<0>(c),        address_of(std::get<1>(c)),
            split(std::get<2>(c)), std::get<3>(c),
            std::get<4>(c),        std::get<5>(c),
            std::get<6>(c),        std::get<7>(c) != 0,
            std::get<8>(c)};
}

std::vector<CheckInRow> rows_of(std::vector<Columns> found) {
    std::vector<CheckInRow> rows;
    for (Columns& columns : found) rows.push_back(row_of(columns));
    return rows;
}

constexpr char kColumns[] = "owner, radio, contacts, after, heard, ends, due, asked, told";

Text select(const char* rest) { return Text("SELECT ") + kColumns + " FROM check_ins " + rest; }

}  // namespace

struct CheckInTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : drop(s, "DELETE FROM check_ins WHERE owner = ?"),
          put(s, Text("INSERT INTO check_ins (") + kColumns + ") VALUES (?,?,?,?,?,?,?,?,?)"),
          find(s, select("WHERE owner = ?")),
          list(s, select("ORDER BY owner")),
          due(s, select("WHERE due > 0 AND due <= ? ORDER BY due LIMIT ?")),
          next_due(s, "SELECT due FROM check_ins WHERE due > 0 ORDER BY due LIMIT 1") {}
    Prepared<Params<Text>> drop;
    Prepared<Params<Text, Text, Text, I64, I64, I64, I64, int, int>> put;
    Prepared<Params<Text>, Columns> find;
    Prepared<Params<>, Columns> list;
    Prepared<Params<I64, int>, Columns> due;
    Prepared<Params<>, Row<I64>> next_due;
};

CheckInTable::CheckInTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
CheckInTable::~CheckInTable() = default;

void CheckInTable::put(const CheckInRow& row) {
    s_->drop.run(row.owner);
    s_->put.run(row.owner, uri_of(row.radio), joined(row.contacts), row.after_ms, row.heard_ms,
                row.end_box_ms, row.due_box_ms, row.asked ? 1 : 0, row.told);
}

bool CheckInTable::remove(const std::string& owner) { return s_->drop.run(owner) > 0; }

std::optional<CheckInRow> CheckInTable::find(const std::string& owner) {
    auto found = s_->find.one(owner);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<CheckInRow> CheckInTable::list() { return rows_of(s_->list.all()); }

std::vector<CheckInRow> CheckInTable::due(Ms box_now, int most) {
    return rows_of(s_->due.all(box_now, most));
}

std::optional<Ms> CheckInTable::next_due() { return value_of(s_->next_due.one()); }

}  // namespace waypost::store
