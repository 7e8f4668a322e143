// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <unordered_map>

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using ItemColumns = Row<Text, int, I64, I64, int, int, Text, I64, I64>;

constexpr int kSmall = 99;  // two digits are what a person remembers
constexpr Ms kNever = std::numeric_limits<Ms>::max();
constexpr std::size_t kMostFull = 4096;  // owners; after that it begins anew

ItemRow row_of(ItemColumns& c) {
    ItemRow row;
    row.owner = std::get<0>(c);
    row.number = std::get<1>(c);
    row.message = std::get<2>(c);
    row.delivery = std::get<3>(c);
    row.incoming = std::get<4>(c) != 0;
    row.done = std::get<5>(c) != 0;
    row.peer = address_of(std::get<6>(c));
    row.shown = std::get<7>(c);
    row.changed_ms = std::get<8>(c);
    return row;
}

Text select(const char* rest) {
    return Text(
               "SELECT owner, number, message, delivery, incoming, done, peer, shown,"
               " changed FROM items WHERE ") +
           rest;
}

}  // namespace

struct ItemTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : insert(s,
                 "INSERT INTO items (owner, number, message, delivery, incoming, done, peer,"
                 " shown, changed) VALUES (?,?,?,?,?,?,?,?,?)"),
          erase(s, "DELETE FROM items WHERE owner = ? AND number = ?"),
          find(s, select("owner = ? AND number = ?")),
          reusable(s,
                   "SELECT number, changed FROM items WHERE owner = ? AND done = 1"
                   " AND number <= ? ORDER BY changed LIMIT 1"),
          small(s, "SELECT number FROM items WHERE owner = ? AND number <= ? ORDER BY number"),
          highest(s, "SELECT number FROM items WHERE owner = ? ORDER BY number DESC LIMIT 1"),
          by_message(s, select("message = ? AND owner = ?")),
          newest(s, select("owner = ? ORDER BY message DESC, number DESC LIMIT ?")),
          incoming(s, select("owner = ? AND incoming = 1"
                             " ORDER BY message DESC, number DESC LIMIT ?")),
          all(s, select("owner = ? ORDER BY message, number")),
          clear(s, "DELETE FROM items WHERE owner = ?"),
          all_done(s, "UPDATE items SET done = 1, changed = ? WHERE message = ?"),
          shown(s, "UPDATE items SET shown = ? WHERE owner = ? AND number = ?"),
          done(s, "UPDATE items SET done = 1, changed = ? WHERE owner = ? AND number = ?"),
          forget(s, "DELETE FROM items WHERE message = ?"),
          sent_done(s,
                    "UPDATE items SET done = 1, changed = ? WHERE message = ? AND incoming = 0") {}
    Prepared<Params<Text, int, I64, I64, int, int, Text, I64, I64>> insert;
    Prepared<Params<Text, int>> erase;
    Prepared<Params<Text, int>, ItemColumns> find;
    Prepared<Params<Text, int>, Row<int, I64>> reusable;
    Prepared<Params<Text, int>, Row<int>> small;
    Prepared<Params<Text>, Row<int>> highest;
    Prepared<Params<I64, Text>, ItemColumns> by_message;
    Prepared<Params<Text, int>, ItemColumns> newest;
    Prepared<Params<Text, int>, ItemColumns> incoming;
    Prepared<Params<Text>, ItemColumns> all;
    Prepared<Params<Text>> clear;
    Prepared<Params<I64, I64>> all_done;
    Prepared<Params<I64, Text, int>> shown;
    Prepared<Params<I64, Text, int>> done;
    Prepared<Params<I64>> forget;
    Prepared<Params<I64, I64>> sent_done;

    // Owners whose small numbers are all in use, and since when the first of these is done. What
    // was done after that was found began at `first_done`. As the statements it goes with a
    // transaction that fails.
    std::unordered_map<Text, Ms> full;
    Ms first_done = kNever;

    void note_done(Ms now) { first_done = std::min(first_done, now); }
    void forget_full() {
        full.clear();
        first_done = kNever;
    }
    bool is_full(const Text& owner, Ms reuse_before) {
        const auto found = full.find(owner);
        if (found == full.end()) return false;
        if (first_done >= reuse_before) return found->second >= reuse_before;
        forget_full();
        return false;
    }
    // A small number that may be given; nothing: there is none.
    std::optional<int> small_number(const Text& owner, Ms reuse_before) {
        if (is_full(owner, reuse_before)) return std::nullopt;
        int gap = 1;
        for (const auto& [each] : small.all(owner, kSmall)) {
            if (each != gap) break;
            ++gap;
        }
        if (gap <= kSmall) return gap;
        const auto oldest = reusable.one(owner, kSmall);
        const Ms since = oldest ? std::get<1>(*oldest) : kNever;
        if (oldest && since < reuse_before) {
            erase.run(owner, std::get<0>(*oldest));
            return std::get<0>(*oldest);
        }
        if (full.size() >= kMostFull) forget_full();
        full[owner] = since;
        return std::nullopt;
    }
};

ItemTable::ItemTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
ItemTable::~ItemTable() = default;

void ItemTable::others_wrote() { s_->forget_full(); }

// What retention took leaves gaps: those come first, then what is long done.
int ItemTable::add(ItemRow row, Ms reuse_before) {
    const auto highest = s_->highest.one(row.owner);
    int number = highest ? std::get<0>(*highest) + 1 : 1;
    if (number > kSmall) number = s_->small_number(row.owner, reuse_before).value_or(number);
    if (row.done) s_->note_done(row.changed_ms);
    s_->insert.run(row.owner, number, row.message, row.delivery, row.incoming ? 1 : 0,
                   row.done ? 1 : 0, uri_of(row.peer), row.shown, row.changed_ms);
    return number;
}

std::optional<ItemRow> ItemTable::find(const std::string& owner, int number) {
    auto found = s_->find.one(owner, number);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::optional<ItemRow> ItemTable::by_message(const std::string& owner, MessageId message) {
    auto found = s_->by_message.one(message, owner);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<ItemRow> ItemTable::newest(const std::string& owner, int most, bool incoming_only) {
    std::vector<ItemRow> rows;
    for (auto& columns : (incoming_only ? s_->incoming : s_->newest).all(owner, most)) {
        rows.push_back(row_of(columns));
    }
    return rows;
}

void ItemTable::set_done(const std::string& owner, int number, Ms now) {
    s_->done.run(now, owner, number);
    s_->note_done(now);
}

void ItemTable::forget(MessageId message) {
    s_->forget.run(message);
    s_->forget_full();
}

void ItemTable::set_sent_done(MessageId message, Ms now) {
    s_->sent_done.run(now, message);
    s_->note_done(now);
}

void ItemTable::set_shown(const std::string& owner, int number, std::int64_t bytes) {
    s_->shown.run(bytes, owner, number);
}

void ItemTable::set_all_done(MessageId message, Ms now) {
    s_->all_done.run(now, message);
    s_->note_done(now);
}

std::vector<ItemRow> ItemTable::all(const std::string& owner) {
    std::vector<ItemRow> rows;
    for (auto& columns : s_->all.all(owner)) rows.push_back(row_of(columns));
    return rows;
}

void ItemTable::clear(const std::string& owner) {
    s_->clear.run(owner);
    s_->full.erase(owner);
}

}  // namespace waypost::store
