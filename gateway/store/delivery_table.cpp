// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

constexpr char kColumns[] =
    "id, message, owner, recipient, network, lane, state, priority, due, expires, first_try,"
    " attempts, resume, wire_id, transport, item, code, detail, created, changed, turn";

using DeliveryColumns = Row<I64, I64, Text, Text, Text, I64, int, int, I64, I64, I64, int, int,
                            Text, Text, int, Text, Text, I64, I64, Text>;

DeliveryRow row_of(DeliveryColumns& c) {
    DeliveryRow row;
    row.id = std::get<0>(c);
    row.message = std::get<1>(c);
    row.owner = std::move(std::get<2>(c));
    row.recipient = address_of(std::get<3>(c));
    row.network = std::move(std::get<4>(c));
    row.lane = std::get<5>(c);
    row.state = static_cast<State>(std::get<6>(c));
    row.priority = static_cast<Priority>(std::get<7>(c));
    row.due_box_ms = std::get<8>(c);
    row.expires_ms = std::get<9>(c);
    row.first_try_box_ms = std::get<10>(c);
    row.attempts = std::get<11>(c);
    row.resume = std::get<12>(c) != 0;
    row.wire_id = std::move(std::get<13>(c));
    row.transport = std::move(std::get<14>(c));
    row.item = std::get<15>(c);
    row.code = std::move(std::get<16>(c));
    row.detail = std::move(std::get<17>(c));
    row.created_ms = std::get<18>(c);
    row.changed_ms = std::get<19>(c);
    row.turn = std::move(std::get<20>(c));
    return row;
}

std::vector<DeliveryRow> rows_of(std::vector<DeliveryColumns> found) {
    std::vector<DeliveryRow> rows;
    rows.reserve(found.size());
    for (DeliveryColumns& columns : found) rows.push_back(row_of(columns));
    return rows;
}

Text select(const char* where) {
    return Text("SELECT ") + kColumns + " FROM deliveries WHERE " + where;
}

}  // namespace

// The conditions repeat those of the partial indexes word for word: SQLite uses one only then.
struct DeliveryTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : highest(s, "SELECT COALESCE(MAX(id), 0) FROM deliveries"),
          insert(s, Text("INSERT INTO deliveries (") + kColumns +
                        ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
          find(s, select("id = ?")),
          of_message(s, select("message = ? ORDER BY id")),
          update(s,
                 "UPDATE deliveries SET state = ?, due = ?, expires = ?, first_try = ?,"
                 " attempts = ?, resume = ?, wire_id = ?, transport = ?, item = ?, code = ?,"
                 " detail = ?, changed = ? WHERE id = ?"),
          lane_busy(s,
                    "SELECT id FROM deliveries WHERE lane = ? AND lane <> 0"
                    " AND state BETWEEN 1 AND 4 AND id <> ? LIMIT 1"),
          lane_ahead(s,
                     "SELECT id FROM deliveries WHERE lane = ? AND lane <> 0"
                     " AND state BETWEEN 1 AND 4"
                     " AND ((state IN (3, 4) AND id <> ?) OR (state = 1 AND id < ?)) LIMIT 1"),
          next_owner(s,
                     "SELECT owner FROM deliveries WHERE state = 3 AND network = ?"
                     " AND priority = ? AND owner > ? ORDER BY owner LIMIT 1"),
          ready_of(s,
                   "SELECT id FROM deliveries WHERE state = 3 AND network = ? AND priority = ?"
                   " AND owner = ? ORDER BY id LIMIT ?"),
          turns(s,
                "WITH RECURSIVE waiting(turn) AS ("
                "SELECT MIN(turn) FROM deliveries WHERE state = 3 AND lane <> 0"
                " AND network = ? AND priority = ?"
                " UNION ALL "
                "SELECT (SELECT MIN(d.turn) FROM deliveries d WHERE d.state = 3 AND d.lane <> 0"
                " AND d.network = ? AND d.priority = ? AND d.turn > w.turn)"
                " FROM waiting w WHERE w.turn IS NOT NULL)"
                " SELECT w.turn, (SELECT d.created FROM deliveries d WHERE d.state = 3"
                " AND d.lane <> 0 AND d.network = ? AND d.priority = ? AND d.turn = w.turn"
                " ORDER BY d.id LIMIT 1) FROM waiting w WHERE w.turn IS NOT NULL LIMIT ?"),
          ready_of_turn(s,
                        "SELECT id FROM deliveries WHERE state = 3 AND lane <> 0"
                        " AND network = ? AND priority = ? AND turn = ? ORDER BY id LIMIT ?"),
          lane_moving(s,
                      "SELECT id FROM deliveries WHERE lane = ? AND lane <> 0"
                      " AND state BETWEEN 1 AND 4 AND state IN (3, 4) LIMIT 1"),
          lane_next(s,
                    "SELECT id, network FROM deliveries WHERE lane = ? AND lane <> 0"
                    " AND state BETWEEN 1 AND 4 AND state = 2 ORDER BY id LIMIT 1"),
          before_in_lane(s,
                         "SELECT id FROM deliveries WHERE lane = ? AND lane <> 0"
                         " AND state BETWEEN 1 AND 4 AND id < ? ORDER BY id"),
          set_turn(s, "UPDATE deliveries SET priority = ?, turn = ? WHERE id = ?"),
          set_ready(s, "UPDATE deliveries SET state = 3 WHERE id = ?"),
          due_networks(s, "SELECT DISTINCT network FROM deliveries WHERE state = 1 AND due <= ?"),
          wake_due(s, "UPDATE deliveries SET state = 3 WHERE state = 1 AND due <= ?"),
          next_due(s, "SELECT due FROM deliveries WHERE state = 1 ORDER BY due LIMIT 1"),
          wake_recipient(s,
                         "UPDATE deliveries SET state = 3, due = ? WHERE state = 1"
                         " AND network = ? AND recipient = ? AND due > ?"
                         " AND (attempts > 0 OR code <> '') AND code <> 'quiet'"),
          end_quiet(s,
                    "UPDATE deliveries SET state = 3, due = ?, code = '', detail = ''"
                    " WHERE state = 1 AND network = ? AND recipient = ? AND code = 'quiet'"),
          deferred_to(s,
                      "SELECT DISTINCT recipient FROM deliveries WHERE state = 1 AND network = ?"),
          held_of(s, select("state = 0 AND owner = ? AND id > ? ORDER BY id LIMIT ?")),
          unfinished_to(s, select("state < 5 AND recipient = ?")),
          set_way(s, "UPDATE deliveries SET network = ?, lane = ? WHERE id = ?"),
          set_message(s, "UPDATE deliveries SET message = ? WHERE id = ?"),
          // What waits behind another of its lane counts only if that one waits for the air too.
          waits_of(s,
                   "SELECT COUNT(*), COALESCE(MIN(d.created), 0) FROM deliveries d"
                   " WHERE d.lane <> 0 AND d.state BETWEEN 1 AND 4 AND d.turn = ?"
                   " AND d.network = ? AND d.owner <> d.turn AND d.priority = 2 AND d.item <> 0"
                   " AND (d.state = 3 OR (d.state = 1 AND d.code = 'airtime')"
                   " OR (d.state = 2 AND EXISTS (SELECT 1 FROM deliveries a"
                   " WHERE a.lane = d.lane AND a.lane <> 0 AND a.state BETWEEN 1 AND 4"
                   " AND (a.state = 3 OR (a.state = 1 AND a.code = 'airtime')))))"),
          expired(s, select("state < 5 AND expires < ? ORDER BY expires LIMIT ?")),
          resume(s, "UPDATE deliveries SET state = 3, resume = 1 WHERE state = 4"),
          resume_of(s,
                    "UPDATE deliveries SET state = 3, resume = 1"
                    " WHERE state = 4 AND transport = ?"),
          unfinished(s, "SELECT id FROM deliveries WHERE message = ? AND state < 5 LIMIT 1"),
          forget(s,
                 "UPDATE deliveries SET recipient = '', detail = '', turn = '', held_from = ''"
                 " WHERE message = ?"),
          messages_of(s, "SELECT DISTINCT message FROM deliveries WHERE owner = ?"),
          disown(s,
                 "UPDATE deliveries SET owner = '', recipient = '', detail = '', turn = '',"
                 " held_from = '' WHERE message = ? AND owner = ? AND state >= 5"),
          set_item(s, "UPDATE deliveries SET item = ? WHERE id = ?"),
          list_unfinished(s, select("state < 5 AND id > ? AND (? = '' OR network = ?)"
                                    " ORDER BY id LIMIT ?")),
          list_all(s, select("id > ? AND (? = '' OR network = ?) ORDER BY id LIMIT ?")),
          list_state(s, select("state = ? AND id > ? AND (? = '' OR network = ?)"
                               " ORDER BY id LIMIT ?")),
          counts(s,
                 "SELECT network, 0, COUNT(*) FROM deliveries WHERE state = 0 GROUP BY network"
                 " UNION ALL "
                 "SELECT network, 1, COUNT(*) FROM deliveries WHERE state = 1 GROUP BY network"
                 " UNION ALL "
                 "SELECT network, 2, COUNT(*) FROM deliveries"
                 " WHERE lane <> 0 AND state BETWEEN 1 AND 4 AND state = 2 GROUP BY network"
                 " UNION ALL "
                 "SELECT network, 3, COUNT(*) FROM deliveries WHERE state = 3 GROUP BY network"
                 " UNION ALL "
                 "SELECT network, 4, COUNT(*) FROM deliveries WHERE state = 4 GROUP BY network"),
          begin(s,
                "INSERT INTO attempts (delivery, number, transport, wire_id, begun, ended, outcome)"
                " VALUES (?,?,?,?,?,0,'')"),
          end(s, "UPDATE attempts SET ended = ?, outcome = ? WHERE delivery = ? AND number = ?"),
          all_by_wire(s, "SELECT DISTINCT delivery FROM attempts WHERE wire_id = ?"),
          by_wire(
              s, "SELECT delivery FROM attempts WHERE wire_id = ? ORDER BY delivery DESC LIMIT 1") {
    }
    Prepared<Params<>, Row<I64>> highest;
    Prepared<Params<I64, I64, Text, Text, Text, I64, int, int, I64, I64, I64, int, int, Text, Text,
                    int, Text, Text, I64, I64, Text>>
        insert;
    Prepared<Params<I64>, DeliveryColumns> find;
    Prepared<Params<I64>, DeliveryColumns> of_message;
    Prepared<Params<int, I64, I64, I64, int, int, Text, Text, int, Text, Text, I64, I64>> update;
    Prepared<Params<I64, I64>, Row<I64>> lane_busy;
    Prepared<Params<I64, I64, I64>, Row<I64>> lane_ahead;
    Prepared<Params<Text, int, Text>, Row<Text>> next_owner;
    Prepared<Params<Text, int, Text, int>, Row<I64>> ready_of;
    Prepared<Params<Text, int, Text, int, Text, int, int>, Row<Text, I64>> turns;
    Prepared<Params<Text, int, Text, int>, Row<I64>> ready_of_turn;
    Prepared<Params<I64>, Row<I64>> lane_moving;
    Prepared<Params<I64>, Row<I64, Text>> lane_next;
    Prepared<Params<I64, I64>, Row<I64>> before_in_lane;
    Prepared<Params<int, Text, I64>> set_turn;
    Prepared<Params<I64>> set_ready;
    Prepared<Params<I64>, Row<Text>> due_networks;
    Prepared<Params<I64>> wake_due;
    Prepared<Params<>, Row<I64>> next_due;
    Prepared<Params<I64, Text, Text, I64>> wake_recipient;
    Prepared<Params<I64, Text, Text>> end_quiet;
    Prepared<Params<Text>, Row<Text>> deferred_to;
    Prepared<Params<Text, I64, int>, DeliveryColumns> held_of;
    Prepared<Params<Text>, DeliveryColumns> unfinished_to;
    Prepared<Params<Text, I64, I64>> set_way;
    Prepared<Params<I64, I64>> set_message;
    Prepared<Params<Text, Text>, Row<I64, I64>> waits_of;
    Prepared<Params<I64, int>, DeliveryColumns> expired;
    Prepared<Params<>> resume;
    Prepared<Params<Text>> resume_of;
    Prepared<Params<I64>, Row<I64>> unfinished;
    Prepared<Params<I64>> forget;
    Prepared<Params<Text>, Row<I64>> messages_of;
    Prepared<Params<I64, Text>> disown;
    Prepared<Params<int, I64>> set_item;
    Prepared<Params<I64, Text, Text, int>, DeliveryColumns> list_unfinished;
    Prepared<Params<I64, Text, Text, int>, DeliveryColumns> list_all;
    Prepared<Params<int, I64, Text, Text, int>, DeliveryColumns> list_state;
    Prepared<Params<>, Row<Text, int, I64>> counts;
    Prepared<Params<I64, int, Text, Text, I64>> begin;
    Prepared<Params<I64, Text, I64, int>> end;
    Prepared<Params<Text>, Row<I64>> all_by_wire;
    Prepared<Params<Text>, Row<I64>> by_wire;
};

DeliveryTable::DeliveryTable(Poco::Data::Session& session, Ids& ids)
    : s_(std::make_unique<Statements>(session)), ids_(ids) {}
DeliveryTable::~DeliveryTable() = default;

void DeliveryTable::others_wrote() { ids_.delivery = value_of(s_->highest.one()).value_or(0); }

DeliveryId DeliveryTable::insert(DeliveryRow row) {
    row.id = ++ids_.delivery;
    if (row.lane != 0 && row.state == State::Ready && s_->lane_busy.one(row.lane, row.id)) {
        row.state = State::Queued;
    }
    s_->insert.run(row.id, row.message, row.owner, row.recipient.uri(), row.network, row.lane,
                   static_cast<int>(row.state), static_cast<int>(row.priority), row.due_box_ms,
                   row.expires_ms, row.first_try_box_ms, row.attempts, row.resume ? 1 : 0,
                   row.wire_id, row.transport, row.item, row.code, row.detail, row.created_ms,
                   row.changed_ms, row.turn);
    return row.id;
}

std::optional<DeliveryRow> DeliveryTable::find(DeliveryId id) {
    auto columns = s_->find.one(id);
    if (!columns) return std::nullopt;
    return row_of(*columns);
}

std::vector<DeliveryRow> DeliveryTable::of_message(MessageId message) {
    return rows_of(s_->of_message.all(message));
}

void DeliveryTable::update(DeliveryRow& row) {
    if (row.lane != 0 && row.state == State::Ready &&
        s_->lane_ahead.one(row.lane, row.id, row.id)) {
        row.state = State::Queued;
    }
    s_->update.run(static_cast<int>(row.state), row.due_box_ms, row.expires_ms,
                   row.first_try_box_ms, row.attempts, row.resume ? 1 : 0, row.wire_id,
                   row.transport, row.item, row.code, row.detail, row.changed_ms, row.id);
}

std::optional<std::string> DeliveryTable::next_owner(const std::string& network, Priority priority,
                                                     const std::string& after) {
    return value_of(s_->next_owner.one(network, static_cast<int>(priority), after));
}

std::vector<DeliveryId> DeliveryTable::ready_of(const std::string& network, Priority priority,
                                                const std::string& owner, int most) {
    return values_of(s_->ready_of.all(network, static_cast<int>(priority), owner, most));
}

std::vector<TurnRow> DeliveryTable::turns(const std::string& network, Priority priority, int most) {
    const int p = static_cast<int>(priority);
    std::vector<TurnRow> rows;
    for (auto& [turn, since] : s_->turns.all(network, p, network, p, network, p, most))
        rows.push_back({std::move(turn), since});
    return rows;
}

std::vector<DeliveryId> DeliveryTable::ready_of_turn(const std::string& network, Priority priority,
                                                     const std::string& turn, int most) {
    return values_of(s_->ready_of_turn.all(network, static_cast<int>(priority), turn, most));
}

std::size_t DeliveryTable::end_quiet(const std::string& network, const std::string& recipient_uri,
                                     Ms box_now) {
    return s_->end_quiet.run(box_now, network, recipient_uri);
}

std::optional<std::string> DeliveryTable::advance_lane(std::int64_t lane) {
    if (lane == 0 || s_->lane_moving.one(lane)) return std::nullopt;
    const auto next = s_->lane_next.one(lane);
    if (!next) return std::nullopt;
    s_->set_ready.run(std::get<0>(*next));
    return std::get<1>(*next);
}

std::vector<DeliveryId> DeliveryTable::before_in_lane(std::int64_t lane, DeliveryId id) {
    return lane == 0 ? std::vector<DeliveryId>{} : values_of(s_->before_in_lane.all(lane, id));
}

void DeliveryTable::set_turn(DeliveryId id, Priority priority, const std::string& turn) {
    s_->set_turn.run(static_cast<int>(priority), turn, id);
}

std::vector<std::string> DeliveryTable::wake_due(Ms box_now) {
    auto networks = values_of(s_->due_networks.all(box_now));
    if (!networks.empty()) s_->wake_due.run(box_now);
    return networks;
}

std::optional<Ms> DeliveryTable::next_due() { return value_of(s_->next_due.one()); }

std::size_t DeliveryTable::wake_recipient(const std::string& network,
                                          const std::string& recipient_uri, Ms box_now) {
    return s_->wake_recipient.run(box_now, network, recipient_uri, box_now);
}

std::vector<std::string> DeliveryTable::deferred_recipients(const std::string& network) {
    return values_of(s_->deferred_to.all(network));
}

std::vector<DeliveryRow> DeliveryTable::held_of(const std::string& owner, DeliveryId after,
                                                int most) {
    return rows_of(s_->held_of.all(owner, after, most));
}

std::vector<DeliveryRow> DeliveryTable::unfinished_to(const std::string& recipient_uri) {
    return rows_of(s_->unfinished_to.all(recipient_uri));
}

void DeliveryTable::set_way(DeliveryId id, const std::string& network, std::int64_t lane) {
    s_->set_way.run(network, lane, id);
}

void DeliveryTable::set_message(DeliveryId id, MessageId message) {
    s_->set_message.run(message, id);
}

Waits DeliveryTable::waits_of(const std::string& turn, const std::string& network) {
    const auto found = s_->waits_of.one(turn, network);
    if (!found) return {};
    return {static_cast<int>(std::get<0>(*found)), std::get<1>(*found)};
}

std::vector<DeliveryRow> DeliveryTable::expired(Ms wall_now, int most) {
    return rows_of(s_->expired.all(wall_now, most));
}

std::size_t DeliveryTable::resume_sending() { return s_->resume.run(); }

std::size_t DeliveryTable::resume_sending(const std::string& transport) {
    return s_->resume_of.run(transport);
}

bool DeliveryTable::all_ended(MessageId message) { return !s_->unfinished.one(message); }

std::vector<DeliveryRow> DeliveryTable::list(std::optional<State> state, DeliveryId after, int most,
                                             const std::string& network) {
    if (!state) return rows_of(s_->list_all.all(after, network, network, most));
    return rows_of(s_->list_state.all(static_cast<int>(*state), after, network, network, most));
}

std::vector<DeliveryRow> DeliveryTable::unfinished(DeliveryId after, int most,
                                                   const std::string& network) {
    return rows_of(s_->list_unfinished.all(after, network, network, most));
}

void DeliveryTable::forget_names(MessageId message) { s_->forget.run(message); }

std::vector<MessageId> DeliveryTable::messages_of(const std::string& owner) {
    return values_of(s_->messages_of.all(owner));
}

void DeliveryTable::disown(MessageId message, const std::string& owner) {
    s_->disown.run(message, owner);
}

void DeliveryTable::set_item(DeliveryId id, int item) { s_->set_item.run(item, id); }

std::vector<Count> DeliveryTable::counts() {
    std::vector<Count> result;
    for (auto& [network, state, count] : s_->counts.all()) {
        result.push_back({network, static_cast<State>(state), count});
    }
    return result;
}

void DeliveryTable::begin_attempt(const DeliveryRow& row, Ms now) {
    s_->begin.run(row.id, row.attempts, row.transport, row.wire_id, now);
}

void DeliveryTable::end_attempt(AttemptId attempt, const std::string& outcome, Ms now) {
    s_->end.run(now, outcome, attempt.delivery, attempt.number);
}

std::optional<DeliveryId> DeliveryTable::by_wire_id(const std::string& wire_id) {
    return value_of(s_->by_wire.one(wire_id));
}

std::vector<DeliveryId> DeliveryTable::all_by_wire_id(const std::string& wire_id) {
    return values_of(s_->all_by_wire.all(wire_id));
}

}  // namespace waypost::store
