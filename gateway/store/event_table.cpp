// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/tables.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

namespace {
constexpr int kNotKnown = -1;  // privacy, also of what the release before writes
}

struct EventTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : add(s,
              "INSERT INTO events (message, id, delivery, at, kind, proof, transport, code, detail,"
              " privacy)"
              " SELECT CAST(? AS BIGINT), COALESCE(MAX(id), 0) + 1, CAST(? AS BIGINT),"
              " CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS INTEGER), CAST(? AS TEXT),"
              " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS INTEGER) FROM events"
              " WHERE message = ?"),
          of_message(s,
                     "SELECT message, delivery, at, kind, proof, transport, code, detail, privacy"
                     " FROM events WHERE message = ? ORDER BY id"),
          forget(s, "UPDATE events SET detail = '' WHERE message = ?") {}
    Prepared<Params<I64, I64, I64, Text, int, Text, Text, Text, int, I64>> add;
    Prepared<Params<I64>, Row<I64, I64, I64, Text, int, Text, Text, Text, int>> of_message;
    Prepared<Params<I64>> forget;
};

EventTable::EventTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
EventTable::~EventTable() = default;

void EventTable::add(const EventRow& row) {
    s_->add.run(row.message, row.delivery, row.at_ms, row.kind, static_cast<int>(row.proof),
                row.transport, row.code, row.detail,
                row.privacy ? static_cast<int>(*row.privacy) : kNotKnown, row.message);
}

std::vector<EventRow> EventTable::of_message(MessageId message) {
    std::vector<EventRow> rows;
    for (auto& [id, delivery, at, kind, proof, transport, code, detail, privacy] :
         s_->of_message.all(message)) {
        EventRow& row = rows.emplace_back(EventRow{
            id, delivery, at, kind, static_cast<ProofClass>(proof), transport, code, detail});
        if (privacy != kNotKnown) row.privacy = static_cast<Privacy>(privacy);
    }
    return rows;
}

void EventTable::forget_names(MessageId message) { s_->forget.run(message); }

}  // namespace waypost::store
