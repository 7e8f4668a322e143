// SPDX-License-Identifier: Apache-2.0
// What is not copied, what is not taken for a copy, and what is found to be none.
#include <functional>

#include "copy_world.h"
#include "gateway/store/store.h"

namespace waypost::store {
namespace {

using ::testing::Test;
using Phase = CopyStep::Phase;

class CopyRefused : public CopyWorld {
  protected:
    CopyRefused() : box_(sqlite("box")) {
        box_.migrated();
        for (int i = 1; i <= 5; ++i) add_message(box_, i, "letter");
        body_ = add_body(box_, 6, "a large body");
    }
    // Once at such a step.
    static CopyOptions at(Phase phase, const std::string& what, std::function<void()> work) {
        CopyOptions options;
        options.rows_at_once = 2;
        options.told = [phase, what, work, done = false](const CopyStep& step) mutable {
            if (done || step.phase != phase || step.what != what) return;
            done = true;
            work();
        };
        return options;
    }
    static bool says(const std::string& text, const std::string& part) {
        if (text.find(part) != std::string::npos) return true;
        ADD_FAILURE() << '"' << text << "\" does not say \"" << part << '"';
        return false;
    }
    void open_store(Side& side) {
        Store(std::move(side.database), {side.bodies->folder(), false}, *random_);
    }
    Side box_;
    std::string body_;
};

TEST_F(CopyRefused, ATargetThatIsNotEmpty) {
    const Side used = fresh();
    used.migrated();
    const auto before = used.texts("SELECT value FROM meta WHERE name = 'schema'");
    says(why(box_, used), "the database to copy to is not empty");
    EXPECT_EQ(used.texts("SELECT value FROM meta WHERE name = 'schema'"), before);
    EXPECT_TRUE(used.texts("SELECT name FROM meta WHERE name = 'unfinished_copy'").empty());
    const Side bodies = sqlite("bodies");
    put_body(bodies, "ab01", "somebody's");
    says(why(box_, bodies), "there are bodies already");
    EXPECT_TRUE(bodies.tables().empty());
}

TEST_F(CopyRefused, AStoreOfAnotherVersion) {
    const Side old = sqlite("old");
    old.migrated(newest_version() - 1);
    const Side hub = fresh();
    says(why(old, hub), "start the gateway on it once");
    EXPECT_TRUE(hub.tables().empty());
    EXPECT_EQ(old.texts("SELECT value FROM meta WHERE name = 'schema'").front(),
              std::to_string(newest_version() - 1));
    box_.run("UPDATE meta SET value = '999' WHERE name = 'schema'");
    says(why(box_, hub), "copy it with the newer release");
    says(why(sqlite("none"), hub), "there is no store to copy");
    EXPECT_TRUE(hub.tables().empty());
}

TEST_F(CopyRefused, WhatEndsInTheMiddleIsNoStore) {
    struct Stop {
        Phase phase;
        std::string what;
    };
    const std::vector<Stop> stops = {{Phase::Writing, "alarms"},
                                     {Phase::Writing, "messages"},
                                     {Phase::Writing, "bodies"},
                                     {Phase::Checking, "bodies"}};
    for (const Stop& stop : stops) {
        Side hub = fresh();
        const auto broken =
            at(stop.phase, stop.what, [] { throw std::runtime_error("the plug was pulled"); });
        says(why(box_, hub, broken), "at " + stop.what + ": the plug was pulled");
        says(why(hub, sqlite("none")), "is itself an unfinished copy");
        says(why(box_, hub), "holds an unfinished copy: empty the database");
        try {
            open_store(hub);
            ADD_FAILURE() << "a store, at " << stop.what;
        } catch (const std::runtime_error& e) {
            says(e.what(), "an unfinished copy of another one: empty the database");
        }
    }
    EXPECT_EQ(why(box_, fresh()), "") << "what is copied is as it was";
}

TEST_F(CopyRefused, ARowThatChangedIsFound) {
    const Side hub = fresh();
    says(why(box_, hub,
             at(Phase::Checking, "alarms",
                [&] { hub.run("UPDATE messages SET subject = 'Letter' WHERE id = 3"); })),
         "the copy is not what was copied: messages (6 and 6 rows");
    const Side lost = fresh();
    says(why(box_, lost,
             at(Phase::Checking, "alarms", [&] { lost.run("DELETE FROM messages WHERE id = 3"); })),
         "messages (6 and 5 rows");
    const Side late = fresh();
    says(why(box_, late,
             at(Phase::Writing, "alarms", [&] { add_message(box_, 9, "while it was copied"); })),
         "messages (6 and 7 rows");
    Side unusable = fresh();
    says(why(box_, unusable,
             at(Phase::Checking, "bodies", [&] { put_body(unusable, body_, "a large b0dy"); })),
         "the copy is not what was copied: bodies (1 and 1 rows");
    EXPECT_THROW(open_store(unusable), std::runtime_error);
}

TEST_F(CopyRefused, BodiesThatAreGoneAreSaid) {
    add_message(box_, 7, "m", "ab02");
    const Side hub = fresh();
    says(why(box_, hub), "1 bodies that messages name are gone, the first is ab02");
    EXPECT_TRUE(hub.tables().empty());
    CopyOptions lossy;
    lossy.lossy = true;
    const auto copied = copy_store(box_.end(), hub.end(), lossy);
    ASSERT_TRUE(copied.ok()) << copied.error().text;
    EXPECT_EQ(copied->bodies_gone, 1u);
    EXPECT_EQ(copied->where, std::vector<std::string>{"body ab02"});
    EXPECT_EQ(copied->bodies.rows, 1u);
    EXPECT_EQ(body_of(hub, body_), "a large body");
}

// SQLite holds any bytes as text. PostgreSQL does not, and is asked before anything is written.
TEST_F(CopyRefused, TextThatPostgresqlCannotHold) {
    add_message(box_, 7, std::string("nul\0here", 8));
    add_message(box_, 8, "half \xc3( and \xed\xa0\x80");
    const Side hub = fresh();
    const bool postgresql = hub.database->engine() == Engine::Postgresql;
    const auto copied = copy_store(box_.end(), hub.end());
    ASSERT_EQ(copied.ok(), !postgresql);
    if (!postgresql) {
        EXPECT_EQ(hub.texts("SELECT hex(CAST(subject AS BLOB)) FROM messages WHERE id = 7"),
                  std::vector<std::string>{"6E756C0068657265"});
        return;
    }
    says(copied.error().text, "PostgreSQL cannot hold 2 texts of this store");
    says(copied.error().text, "messages 7: subject; messages 8: subject. Nothing was written");
    EXPECT_TRUE(hub.tables().empty());
    CopyOptions lossy;
    lossy.lossy = true;
    const auto mended = copy_store(box_.end(), hub.end(), lossy);
    ASSERT_TRUE(mended.ok()) << mended.error().text;
    // The gateway itself writes nothing there that it cannot hold.
    Ids ids;
    ids.message = 4999;
    Poco::Data::Session session = hub.session();
    MessageTable messages(session, ids);
    for (const std::string& subject : {std::string("nul\0here", 8), std::string("half \xc3(")}) {
        MessageRow row;
        row.message.subject = subject;
        messages.insert(row);
    }
    EXPECT_EQ(hub.texts("SELECT subject FROM messages WHERE id >= 5000 ORDER BY id"),
              (std::vector<std::string>{"nul\xef\xbf\xbdhere", "half \xef\xbf\xbd("}));
    EXPECT_EQ(mended->changed_texts, 2u);
    EXPECT_EQ(mended->where.front(), "messages 7: subject");
    EXPECT_EQ(
        hub.texts("SELECT subject FROM messages WHERE id IN (7, 8) ORDER BY id"),
        (std::vector<std::string>{"nul\xef\xbf\xbdhere",
                                  "half \xef\xbf\xbd( and \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}));
}

TEST_F(CopyRefused, ANumberThatPostgresqlHasNoRoomFor) {
    box_.run("UPDATE messages SET flags = 2147483648 WHERE id = 2");
    const Side hub = fresh();
    if (hub.database->engine() == Engine::Sqlite) {
        EXPECT_EQ(why(box_, hub), "");
        return;
    }
    says(why(box_, hub), "no room for 1 numbers of this store: messages 2: flags");
    EXPECT_TRUE(hub.tables().empty());
}

TEST_F(CopyRefused, AValueThatIsNoneOfItsColumn) {
    box_.run("UPDATE messages SET created = 'yesterday' WHERE id = 2");
    const Side hub = fresh();
    says(why(box_, hub), "a row of messages has in created no value of the column's type");
    EXPECT_TRUE(hub.tables().empty());
}

}  // namespace
}  // namespace waypost::store
