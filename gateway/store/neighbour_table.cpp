// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/neighbour_table.h"

#include "gateway/store/prepared.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

struct NeighbourTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : get(s,
              "SELECT heard, problem, problem_at, alarm, alarm_at, hour, told FROM neighbours"
              " WHERE name = ?"),
          update(s,
                 "UPDATE neighbours SET heard = ?, problem = ?, problem_at = ?, alarm = ?,"
                 " alarm_at = ?, hour = ?, told = ? WHERE name = ?"),
          insert(s,
                 "INSERT INTO neighbours (heard, problem, problem_at, alarm, alarm_at, hour, told,"
                 " name) VALUES (?,?,?,?,?,?,?,?)") {}
    Prepared<Params<Text>, Row<I64, Text, I64, I64, I64, I64, int>> get;
    Prepared<Params<I64, Text, I64, I64, I64, I64, int, Text>> update;
    Prepared<Params<I64, Text, I64, I64, I64, I64, int, Text>> insert;
};

NeighbourTable::NeighbourTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
NeighbourTable::~NeighbourTable() = default;

NeighbourRow NeighbourTable::get(const std::string& name) {
    NeighbourRow row;
    row.name = name;
    if (const auto found = s_->get.one(name)) {
        std::tie(row.heard_ms, row.problem, row.problem_ms, row.alarm, row.alarm_ms, row.hour,
                 row.told) = *found;
    }
    return row;
}

void NeighbourTable::put(const NeighbourRow& r) {
    const std::size_t known = s_->update.run(r.heard_ms, r.problem, r.problem_ms, r.alarm,
                                             r.alarm_ms, r.hour, r.told, r.name);
    if (known == 0)
        s_->insert.run(r.heard_ms, r.problem, r.problem_ms, r.alarm, r.alarm_ms, r.hour, r.told,
                       r.name);
}

}  // namespace waypost::store
