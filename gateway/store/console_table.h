// SPDX-License-Identifier: Apache-2.0
// Who may open the console, who has it open, and what was done there. See tables.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

// Who has a password for the console. Everybody else comes in by a code.
struct ConsoleAccountRow {
    std::string handle;
    bool admin = false;
    std::string hash;  // "$argon2id$v=19$..."
};

// One browser of one person. The token itself is in the browser's cookie only.
struct ConsoleSessionRow {
    std::string token_hash;  // of the token and of how the browser came by it
    std::string id;          // by which people speak of it
    std::string handle;
    std::string csrf;
    Ms created_ms = 0;
    Ms used_ms = 0;
    Ms used_box_ms = 0;
    std::string agent;  // what the browser calls itself
};

// What a program comes in by, in the name of who made it.
struct ConsoleTokenRow {
    std::string token_hash;  // short_hash()
    std::string id;
    std::string name;  // what people call the program
    std::string role;  // the most it may: "operator", "admin"
    std::string handle;
    Ms created_ms = 0;
    Ms used_ms = 0;  // 0: never
};

struct AuditRow {
    std::int64_t id = 0;
    Ms at_ms = 0;
    std::string who;    // handle; empty: on the box itself
    std::string what;   // "sign-in", "POST /queue/{id}/hold"
    std::string about;  // of which row or person
};

class ConsoleTable {
  public:
    explicit ConsoleTable(Poco::Data::Session& session);
    ~ConsoleTable();

    void put_account(const ConsoleAccountRow& row);
    std::optional<ConsoleAccountRow> account(const std::string& handle);
    bool has_admin();

    void put_session(const ConsoleSessionRow& row);  // with the token of an older one: in its place
    std::optional<ConsoleSessionRow> session(const std::string& token_hash);
    // Whose session or token has this id; empty: none.
    std::string handle_of(const std::string& id);
    std::vector<ConsoleSessionRow> sessions();  // the one used last comes first
    bool end_session(const std::string& id);
    void end_unused(Ms used_before_box);

    void put_token(const ConsoleTokenRow& row);  // with the hash of an older one: in its place
    std::optional<ConsoleTokenRow> token(const std::string& token_hash);
    std::vector<ConsoleTokenRow> tokens();  // the oldest first
    bool end_token(const std::string& id);
    void end_tokens_of(const std::string& handle);

    void forget(
        const std::string& handle);  // account, sessions and tokens; what he did is on record

    void add_audit(const AuditRow& row);  // gives the id; row.id is ignored
    // Newest first, those below `before`; 0: from the newest.
    std::vector<AuditRow> audit(std::int64_t before, int most);
    void forget_audit(Ms before);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
