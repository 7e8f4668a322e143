// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/console_table.h"

#include <limits>

#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;
using AccountColumns = Row<Text, int, Text>;
using SessionColumns = Row<Text, Text, Text, Text, I64, I64, I64, Text>;
using TokenColumns = Row<Text, Text, Text, Text, Text, I64, I64>;
using AuditColumns = Row<I64, I64, Text, Text, Text>;

constexpr char kSession[] = "token, id, handle, csrf, created, used, used_box, agent";

constexpr char kToken[] = "token, id, name, role, handle, created, used";

ConsoleTokenRow row_of(const TokenColumns& c) {
    return {std::get<0>(c), std::get<1>(c), std::get<2>(c), std::get<3>(c),
            std::get<4>(c), std::get<5>(c), std::get<6>(c)};
}

ConsoleSessionRow row_of(const SessionColumns& c) {
    return {std::get<0>(c), std::get<1>(c), std::get<2>(c), std::get<3>(c),
            std::get<4>(c), std::get<5>(c), std::get<6>(c), std::get<7>(c)};
}

}  // namespace

struct ConsoleTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : account(s, "SELECT handle, admin, hash FROM console_accounts WHERE handle = ?"),
          admins(s, "SELECT handle FROM console_accounts WHERE admin = 1 LIMIT 1"),
          put_account(s, "INSERT INTO console_accounts (handle, admin, hash) VALUES (?,?,?)"),
          erase_account(s, "DELETE FROM console_accounts WHERE handle = ?"),
          session(s, Text("SELECT ") + kSession + " FROM console_sessions WHERE token = ?"),
          sessions(s, Text("SELECT ") + kSession +
                          " FROM console_sessions ORDER BY used_box DESC, token"),
          session_of(s, "SELECT handle FROM console_sessions WHERE id = ?"),
          token_of(s, "SELECT handle FROM console_tokens WHERE id = ?"),
          put_session(
              s, Text("INSERT INTO console_sessions (") + kSession + ") VALUES (?,?,?,?,?,?,?,?)"),
          erase_session(s, "DELETE FROM console_sessions WHERE token = ?"),
          end_session(s, "DELETE FROM console_sessions WHERE id = ?"),
          end_unused(s, "DELETE FROM console_sessions WHERE used_box < ?"),
          end_of(s, "DELETE FROM console_sessions WHERE handle = ?"),
          token(s, Text("SELECT ") + kToken + " FROM console_tokens WHERE token = ?"),
          tokens(s, Text("SELECT ") + kToken + " FROM console_tokens ORDER BY created, token"),
          put_token(s, Text("INSERT INTO console_tokens (") + kToken + ") VALUES (?,?,?,?,?,?,?)"),
          erase_token(s, "DELETE FROM console_tokens WHERE token = ?"),
          end_token(s, "DELETE FROM console_tokens WHERE id = ?"),
          end_tokens_of(s, "DELETE FROM console_tokens WHERE handle = ?"),
          last_audit(s, "SELECT COALESCE(MAX(id), 0) FROM audit"),
          add_audit(s, "INSERT INTO audit (id, at, who, what, about) VALUES (?,?,?,?,?)"),
          audit(s,
                "SELECT id, at, who, what, about FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?"),
          forget_audit(s, "DELETE FROM audit WHERE at < ?") {}
    Prepared<Params<Text>, AccountColumns> account;
    Prepared<Params<>, Row<Text>> admins;
    Prepared<Params<Text, int, Text>> put_account;
    Prepared<Params<Text>> erase_account;
    Prepared<Params<Text>, SessionColumns> session;
    Prepared<Params<>, SessionColumns> sessions;
    Prepared<Params<Text>, Row<Text>> session_of;
    Prepared<Params<Text>, Row<Text>> token_of;
    Prepared<Params<Text, Text, Text, Text, I64, I64, I64, Text>> put_session;
    Prepared<Params<Text>> erase_session;
    Prepared<Params<Text>> end_session;
    Prepared<Params<I64>> end_unused;
    Prepared<Params<Text>> end_of;
    Prepared<Params<Text>, TokenColumns> token;
    Prepared<Params<>, TokenColumns> tokens;
    Prepared<Params<Text, Text, Text, Text, Text, I64, I64>> put_token;
    Prepared<Params<Text>> erase_token;
    Prepared<Params<Text>> end_token;
    Prepared<Params<Text>> end_tokens_of;
    Prepared<Params<>, Row<I64>> last_audit;
    Prepared<Params<I64, I64, Text, Text, Text>> add_audit;
    Prepared<Params<I64, int>, AuditColumns> audit;
    Prepared<Params<I64>> forget_audit;
};

ConsoleTable::ConsoleTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
ConsoleTable::~ConsoleTable() = default;

void ConsoleTable::put_account(const ConsoleAccountRow& row) {
    s_->erase_account.run(row.handle);
    s_->put_account.run(row.handle, row.admin ? 1 : 0, row.hash);
}

std::optional<ConsoleAccountRow> ConsoleTable::account(const std::string& handle) {
    const auto found = s_->account.one(handle);
    if (!found) return std::nullopt;
    return ConsoleAccountRow{std::get<0>(*found), std::get<1>(*found) != 0, std::get<2>(*found)};
}

bool ConsoleTable::has_admin() { return s_->admins.one().has_value(); }

void ConsoleTable::put_session(const ConsoleSessionRow& row) {
    s_->erase_session.run(row.token_hash);
    s_->put_session.run(row.token_hash, row.id, row.handle, row.csrf, row.created_ms, row.used_ms,
                        row.used_box_ms, row.agent);
}

std::optional<ConsoleSessionRow> ConsoleTable::session(const std::string& token_hash) {
    const auto found = s_->session.one(token_hash);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::string ConsoleTable::handle_of(const std::string& id) {
    auto found = s_->session_of.one(id);
    if (!found) found = s_->token_of.one(id);
    return found ? std::get<0>(*found) : std::string();
}

std::vector<ConsoleSessionRow> ConsoleTable::sessions() {
    std::vector<ConsoleSessionRow> rows;
    for (const auto& columns : s_->sessions.all()) rows.push_back(row_of(columns));
    return rows;
}

bool ConsoleTable::end_session(const std::string& id) { return s_->end_session.run(id) > 0; }

void ConsoleTable::end_unused(Ms used_before_box) { s_->end_unused.run(used_before_box); }

void ConsoleTable::put_token(const ConsoleTokenRow& row) {
    s_->erase_token.run(row.token_hash);
    s_->put_token.run(row.token_hash, row.id, row.name, row.role, row.handle, row.created_ms,
                      row.used_ms);
}

std::optional<ConsoleTokenRow> ConsoleTable::token(const std::string& token_hash) {
    const auto found = s_->token.one(token_hash);
    if (!found) return std::nullopt;
    return row_of(*found);
}

std::vector<ConsoleTokenRow> ConsoleTable::tokens() {
    std::vector<ConsoleTokenRow> rows;
    for (const auto& columns : s_->tokens.all()) rows.push_back(row_of(columns));
    return rows;
}

bool ConsoleTable::end_token(const std::string& id) { return s_->end_token.run(id) > 0; }

void ConsoleTable::end_tokens_of(const std::string& handle) { s_->end_tokens_of.run(handle); }

void ConsoleTable::forget(const std::string& handle) {
    end_tokens_of(handle);
    s_->erase_account.run(handle);
    s_->end_of.run(handle);
}

void ConsoleTable::add_audit(const AuditRow& row) {
    const auto last = s_->last_audit.one();
    s_->add_audit.run((last ? std::get<0>(*last) : 0) + 1, row.at_ms, row.who, row.what, row.about);
}

std::vector<AuditRow> ConsoleTable::audit(std::int64_t before, int most) {
    std::vector<AuditRow> rows;
    const I64 below = before > 0 ? before : std::numeric_limits<I64>::max();
    for (const auto& [id, at, who, what, about] : s_->audit.all(below, most))
        rows.push_back({id, at, who, what, about});
    return rows;
}

void ConsoleTable::forget_audit(Ms before) { s_->forget_audit.run(before); }

}  // namespace waypost::store
