// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/held_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

}  // namespace

// The conditions repeat those of the partial indexes word for word: SQLite uses one only then.
struct HeldTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : note(s, "UPDATE deliveries SET held_from = ?, unasked = ? WHERE id = ?"),
          from(s,
               "SELECT id FROM deliveries WHERE state = 0 AND owner = ? AND held_from = ?"
               " AND detail = '' ORDER BY id"),
          to_anybody(s, "SELECT id FROM deliveries WHERE state = 0 AND held_from = ? ORDER BY id"),
          not_told(s,
                   "SELECT id, message, item, held_from FROM deliveries"
                   " WHERE state = 0 AND unasked = 1 AND owner = ? AND detail = ''"
                   " ORDER BY id LIMIT ?"),
          set_told(s,
                   "UPDATE deliveries SET unasked = 2"
                   " WHERE state = 0 AND unasked = 1 AND owner = ? AND detail = ''"),
          next_not_told(s,
                        "SELECT owner FROM deliveries WHERE state = 0 AND unasked = 1"
                        " AND owner > ? AND detail = '' ORDER BY owner LIMIT 1"),
          count(s,
                "SELECT COUNT(*) FROM deliveries WHERE state = 0 AND unasked > 0 AND owner = ?"
                " AND detail = ''"),
          oldest(s,
                 "SELECT id FROM deliveries WHERE state = 0 AND unasked > 0 AND owner = ?"
                 " AND detail = '' ORDER BY id LIMIT 1") {}
    Prepared<Params<Text, int, I64>> note;
    Prepared<Params<Text, Text>, Row<I64>> from;
    Prepared<Params<Text>, Row<I64>> to_anybody;
    Prepared<Params<Text, int>, Row<I64, I64, int, Text>> not_told;
    Prepared<Params<Text>> set_told;
    Prepared<Params<Text>, Row<Text>> next_not_told;
    Prepared<Params<Text>, Row<I64>> count;
    Prepared<Params<Text>, Row<I64>> oldest;
};

HeldTable::HeldTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
HeldTable::~HeldTable() = default;

void HeldTable::note(DeliveryId delivery, const std::string& from_uri, Asked asked) {
    s_->note.run(from_uri, static_cast<int>(asked), delivery);
}

std::vector<DeliveryId> HeldTable::from(const std::string& owner, const std::string& from_uri) {
    return values_of(s_->from.all(owner, from_uri));
}

std::vector<DeliveryId> HeldTable::from_to_anybody(const std::string& from_uri) {
    return values_of(s_->to_anybody.all(from_uri));
}

std::vector<HeldRow> HeldTable::not_told(const std::string& owner, int most) {
    std::vector<HeldRow> rows;
    for (auto& [id, message, item, from] : s_->not_told.all(owner, most))
        rows.push_back({id, message, item, std::move(from)});
    return rows;
}

void HeldTable::set_told(const std::string& owner) { s_->set_told.run(owner); }

std::optional<std::string> HeldTable::next_not_told(const std::string& after) {
    return value_of(s_->next_not_told.one(after));
}

std::int64_t HeldTable::count_unasked(const std::string& owner) {
    return value_of(s_->count.one(owner)).value_or(0);
}

std::optional<DeliveryId> HeldTable::oldest_unasked(const std::string& owner) {
    return value_of(s_->oldest.one(owner));
}

}  // namespace waypost::store
