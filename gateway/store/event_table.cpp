// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

namespace {
constexpr int kNotKnown = -1;             // privacy, also of what the release before writes
constexpr std::size_t kMostKnown = 4096;  // messages; after that it begins anew
}  // namespace

struct EventTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : add(s,
              "INSERT INTO events (message, id, delivery, at, kind, proof, transport, code, detail,"
              " privacy) VALUES (?,?,?,?,?,?,?,?,?,?)"),
          last(s, "SELECT COALESCE(MAX(id), 0) FROM events WHERE message = ?"),
          of_message(s,
                     "SELECT message, delivery, at, kind, proof, transport, code, detail, privacy"
                     " FROM events WHERE message = ? ORDER BY id"),
          forget(s, "UPDATE events SET detail = '' WHERE message = ?") {}
    Prepared<Params<I64, I64, I64, I64, Text, int, Text, Text, Text, int>> add;
    Prepared<Params<I64>, Row<I64>> last;
    Prepared<Params<I64>, Row<I64, I64, I64, Text, int, Text, Text, Text, int>> of_message;
    Prepared<Params<I64>> forget;

    // The last event's number of messages that something happens to now. As a statement it goes
    // with a transaction that fails; only the writer adds events, or says that others_wrote().
    std::unordered_map<MessageId, I64> known;

    I64 next(MessageId message) {
        if (const auto found = known.find(message); found != known.end()) return ++found->second;
        if (known.size() >= kMostKnown) known.clear();
        const auto highest = last.one(message);
        return known[message] = (highest ? std::get<0>(*highest) : 0) + 1;
    }
};

EventTable::EventTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
EventTable::~EventTable() = default;

void EventTable::others_wrote() { s_->known.clear(); }

void EventTable::add(const EventRow& row) {
    s_->add.run(row.message, s_->next(row.message), row.delivery, row.at_ms, row.kind,
                static_cast<int>(row.proof), row.transport, row.code, row.detail,
                row.privacy ? static_cast<int>(*row.privacy) : kNotKnown);
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
