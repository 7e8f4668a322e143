// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/owed_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/records.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

}  // namespace

struct OwedTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : add(s,
              "INSERT INTO owed (owner, message, at)"
              " SELECT owner, id, CAST(? AS BIGINT) FROM messages"
              " WHERE id = ? AND network = ? AND kind = 0 AND owner <> ''"
              " ON CONFLICT (owner, message) DO UPDATE SET at = excluded.at"),
          newest(s,
                 "SELECT message FROM owed WHERE owner = ? ORDER BY at DESC, message DESC LIMIT ?"),
          erase(s, "DELETE FROM owed WHERE owner = ? AND message = ?"),
          forget(s, "DELETE FROM owed WHERE message = ?") {}
    Prepared<Params<I64, I64, Text>> add;
    Prepared<Params<Text, int>, Row<I64>> newest;
    Prepared<Params<Text, I64>> erase;
    Prepared<Params<I64>> forget;
};

OwedTable::OwedTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
OwedTable::~OwedTable() = default;

void OwedTable::add(MessageId message, const std::string& network, I64 at_ms) {
    s_->add.run(at_ms, message, network);
}

std::vector<MessageId> OwedTable::newest(const std::string& owner, int most) {
    return values_of(s_->newest.all(owner, most));
}

void OwedTable::erase(const std::string& owner, MessageId message) {
    s_->erase.run(owner, message);
}

void OwedTable::forget(MessageId message) { s_->forget.run(message); }

}  // namespace waypost::store
