// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/forgotten_table.h"

#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/store/prepared.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;
using ForgottenColumns = Row<Text, I64, int>;

std::string forgotten_hash(const std::string& handle) { return short_hash("forgotten " + handle); }

struct ForgottenTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : find(s, "SELECT hash, at, passed_on FROM forgotten WHERE hash = ?"),
          all(s, "SELECT hash, at, passed_on FROM forgotten ORDER BY hash"),
          erase(s, "DELETE FROM forgotten WHERE hash = ?"),
          put(s, "INSERT INTO forgotten (hash, at, passed_on) VALUES (?,?,?)") {}
    Prepared<Params<Text>, ForgottenColumns> find;
    Prepared<Params<>, ForgottenColumns> all;
    Prepared<Params<Text>> erase;
    Prepared<Params<Text, I64, int>> put;
};

ForgottenTable::ForgottenTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
ForgottenTable::~ForgottenTable() = default;

void ForgottenTable::put(const ForgottenRow& row) {
    const auto known = find(row.hash);
    const Ms at = known ? std::max(known->at_ms, row.at_ms) : row.at_ms;
    s_->erase.run(row.hash);
    s_->put.run(row.hash, at, row.passed_on ? 1 : 0);
}

std::optional<ForgottenRow> ForgottenTable::find(const std::string& hash) {
    const auto found = s_->find.one(hash);
    if (!found) return std::nullopt;
    return ForgottenRow{std::get<0>(*found), std::get<1>(*found), std::get<2>(*found) != 0};
}

std::vector<ForgottenRow> ForgottenTable::all() {
    std::vector<ForgottenRow> rows;
    for (const auto& [hash, at, passed_on] : s_->all.all())
        rows.push_back({hash, at, passed_on != 0});
    return rows;
}

}  // namespace waypost::store
