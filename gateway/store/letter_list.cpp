// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/letter_list.h"

#include <algorithm>
#include <limits>

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using Columns = Row<I64, int, Text, Text, Text, Text, Text, Text, Text, Text, int, I64, I64>;

constexpr char kColumns[] =
    "SELECT m.id, m.kind, m.network, m.transport, m.sender, m.owner, m.from_name, m.subject,"
    " m.text, m.attachments, m.privacy, m.created, m.body_size ";
constexpr char kShown[] = " AND m.kind IN (0, 3) ";  // letters and alarms

I64 below(MessageId before) { return before > 0 ? before : std::numeric_limits<I64>::max(); }

LetterRow row_of(Columns& c) {
    LetterRow row;
    row.id = std::get<0>(c);
    row.kind = static_cast<Kind>(std::get<1>(c));
    row.network = std::move(std::get<2>(c));
    row.transport = std::move(std::get<3>(c));
    row.from = address_of(std::get<4>(c));
    row.owner = std::move(std::get<5>(c));
    row.from_name = std::move(std::get<6>(c));
    row.subject = std::move(std::get<7>(c));
    row.text = std::move(std::get<8>(c));
    row.attachments = !std::get<9>(c).empty();
    row.privacy = static_cast<Privacy>(std::get<10>(c));
    row.created_ms = std::get<11>(c);
    row.bytes = std::max<I64>(std::get<12>(c), static_cast<I64>(row.text.size()));
    return row;
}

// A letter with several deliveries of one person comes several times in a row.
std::vector<LetterRow> rows_of(std::vector<Columns> all) {
    std::vector<LetterRow> rows;
    for (Columns& each : all) {
        if (rows.empty() || rows.back().id != std::get<0>(each)) rows.push_back(row_of(each));
    }
    return rows;
}

}  // namespace

struct LetterList::Statements {
    explicit Statements(Poco::Data::Session& s)
        : written(s, Text(kColumns) +
                         "FROM messages m WHERE m.owner = ? AND m.owner <> '' AND m.id < ?" +
                         kShown + "ORDER BY m.id DESC LIMIT ?"),
          came(s, Text(kColumns) +
                      "FROM deliveries d JOIN messages m ON m.id = d.message"
                      " WHERE d.owner = ? AND d.owner <> '' AND d.message < ? AND m.owner <> ?" +
                      kShown + "ORDER BY d.message DESC LIMIT ?"),
          all(s, Text(kColumns) + "FROM messages m WHERE m.id < ?" + kShown +
                     "ORDER BY m.id DESC LIMIT ?") {}
    Prepared<Params<Text, I64, int>, Columns> written;
    Prepared<Params<Text, I64, Text, int>, Columns> came;
    Prepared<Params<I64, int>, Columns> all;
};

LetterList::LetterList(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
LetterList::~LetterList() = default;

std::vector<LetterRow> LetterList::written_by(const std::string& owner, MessageId before,
                                              int most) {
    return rows_of(s_->written.all(owner, below(before), most));
}

std::vector<LetterRow> LetterList::that_came_for(const std::string& owner, MessageId before,
                                                 int most) {
    return rows_of(s_->came.all(owner, below(before), owner, most));
}

std::vector<LetterRow> LetterList::all(MessageId before, int most) {
    return rows_of(s_->all.all(below(before), most));
}

}  // namespace waypost::store
