// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/code_table.h"

#include "gateway/store/prepared.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;
using CodeColumns = Row<Text, Text, I64, I64>;

namespace {

CodeRow row_of(CodeColumns& c) {
    return {std::get<0>(c), std::get<1>(c), std::get<2>(c), std::get<3>(c)};
}

}  // namespace

struct CodeTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : find(s, "SELECT handle, hash, until_box, message FROM codes WHERE handle = ?"),
          put(s, "INSERT INTO codes (handle, hash, until_box, message) VALUES (?,?,?,?)"),
          erase(s, "DELETE FROM codes WHERE handle = ?"),
          over(s, "SELECT handle, hash, until_box, message FROM codes WHERE until_box <= ?") {}
    Prepared<Params<Text>, CodeColumns> find;
    Prepared<Params<Text, Text, I64, I64>> put;
    Prepared<Params<Text>> erase;
    Prepared<Params<I64>, CodeColumns> over;
};

CodeTable::CodeTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
CodeTable::~CodeTable() = default;

std::optional<CodeRow> CodeTable::find(const std::string& handle) {
    auto found = s_->find.one(handle);
    if (!found) return std::nullopt;
    return row_of(*found);
}

void CodeTable::put(const CodeRow& row) {
    s_->erase.run(row.handle);
    s_->put.run(row.handle, row.hash, row.until_box_ms, row.message);
}

void CodeTable::erase(const std::string& handle) { s_->erase.run(handle); }

std::vector<CodeRow> CodeTable::over(Ms box_now) {
    std::vector<CodeRow> rows;
    for (auto& columns : s_->over.all(box_now)) rows.push_back(row_of(columns));
    return rows;
}

}  // namespace waypost::store
