// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/alarm_table.h"

#include <algorithm>

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using AlarmColumns = Row<I64, I64, int, int, Text, Text, Text, Text, int, int, I64, I64, I64, I64,
                         I64, int, I64, Text, Text, I64, I64, Text, I64>;
using CallerColumns = Row<I64, Text, Text, int, I64, I64>;

constexpr char kColumns[] =
    "id, message, state, proven, owner, caller, who, text, told, repeats, opened, opened_box,"
    " since, next, unheard, words, words_box, acknowledged_by, answer, acknowledged, cleared,"
    " closed_by, closed";

Text select(const char* rest) { return Text("SELECT ") + kColumns + " FROM alarms " + rest; }

Text select_caller(const char* rest) {
    return Text("SELECT alarm, owner, radio, place, answered, cleared FROM alarm_callers ") + rest;
}

AlarmRow row_of(AlarmColumns& c) {
    AlarmRow row;
    row.id = std::get<0>(c);
    row.message = std::get<1>(c);
    row.state = static_cast<AlarmState>(std::get<2>(c));
    row.proven = std::get<3>(c) != 0;
    row.owner = std::get<4>(c);
    row.caller = address_of(std::get<5>(c));
    row.who = std::get<6>(c);
    row.text = std::get<7>(c);
    row.told = std::get<8>(c);
    row.repeats = std::get<9>(c);
    row.opened_ms = std::get<10>(c);
    row.opened_box_ms = std::get<11>(c);
    row.since_box_ms = std::get<12>(c);
    row.next_box_ms = std::get<13>(c);
    row.unheard_box_ms = std::get<14>(c);
    row.words = std::get<15>(c);
    row.words_box_ms = std::get<16>(c);
    row.acknowledged_by = std::get<17>(c);
    row.answer = std::get<18>(c);
    row.acknowledged_ms = std::get<19>(c);
    row.cleared_ms = std::get<20>(c);
    row.closed_by = std::get<21>(c);
    row.closed_ms = std::get<22>(c);
    return row;
}

AlarmCallerRow row_of(CallerColumns& c) {
    return {std::get<0>(c), std::get<1>(c), address_of(std::get<2>(c)),
            std::get<3>(c), std::get<4>(c), std::get<5>(c)};
}

template <class Out, class In>
std::vector<Out> rows_of(std::vector<In> found) {
    std::vector<Out> rows;
    for (In& columns : found) rows.push_back(row_of(columns));
    return rows;
}

template <class In>
auto first(std::optional<In> found) {
    return found ? std::optional(row_of(*found)) : std::nullopt;
}

// What the index of what is due holds; 0: nothing.
Ms due_of(const AlarmRow& row) {
    if (row.next_box_ms == 0 || row.unheard_box_ms == 0)
        return std::max(row.next_box_ms, row.unheard_box_ms);
    return std::min(row.next_box_ms, row.unheard_box_ms);
}

}  // namespace

const char* to_string(AlarmState state) {
    switch (state) {
        case AlarmState::Asked:
            return "asked";
        case AlarmState::Open:
            return "open";
        case AlarmState::Acknowledged:
            return "acknowledged";
        case AlarmState::Closed:
            return "closed";
        case AlarmState::CalledOff:
            return "called off";
        case AlarmState::NotClosed:
            return "acknowledged, not closed";
    }
    return "closed";
}

struct AlarmTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : highest(s, "SELECT COALESCE(MAX(id), 0) FROM alarms"),
          insert(s, Text("INSERT INTO alarms (") + kColumns +
                        ", due) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
          erase(s, "DELETE FROM alarms WHERE id = ?"),
          find(s, select("WHERE id = ?")),
          by_message(s, select("WHERE message = ?")),
          proven_of(s, select("WHERE owner = ? AND proven = 1 ORDER BY id DESC LIMIT ?")),
          unproven(s, select("WHERE proven = 0 AND state <> 0 ORDER BY id DESC LIMIT ?")),
          list_all(s, select("ORDER BY id DESC LIMIT ?")),
          list_open(s, select("WHERE state < 3 ORDER BY id DESC LIMIT ?")),
          not_closed(s, select("WHERE state = 5 ORDER BY id DESC LIMIT ?")),
          due(s, select("WHERE due > 0 AND due <= ? ORDER BY due LIMIT ?")),
          next_due(s, "SELECT due FROM alarms WHERE due > 0 ORDER BY due LIMIT 1"),
          of_caller(s,
                    "SELECT alarm FROM alarm_callers WHERE owner = ? OR owner = ?"
                    " ORDER BY alarm DESC LIMIT 1"),
          drop_caller(s, "DELETE FROM alarm_callers WHERE alarm = ? AND owner = ?"),
          put_caller(s,
                     "INSERT INTO alarm_callers (alarm, owner, radio, place, answered, cleared)"
                     " VALUES (?,?,?,?,?,?)"),
          caller(s, select_caller("WHERE alarm = ? AND owner = ?")),
          callers(s, select_caller("WHERE alarm = ? ORDER BY place LIMIT ?")),
          count_callers(s, "SELECT COUNT(*) FROM alarm_callers WHERE alarm = ?"),
          drop_callers(s, "DELETE FROM alarm_callers WHERE alarm = ?") {}
    Prepared<Params<>, Row<I64>> highest;
    Prepared<Params<I64, I64, int, int, Text, Text, Text, Text, int, int, I64, I64, I64, I64, I64,
                    int, I64, Text, Text, I64, I64, Text, I64, I64>>
        insert;
    Prepared<Params<I64>> erase;
    Prepared<Params<I64>, AlarmColumns> find;
    Prepared<Params<I64>, AlarmColumns> by_message;
    Prepared<Params<Text, int>, AlarmColumns> proven_of;
    Prepared<Params<int>, AlarmColumns> unproven;
    Prepared<Params<int>, AlarmColumns> list_all;
    Prepared<Params<int>, AlarmColumns> list_open;
    Prepared<Params<int>, AlarmColumns> not_closed;
    Prepared<Params<I64, int>, AlarmColumns> due;
    Prepared<Params<>, Row<I64>> next_due;
    Prepared<Params<Text, Text>, Row<I64>> of_caller;
    Prepared<Params<I64, Text>> drop_caller;
    Prepared<Params<I64, Text, Text, int, I64, I64>> put_caller;
    Prepared<Params<I64, Text>, CallerColumns> caller;
    Prepared<Params<I64, int>, CallerColumns> callers;
    Prepared<Params<I64>, Row<I64>> count_callers;
    Prepared<Params<I64>> drop_callers;
};

AlarmTable::AlarmTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
AlarmTable::~AlarmTable() = default;

AlarmId AlarmTable::add(AlarmRow row) {
    row.id = std::get<0>(*s_->highest.one()) + 1;
    put(row);
    return row.id;
}

void AlarmTable::put(const AlarmRow& r) {
    s_->erase.run(r.id);
    s_->insert.run(r.id, r.message, static_cast<int>(r.state), r.proven ? 1 : 0, r.owner,
                   uri_of(r.caller), r.who, r.text, r.told, r.repeats, r.opened_ms, r.opened_box_ms,
                   r.since_box_ms, r.next_box_ms, r.unheard_box_ms, r.words, r.words_box_ms,
                   r.acknowledged_by, r.answer, r.acknowledged_ms, r.cleared_ms, r.closed_by,
                   r.closed_ms, due_of(r));
}

void AlarmTable::erase(AlarmId id) {
    s_->erase.run(id);
    s_->drop_callers.run(id);
}

std::optional<AlarmRow> AlarmTable::find(AlarmId id) { return first(s_->find.one(id)); }

std::optional<AlarmRow> AlarmTable::by_message(MessageId message) {
    return message == 0 ? std::nullopt : first(s_->by_message.one(message));
}

std::vector<AlarmRow> AlarmTable::proven_of(const std::string& owner, int most) {
    return rows_of<AlarmRow>(s_->proven_of.all(owner, most));
}

std::vector<AlarmRow> AlarmTable::unproven(int most) {
    return rows_of<AlarmRow>(s_->unproven.all(most));
}

std::vector<AlarmRow> AlarmTable::list(bool ended_too, int most) {
    return rows_of<AlarmRow>((ended_too ? s_->list_all : s_->list_open).all(most));
}

std::vector<AlarmRow> AlarmTable::not_closed(int most) {
    return rows_of<AlarmRow>(s_->not_closed.all(most));
}

std::vector<AlarmRow> AlarmTable::due(Ms box_now, int most) {
    return rows_of<AlarmRow>(s_->due.all(box_now, most));
}

std::optional<Ms> AlarmTable::next_due() { return value_of(s_->next_due.one()); }

std::optional<AlarmRow> AlarmTable::of_caller(const std::string& owner,
                                              const std::string& radio_uri) {
    const auto found = s_->of_caller.one(owner, radio_uri);
    return found ? find(std::get<0>(*found)) : std::nullopt;
}

void AlarmTable::put_caller(const AlarmCallerRow& row) {
    s_->drop_caller.run(row.alarm, row.owner);
    s_->put_caller.run(row.alarm, row.owner, uri_of(row.radio), row.place, row.answered_box_ms,
                       row.cleared_ms);
}

std::optional<AlarmCallerRow> AlarmTable::caller(AlarmId alarm, const std::string& owner) {
    return first(s_->caller.one(alarm, owner));
}

std::vector<AlarmCallerRow> AlarmTable::callers(AlarmId alarm, int most) {
    return rows_of<AlarmCallerRow>(s_->callers.all(alarm, most));
}

int AlarmTable::count_callers(AlarmId alarm) {
    return static_cast<int>(std::get<0>(*s_->count_callers.one(alarm)));
}

void AlarmTable::forget(MessageId message) {
    if (const auto row = by_message(message)) erase(row->id);
}

struct PlaceTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : drop(s, "DELETE FROM places WHERE radio = ?"),
          put(s, "INSERT INTO places (radio, latitude, longitude, metres, at) VALUES (?,?,?,?,?)"),
          find(s, "SELECT latitude, longitude, metres, at FROM places WHERE radio = ?"),
          forget(s, "DELETE FROM places WHERE at < ?") {}
    Prepared<Params<Text>> drop;
    Prepared<Params<Text, I64, I64, int, I64>> put;
    Prepared<Params<Text>, Row<I64, I64, int, I64>> find;
    Prepared<Params<I64>> forget;
};

PlaceTable::PlaceTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
PlaceTable::~PlaceTable() = default;

void PlaceTable::put(const PlaceRow& row) {
    s_->drop.run(row.radio.uri());
    s_->put.run(row.radio.uri(), row.latitude, row.longitude, row.metres, row.at_ms);
}

std::optional<PlaceRow> PlaceTable::find(const Address& radio) {
    if (radio.empty()) return std::nullopt;
    const auto found = s_->find.one(radio.uri());
    if (!found) return std::nullopt;
    const auto& [latitude, longitude, metres, at] = *found;
    return PlaceRow{radio, latitude, longitude, metres, at};
}

void PlaceTable::forget(Ms before) { s_->forget.run(before); }

}  // namespace waypost::store
