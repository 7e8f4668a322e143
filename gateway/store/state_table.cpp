// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {

using I64 = std::int64_t;
using Text = std::string;

namespace {

// Behind all that begins like it: U+10FFFF, which no name has.
constexpr char kLastCharacter[] = "\xf4\x8f\xbf\xbf";

// PostgreSQL's own order is that of the machine's language.
std::string by_bytes(Poco::Data::Session& session) {
    return on_sqlite(session) ? "" : " COLLATE \"C\"";
}

}  // namespace

struct StateTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : duplicate(s,
                    "SELECT message FROM duplicate_keys"
                    " WHERE written = ? AND hash1 = ? AND hash2 = ?"),
          old_duplicate(s, "SELECT message FROM duplicates WHERE hash1 = ? AND hash2 = ?"),
          remember(s,
                   "INSERT INTO duplicate_keys (written, hash1, hash2, message, at)"
                   " VALUES (?,?,?,?,?)"),
          forget(s, "DELETE FROM duplicate_keys WHERE at < ?"),
          forget_old(s, "DELETE FROM duplicates WHERE at < ?"),
          shift_expiry(s, "UPDATE deliveries SET expires = expires + ? WHERE state < 5"),
          shift_ended(s,
                      "UPDATE messages SET ended = CASE WHEN ended > ? THEN ended + ? ELSE 1 END"
                      " WHERE ended > 0"),
          shift_duplicates(s, "UPDATE duplicate_keys SET at = at + ?"),
          shift_old_duplicates(s, "UPDATE duplicates SET at = at + ?"),
          used(s, "SELECT count FROM used WHERE owner = ? AND day = ? AND what = ?"),
          first_use(s, "INSERT INTO used (owner, day, what, count) VALUES (?,?,?,1)"),
          next_use(s, "UPDATE used SET count = count + 1 WHERE owner = ? AND day = ? AND what = ?"),
          forget_use(s, "DELETE FROM used WHERE day < ?"),
          forget_use_of(s, "DELETE FROM used WHERE owner = ?"),
          get(s, "SELECT value FROM state WHERE owner = ? AND name = ?"),
          all(s, "SELECT name, value FROM state WHERE owner = ? AND name" + by_bytes(s) +
                     " >= ? AND name" + by_bytes(s) + " < ?"),
          put(s, "INSERT INTO state (owner, name, value) VALUES (?,?,?)"),
          erase(s, "DELETE FROM state WHERE owner = ? AND name = ?") {}
    Prepared<Params<I64, I64, I64>, Row<I64>> duplicate;
    Prepared<Params<I64, I64>, Row<I64>> old_duplicate;
    Prepared<Params<I64, I64, I64, I64, I64>> remember;
    Prepared<Params<I64>> forget;
    Prepared<Params<I64>> forget_old;
    Prepared<Params<I64>> shift_expiry;
    Prepared<Params<I64, I64>> shift_ended;
    Prepared<Params<I64>> shift_duplicates;
    Prepared<Params<I64>> shift_old_duplicates;
    Prepared<Params<Text, I64, Text>, Row<I64>> used;
    Prepared<Params<Text, I64, Text>> first_use;
    Prepared<Params<Text, I64, Text>> next_use;
    Prepared<Params<I64>> forget_use;
    Prepared<Params<Text>> forget_use_of;
    Prepared<Params<Text, Text>, Row<Blob>> get;
    Prepared<Params<Text, Text, Text>, Row<Text, Blob>> all;
    Prepared<Params<Text, Text, Blob>> put;
    Prepared<Params<Text, Text>> erase;
};

StateTable::StateTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
StateTable::~StateTable() = default;

std::optional<MessageId> StateTable::duplicate(const DuplicateKey& key) {
    auto found = s_->duplicate.one(key.written, key.hash1, key.hash2);
    if (!found) found = s_->old_duplicate.one(key.hash1, key.hash2);
    if (!found) return std::nullopt;
    return std::get<0>(*found);
}

void StateTable::remember(const DuplicateKey& key, MessageId message, Ms at) {
    s_->remember.run(key.written, key.hash1, key.hash2, message, at);
}

std::size_t StateTable::forget_duplicates(Ms before) {
    return s_->forget.run(before) + s_->forget_old.run(before);
}

void StateTable::shift_times(Ms by) {
    s_->shift_expiry.run(by);
    s_->shift_ended.run(-by, by);  // 0 and below would mean that it has not ended
    s_->shift_duplicates.run(by);
    s_->shift_old_duplicates.run(by);
}

std::int64_t StateTable::use(const std::string& owner, std::int64_t day, const std::string& what) {
    const std::int64_t before = used(owner, day, what);
    (before == 0 ? s_->first_use : s_->next_use).run(owner, day, what);
    return before + 1;
}

std::int64_t StateTable::used(const std::string& owner, std::int64_t day, const std::string& what) {
    return value_of(s_->used.one(owner, day, what)).value_or(0);
}

void StateTable::forget_use(std::int64_t before_day) { s_->forget_use.run(before_day); }

void StateTable::forget_use_of(const std::string& owner) { s_->forget_use_of.run(owner); }

std::optional<std::string> StateTable::get(const std::string& owner, const std::string& name) {
    const auto found = s_->get.one(owner, name);
    if (!found) return std::nullopt;
    return text_of(std::get<0>(*found));
}

std::map<std::string, std::string> StateTable::with_prefix(const std::string& owner,
                                                           const std::string& prefix) {
    std::map<std::string, std::string> found;
    for (const auto& [name, value] : s_->all.all(owner, prefix, prefix + kLastCharacter))
        found.emplace_hint(found.end(), name, text_of(value));
    return found;
}

void StateTable::put(const std::string& owner, const std::string& name, const std::string& value) {
    s_->erase.run(owner, name);
    s_->put.run(owner, name, blob_of(value));
}

void StateTable::erase(const std::string& owner, const std::string& name) {
    s_->erase.run(owner, name);
}

}  // namespace waypost::store
