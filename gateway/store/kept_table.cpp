// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

struct KeptTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : total(s, "SELECT bytes FROM kept_totals WHERE owner = ?"),
          insert(s, "INSERT INTO kept (owner, message, bytes, asked) VALUES (?,?,?,?)"),
          find(s, "SELECT bytes FROM kept WHERE owner = ? AND message = ?"),
          erase(s, "DELETE FROM kept WHERE owner = ? AND message = ?"),
          of_message(s, "SELECT owner, bytes FROM kept WHERE message = ?"),
          first_total(s, "INSERT INTO kept_totals (owner, bytes) VALUES (?,?)"),
          change_total(s, "UPDATE kept_totals SET bytes = bytes + ? WHERE owner = ?"),
          ended(s,
                "SELECT k.message, k.bytes FROM kept k JOIN messages m ON m.id = k.message"
                " WHERE k.owner = ? AND k.message > ? AND m.ended > 0"
                " ORDER BY k.message LIMIT ?"),
          unasked(s,
                  "SELECT DISTINCT k.message, k.bytes FROM kept k"
                  " JOIN deliveries d ON d.message = k.message AND d.owner = k.owner"
                  " WHERE k.owner = ? AND k.message > ? AND k.asked = 0 AND d.state = 0"
                  " ORDER BY k.message LIMIT ?") {}
    Prepared<Params<Text>, Row<I64>> total;
    Prepared<Params<Text, I64, I64, int>> insert;
    Prepared<Params<Text, I64>, Row<I64>> find;
    Prepared<Params<Text, I64>> erase;
    Prepared<Params<I64>, Row<Text, I64>> of_message;
    Prepared<Params<Text, I64>> first_total;
    Prepared<Params<I64, Text>> change_total;
    Prepared<Params<Text, I64, int>, Row<I64, I64>> ended;
    Prepared<Params<Text, I64, int>, Row<I64, I64>> unasked;
};

KeptTable::KeptTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
KeptTable::~KeptTable() = default;

void KeptTable::count(const std::string& owner, I64 bytes) {
    if (s_->change_total.run(bytes, owner) == 0) s_->first_total.run(owner, bytes);
}

I64 KeptTable::total(const std::string& owner) {
    return value_of(s_->total.one(owner)).value_or(0);
}

void KeptTable::add(const std::string& owner, MessageId message, I64 bytes, bool asked) {
    s_->insert.run(owner, message, bytes, asked ? 1 : 0);
    count(owner, bytes);
}

void KeptTable::remove(const std::string& owner, MessageId message) {
    const auto found = s_->find.one(owner, message);
    if (!found) return;
    s_->erase.run(owner, message);
    count(owner, -std::get<0>(*found));
}

bool KeptTable::has(MessageId message) { return !s_->of_message.all(message).empty(); }

void KeptTable::forget(MessageId message) {
    for (const auto& [owner, bytes] : s_->of_message.all(message)) remove(owner, message);
}

std::vector<KeptRow> KeptTable::oldest(const std::string& owner, Droppable which, MessageId after,
                                       int most) {
    std::vector<KeptRow> rows;
    auto& pick = which == Droppable::Ended ? s_->ended : s_->unasked;
    for (const auto& [message, bytes] : pick.all(owner, after, most))
        rows.push_back({message, bytes});
    return rows;
}

}  // namespace waypost::store
