// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/schema.h"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/String.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "gateway/base/log.h"
#include "gateway/store/advisory_locks.h"
#include "gateway/store/prepared.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// {ID}, {BYTES} and {CLUSTERED} stand for what the two engines spell differently. Every index
// that the dispatcher walks is partial: its size is the work waiting, not the mail ever seen.
const std::vector<std::vector<std::string>>& steps() {
    static const std::vector<std::vector<std::string>> kSteps = {
        {
            "CREATE TABLE messages (id {ID}, kind INTEGER NOT NULL, network TEXT NOT NULL,"
            " transport TEXT NOT NULL, origin_id TEXT NOT NULL, sender TEXT NOT NULL,"
            " owner TEXT NOT NULL, from_name TEXT NOT NULL, subject TEXT NOT NULL,"
            " text TEXT NOT NULL, attachments TEXT NOT NULL, refs TEXT NOT NULL,"
            " message_id TEXT NOT NULL, answers BIGINT NOT NULL, flags INTEGER NOT NULL, privacy "
            "INTEGER NOT NULL,"
            " priority INTEGER NOT NULL, created BIGINT NOT NULL, ended BIGINT NOT NULL,"
            " body {BYTES}, body_file TEXT NOT NULL, body_size BIGINT NOT NULL)",
            "CREATE INDEX messages_ended ON messages (ended) WHERE ended > 0",
            "CREATE TABLE deliveries (id {ID}, message BIGINT NOT NULL, owner TEXT NOT NULL,"
            " recipient TEXT NOT NULL, network TEXT NOT NULL, lane BIGINT NOT NULL,"
            " state INTEGER NOT NULL, priority INTEGER NOT NULL, due BIGINT NOT NULL,"
            " expires BIGINT NOT NULL, first_try BIGINT NOT NULL, attempts INTEGER NOT NULL,"
            " resume INTEGER NOT NULL, wire_id TEXT NOT NULL, transport TEXT NOT NULL,"
            " item INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,"
            " created BIGINT NOT NULL, changed BIGINT NOT NULL)",
            "CREATE INDEX deliveries_message ON deliveries (message)",
            "CREATE INDEX deliveries_pick ON deliveries (network, priority, owner, id)"
            " WHERE state = 3",
            "CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 1",
            "CREATE INDEX deliveries_held ON deliveries (owner, id) WHERE state = 0",
            "CREATE INDEX deliveries_sending ON deliveries (id) WHERE state = 4",
            "CREATE INDEX deliveries_lane ON deliveries (lane, id)"
            " WHERE lane <> 0 AND state BETWEEN 1 AND 4",
            "CREATE INDEX deliveries_expires ON deliveries (expires) WHERE state < 5",
            "CREATE TABLE attempts (delivery BIGINT NOT NULL, number INTEGER NOT NULL,"
            " transport TEXT NOT NULL, wire_id TEXT NOT NULL, begun BIGINT NOT NULL,"
            " ended BIGINT NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (delivery, number))"
            "{CLUSTERED}",
            "CREATE INDEX attempts_wire ON attempts (wire_id)",
            "CREATE TABLE events (message BIGINT NOT NULL, id BIGINT NOT NULL,"
            " delivery BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,"
            " proof INTEGER NOT NULL, transport TEXT NOT NULL, code TEXT NOT NULL,"
            " detail TEXT NOT NULL, PRIMARY KEY (message, id)){CLUSTERED}",
            "CREATE TABLE duplicates (hash1 BIGINT NOT NULL, hash2 BIGINT NOT NULL,"
            " message BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (hash1, hash2))"
            "{CLUSTERED}",
            "CREATE TABLE items (owner TEXT NOT NULL, number INTEGER NOT NULL,"
            " message BIGINT NOT NULL, delivery BIGINT NOT NULL, incoming INTEGER NOT NULL,"
            " done INTEGER NOT NULL, peer TEXT NOT NULL, shown BIGINT NOT NULL,"
            " changed BIGINT NOT NULL,"
            " PRIMARY KEY (owner, number)){CLUSTERED}",
            "CREATE INDEX items_message ON items (message)",
            "CREATE TABLE persons (handle TEXT PRIMARY KEY, name TEXT NOT NULL,"
            " language TEXT NOT NULL, role TEXT NOT NULL, approved INTEGER NOT NULL,"
            " paused INTEGER NOT NULL, created BIGINT NOT NULL)",
            "CREATE TABLE endpoints (address TEXT PRIMARY KEY, person TEXT NOT NULL,"
            " name TEXT NOT NULL, public_key TEXT NOT NULL, new_key TEXT NOT NULL,"
            " heard BIGINT NOT NULL, transport TEXT NOT NULL)",
            "CREATE TABLE contacts (owner TEXT NOT NULL, address TEXT NOT NULL,"
            " nick TEXT NOT NULL, state INTEGER NOT NULL, since BIGINT NOT NULL,"
            " PRIMARY KEY (owner, address)){CLUSTERED}",
            "CREATE INDEX contacts_nick ON contacts (owner, nick) WHERE nick <> ''",
            "CREATE TABLE used (owner TEXT NOT NULL, day BIGINT NOT NULL, what TEXT NOT NULL,"
            " count BIGINT NOT NULL, PRIMARY KEY (owner, day, what)){CLUSTERED}",
            "CREATE TABLE state (owner TEXT NOT NULL, name TEXT NOT NULL, value {BYTES},"
            " PRIMARY KEY (owner, name)){CLUSTERED}",
        },
        {
            "CREATE INDEX messages_files ON messages (body_file) WHERE body_file <> ''",
            "CREATE INDEX deliveries_waiting ON deliveries (network, recipient) WHERE state = 1",
        },
        {
            // Takes the place of `duplicates`, which only the release before still writes.
            "CREATE TABLE duplicate_keys (written BIGINT NOT NULL, hash1 BIGINT NOT NULL,"
            " hash2 BIGINT NOT NULL, message BIGINT NOT NULL, at BIGINT NOT NULL,"
            " PRIMARY KEY (written, hash1, hash2)){CLUSTERED}",
        },
        {
            "ALTER TABLE messages ADD COLUMN return_path TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE messages ADD COLUMN report INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE messages ADD COLUMN about BIGINT NOT NULL DEFAULT 0",
        },
        {
            // What is kept by now counts from now on. The release before leaves rows of messages
            // that it forgot: they go when room is made.
            "CREATE TABLE kept (owner TEXT NOT NULL, message BIGINT NOT NULL,"
            " bytes BIGINT NOT NULL, asked INTEGER NOT NULL,"
            " PRIMARY KEY (owner, message)){CLUSTERED}",
            "CREATE INDEX kept_message ON kept (message)",
            "CREATE TABLE kept_totals (owner TEXT PRIMARY KEY, bytes BIGINT NOT NULL)",
            "INSERT INTO kept (owner, message, bytes, asked)"
            " SELECT d.owner, m.id, MAX(m.body_size), 1"
            " FROM messages m JOIN deliveries d ON d.message = m.id"
            " WHERE (m.attachments <> '' OR m.body_file <> '')"
            " AND (m.body_file <> '' OR LENGTH(m.body) > 0)"
            " AND d.owner <> '-' AND d.owner <> '' GROUP BY d.owner, m.id",
            "INSERT INTO kept_totals (owner, bytes)"
            " SELECT owner, CAST(SUM(bytes) AS BIGINT) FROM kept GROUP BY owner",
        },
        {
            // Whose radio is whose, and what is asked for in somebody's name.
            "ALTER TABLE persons ADD COLUMN minor INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE endpoints ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE endpoints ADD COLUMN bound BIGINT NOT NULL DEFAULT 0",
            "CREATE TABLE codes (handle TEXT PRIMARY KEY, hash TEXT NOT NULL,"
            " until_box BIGINT NOT NULL, message BIGINT NOT NULL)",
            "CREATE TABLE matters (message BIGINT PRIMARY KEY, kind INTEGER NOT NULL,"
            " handle TEXT NOT NULL, radio TEXT NOT NULL, due_box BIGINT NOT NULL,"
            " vouched TEXT NOT NULL)",
            "CREATE UNIQUE INDEX matters_handle ON matters (handle)",
            "CREATE UNIQUE INDEX matters_radio ON matters (radio)",
            "CREATE TABLE forgotten (hash TEXT PRIMARY KEY, at BIGINT NOT NULL,"
            " passed_on INTEGER NOT NULL DEFAULT 0)",
        },
        {
            // The release before leaves rows of messages that it forgot, with no name in them but
            // what a sender called a recipient and a mail.
            "CREATE TABLE wishes (delivery {ID}, message BIGINT NOT NULL, whose TEXT NOT NULL,"
            " notify INTEGER NOT NULL, recipient TEXT NOT NULL, envelope_id TEXT NOT NULL,"
            " answered INTEGER NOT NULL)",
            "CREATE INDEX wishes_message ON wishes (message)",
            "CREATE TABLE neighbours (name TEXT PRIMARY KEY, heard BIGINT NOT NULL,"
            " problem TEXT NOT NULL, problem_at BIGINT NOT NULL, alarm BIGINT NOT NULL,"
            " alarm_at BIGINT NOT NULL, hour BIGINT NOT NULL, told INTEGER NOT NULL)",
        },
        {
            // GROUPS is a word of SQL's own.
            "CREATE TABLE groups_of_people (name TEXT PRIMARY KEY, title TEXT NOT NULL,"
            " mode INTEGER NOT NULL, posters INTEGER NOT NULL, created BIGINT NOT NULL)",
            "CREATE TABLE group_members (group_name TEXT NOT NULL, member TEXT NOT NULL,"
            " moderator INTEGER NOT NULL, digest INTEGER NOT NULL, failures INTEGER NOT NULL,"
            " failed BIGINT NOT NULL, digested BIGINT NOT NULL, since BIGINT NOT NULL,"
            " PRIMARY KEY (group_name, member)){CLUSTERED}",
            "CREATE INDEX group_members_member ON group_members (member)",
            "CREATE TABLE group_posts (message BIGINT NOT NULL, group_name TEXT NOT NULL,"
            " author TEXT NOT NULL, origin TEXT NOT NULL, lists TEXT NOT NULL,"
            " state INTEGER NOT NULL, cursor TEXT NOT NULL, at BIGINT NOT NULL,"
            " PRIMARY KEY (message, group_name)){CLUSTERED}",
            "CREATE INDEX group_posts_newest ON group_posts (group_name, message)",
            "CREATE INDEX group_posts_origin ON group_posts (group_name, origin)",
            "CREATE INDEX group_posts_unseen ON group_posts (at) WHERE state = 0",
            "CREATE INDEX group_posts_passing ON group_posts (message) WHERE state = 1",
            "CREATE TABLE group_waiting (member TEXT NOT NULL, group_name TEXT NOT NULL,"
            " message BIGINT NOT NULL, since BIGINT NOT NULL,"
            " PRIMARY KEY (member, group_name, message)){CLUSTERED}",
            "CREATE INDEX group_waiting_message ON group_waiting (message)",
        },
        {
            "CREATE TABLE alarms (id {ID}, message BIGINT NOT NULL, state INTEGER NOT NULL,"
            " proven INTEGER NOT NULL, owner TEXT NOT NULL, caller TEXT NOT NULL,"
            " who TEXT NOT NULL, text TEXT NOT NULL, told INTEGER NOT NULL,"
            " repeats INTEGER NOT NULL, opened BIGINT NOT NULL, opened_box BIGINT NOT NULL,"
            " since BIGINT NOT NULL, next BIGINT NOT NULL, unheard BIGINT NOT NULL,"
            " words INTEGER NOT NULL, words_box BIGINT NOT NULL, acknowledged_by TEXT NOT NULL,"
            " answer TEXT NOT NULL, acknowledged BIGINT NOT NULL, cleared BIGINT NOT NULL,"
            " closed_by TEXT NOT NULL, closed BIGINT NOT NULL, due BIGINT NOT NULL)",
            "CREATE INDEX alarms_due ON alarms (due) WHERE due > 0",
            "CREATE INDEX alarms_message ON alarms (message)",
            "CREATE INDEX alarms_owner ON alarms (owner, id)",
            "CREATE TABLE alarm_callers (alarm BIGINT NOT NULL, owner TEXT NOT NULL,"
            " radio TEXT NOT NULL, place INTEGER NOT NULL, answered BIGINT NOT NULL,"
            " cleared BIGINT NOT NULL, PRIMARY KEY (alarm, owner)){CLUSTERED}",
            "CREATE INDEX alarm_callers_owner ON alarm_callers (owner, alarm)",
            "CREATE TABLE places (radio TEXT PRIMARY KEY, latitude BIGINT NOT NULL,"
            " longitude BIGINT NOT NULL, metres INTEGER NOT NULL, at BIGINT NOT NULL)",
            "CREATE TABLE check_ins (owner TEXT PRIMARY KEY, radio TEXT NOT NULL,"
            " contacts TEXT NOT NULL, after BIGINT NOT NULL, heard BIGINT NOT NULL,"
            " ends BIGINT NOT NULL, due BIGINT NOT NULL, asked INTEGER NOT NULL,"
            " told INTEGER NOT NULL)",
            "CREATE INDEX check_ins_due ON check_ins (due) WHERE due > 0",
        },
        {
            // Fair turns, quiet hours, and what became of a letter and was not told yet. What
            // waits by now, or is written by the release before, shares one turn.
            "ALTER TABLE persons ADD COLUMN quiet TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE deliveries ADD COLUMN turn TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX deliveries_turns ON deliveries (network, priority, turn, id)"
            " WHERE state = 3 AND lane <> 0",
            "CREATE TABLE owed (owner TEXT NOT NULL, message BIGINT NOT NULL, at BIGINT NOT NULL,"
            " PRIMARY KEY (owner, message)){CLUSTERED}",
            "CREATE INDEX owed_message ON owed (message)",
        },
        {
            // How each hop was protected, and changed keys. The matter of a key has its radio's
            // address in `handle`: one person may have several, and a move beside.
            "ALTER TABLE events ADD COLUMN privacy INTEGER NOT NULL DEFAULT -1",
            "ALTER TABLE matters ADD COLUMN whose TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE matters ADD COLUMN new_key TEXT NOT NULL DEFAULT ''",
        },
        {
            // From whom what is held came, and whether its recipient was told. What is held by now,
            // or by the release before, has no sender here and is looked for the long way.
            "ALTER TABLE deliveries ADD COLUMN held_from TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE deliveries ADD COLUMN unasked INTEGER NOT NULL DEFAULT 0",
            "CREATE INDEX deliveries_held_from ON deliveries (owner, held_from, id)"
            " WHERE state = 0",
            "CREATE INDEX deliveries_unasked ON deliveries (owner, detail, id)"
            " WHERE state = 0 AND unasked > 0",
            "CREATE INDEX deliveries_not_told ON deliveries (owner, detail, id)"
            " WHERE state = 0 AND unasked = 1",
        },
        {
            // How many letters of one person wait for the air.
            "CREATE INDEX deliveries_of_turn ON deliveries (turn, network)"
            " WHERE lane <> 0 AND state BETWEEN 1 AND 4",
        },
        {
            // The console: who may open it, who has it open, and what was done there.
            "CREATE TABLE console_accounts (handle TEXT PRIMARY KEY, admin INTEGER NOT NULL,"
            " hash TEXT NOT NULL)",
            "CREATE TABLE console_sessions (token TEXT PRIMARY KEY, id TEXT NOT NULL,"
            " handle TEXT NOT NULL, csrf TEXT NOT NULL, created BIGINT NOT NULL,"
            " used BIGINT NOT NULL, used_box BIGINT NOT NULL, agent TEXT NOT NULL)",
            "CREATE TABLE audit (id {ID}, at BIGINT NOT NULL, who TEXT NOT NULL,"
            " what TEXT NOT NULL, about TEXT NOT NULL)",
            "CREATE INDEX audit_at ON audit (at)",
            // What one person wrote, and what came for him, newest first.
            "CREATE INDEX messages_of_owner ON messages (owner, id) WHERE owner <> ''",
            "CREATE INDEX deliveries_of_owner ON deliveries (owner, message)"
            " WHERE owner <> ''",
        },
        {
            // How transports did. What is written together lies together.
            "CREATE TABLE samples (at BIGINT NOT NULL, transport TEXT NOT NULL,"
            " metric TEXT NOT NULL, total BIGINT NOT NULL, times BIGINT NOT NULL,"
            " PRIMARY KEY (at, transport, metric)){CLUSTERED}",
        },
        {
            // What programs come in by.
            "CREATE TABLE console_tokens (token TEXT PRIMARY KEY, id TEXT NOT NULL,"
            " name TEXT NOT NULL, role TEXT NOT NULL, handle TEXT NOT NULL,"
            " created BIGINT NOT NULL, used BIGINT NOT NULL)",
        },
        {
            // A hub: the programs that share this store, which of them does what, and bodies that
            // all of them read. In a box's own store they stay empty.
            "CREATE TABLE workers (id {ID}, name TEXT NOT NULL, release TEXT NOT NULL,"
            " began BIGINT NOT NULL, beat BIGINT NOT NULL, written BIGINT NOT NULL)",
            "CREATE TABLE leases (name TEXT PRIMARY KEY, worker BIGINT NOT NULL,"
            " epoch BIGINT NOT NULL, since BIGINT NOT NULL)",
            "CREATE TABLE body_parts (name TEXT NOT NULL, part INTEGER NOT NULL,"
            " bytes {BYTES}, made BIGINT NOT NULL, PRIMARY KEY (name, part))",
            "CREATE INDEX body_parts_made ON body_parts (made)",
        },
    };
    return kSteps;
}

std::string spell(std::string sql, Engine engine) {
    const bool lite = engine == Engine::Sqlite;
    // Only INTEGER PRIMARY KEY is SQLite's own row id, without a second tree.
    Poco::replaceInPlace(sql, std::string("{ID}"),
                         std::string(lite ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY"));
    Poco::replaceInPlace(sql, std::string("{BYTES}"), std::string(lite ? "BLOB" : "BYTEA"));
    Poco::replaceInPlace(sql, std::string("{CLUSTERED}"),
                         std::string(lite ? " WITHOUT ROWID" : ""));
    return sql;
}

// What the table `meta` says:
//   schema       the version
//   usable_from  the oldest version whose releases can use the store
//   taken_away   how many of takings_away() are done
// `otherwise`: it does not say.
int meta(Poco::Data::Session& session, const std::string& name, int otherwise) {
    const auto value = meta_of(session, name);
    return value ? std::stoi(*value) : otherwise;
}

void set_meta(Poco::Data::Session& session, std::string name, int value) {
    std::string text = std::to_string(value);
    session << "DELETE FROM meta WHERE name = $1", use(name), now;
    session << "INSERT INTO meta (name, value) VALUES ($1, $2)", use(name), use(text), now;
}

// The newest version that a release knew which was marked good here.
constexpr char kOwner[] = "schema";
constexpr char kGood[] = "good";

// One of a hub's workers at a time, and as often as it likes; SQLite's file has its lock.
class Migrating {
  public:
    explicit Migrating(Poco::Data::Session& session)
        : session_(on_sqlite(session) ? nullptr : &session) {
        if (session_) *session_ << take_lock("pg_advisory_lock", kMigratingLock), now;
    }
    Migrating(const Migrating&) = delete;
    Migrating& operator=(const Migrating&) = delete;
    ~Migrating() {
        try {
            if (session_) *session_ << ask_lock("pg_advisory_unlock", kMigratingLock), now;
        } catch (const Poco::Exception& e) {  // the lock goes with the session
            log(Level::Warning, "store", "lock", {{"why", e.displayText()}});
        }
    }

  private:
    Poco::Data::Session* session_;
};

int good_of(StateTable& state) { return std::stoi(state.get(kOwner, kGood).value_or("0")); }

}  // namespace

int newest_version() { return static_cast<int>(steps().size()); }

std::optional<std::string> meta_of(Poco::Data::Session& session, std::string name) {
    std::vector<std::string> value;
    session << "SELECT value FROM meta WHERE name = $1", use(name), into(value), now;
    return value.empty() ? std::nullopt : std::optional(value.front());
}

int version_of(Poco::Data::Session& session) {
    const Migrating alone(session);
    session << "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)", now;
    return meta(session, "schema", 0);
}

void migrate(Poco::Data::Session& session, Engine engine, int to) {
    const Migrating alone(session);
    int version = version_of(session);
    const int usable_from = meta(session, "usable_from", version);
    if (version > newest_version()) {
        if (usable_from <= newest_version()) {
            log(Level::Info, "store", "of-newer-release", {{"schema", std::to_string(version)}});
            return;
        }
        throw std::runtime_error("the store is of schema " + std::to_string(version) +
                                 ", this release knows " + std::to_string(newest_version()) +
                                 ": install the newer release again");
    }
    for (; version < to; ++version) {
        session.begin();
        for (const std::string& sql : steps()[static_cast<std::size_t>(version)]) {
            session << spell(sql, engine), now;
        }
        // Who wrote it last can use it still.
        if (usable_from > 0) set_meta(session, "usable_from", usable_from);
        set_meta(session, "schema", version + 1);
        session.commit();
        log(Level::Info, "store", "migrated", {{"schema", std::to_string(version + 1)}});
    }
}

void mark_good(StateTable& state) {
    if (good_of(state) < newest_version())
        state.put(kOwner, kGood, std::to_string(newest_version()));
}

const std::vector<TakingAway>& takings_away() {
    static const std::vector<TakingAway> kNone;
    return kNone;
}

void take_away(Poco::Data::Session& session, Engine engine, const std::vector<TakingAway>& all) {
    StateTable state(session);
    const int good = good_of(state);
    auto done = static_cast<std::size_t>(meta(session, "taken_away", 0));
    for (; done < all.size() && all[done].since <= good; ++done) {
        session.begin();
        for (const std::string& sql : all[done].sql) session << spell(sql, engine), now;
        set_meta(session, "usable_from",
                 std::max(meta(session, "usable_from", 0), all[done].since));
        set_meta(session, "taken_away", static_cast<int>(done + 1));
        session.commit();
        log(Level::Info, "store", "taken-away", {{"since", std::to_string(all[done].since)}});
    }
}

}  // namespace waypost::store
