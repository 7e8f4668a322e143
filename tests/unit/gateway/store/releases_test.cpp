// SPDX-License-Identifier: Apache-2.0
// A store that two releases use in turn, as while an update is tried: the one that comes back can
// still use it, and nothing is taken away from it before the new one was marked good.
#include "open_tables.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

class ReleasesTest : public OpenTables {
  protected:
    void say(const std::string& name, int value) {
        std::string what = name, text = std::to_string(value);
        session_ << "DELETE FROM meta WHERE name = $1", use(what), now;
        session_ << "INSERT INTO meta (name, value) VALUES ($1, $2)", use(what), use(text), now;
    }
    std::string said(const std::string& name) {
        std::string what = name;
        std::vector<std::string> value;
        session_ << "SELECT value FROM meta WHERE name = $1", use(what), into(value), now;
        return value.empty() ? std::string() : value.front();
    }
    bool is_there(const std::string& table) {
        try {
            std::vector<int> none;
            session_ << "SELECT 1 FROM " + table, into(none), now;
            return true;
        } catch (const Poco::Exception&) {
            return false;
        }
    }
    const int newest_ = newest_version();
    const Engine engine_ = database_->engine();
};

TEST_F(ReleasesTest, WhatANewerReleaseAddedToIsUsed) {
    EXPECT_EQ(version_of(session_), newest_);
    say("schema", newest_ + 2);
    say("usable_from", newest_);
    EXPECT_NO_THROW(migrate(session_, engine_));
    EXPECT_EQ(version_of(session_), newest_ + 2) << "it is left as it is";
    EXPECT_EQ(tables_->state.get("box", "none"), std::nullopt);
}

TEST_F(ReleasesTest, WhatANewerReleaseTookFromIsRefused) {
    say("schema", newest_ + 2);
    say("usable_from", newest_ + 1);
    EXPECT_THROW(migrate(session_, engine_), std::runtime_error);
    session_ << "DELETE FROM meta WHERE name = 'usable_from'", now;
    EXPECT_THROW(migrate(session_, engine_), std::runtime_error) << "it does not say";
}

TEST(Releases, WhoWroteItLastCanUseItAfterAMigration) {
    const auto database = fresh_database();
    Poco::Data::Session session = database->open_writer();
    migrate(session, database->engine(), newest_version() - 2);
    migrate(session, database->engine());
    std::vector<std::string> from;
    session << "SELECT value FROM meta WHERE name = 'usable_from'", into(from), now;
    ASSERT_EQ(from.size(), 1u);
    EXPECT_EQ(from.front(), std::to_string(newest_version() - 2));
}

TEST_F(ReleasesTest, NothingIsTakenAwayBeforeTheReleaseIsMarkedGood) {
    const std::vector<TakingAway> all = {{newest_, {"DROP TABLE duplicates"}},
                                         {newest_ + 1, {"DROP TABLE samples"}}};
    take_away(session_, engine_, all);
    EXPECT_TRUE(is_there("duplicates")) << "the release before needs it";
    EXPECT_EQ(said("taken_away"), "");
    mark_good(tables_->state);
    take_away(session_, engine_, all);
    EXPECT_FALSE(is_there("duplicates"));
    EXPECT_TRUE(is_there("samples")) << "of a release that was not here yet";
    EXPECT_EQ(said("taken_away"), "1");
    EXPECT_EQ(said("usable_from"), std::to_string(newest_));
    take_away(session_, engine_, all);
    EXPECT_TRUE(is_there("samples")) << "once";
}

TEST_F(ReleasesTest, WhatFailsIsNotTakenHalf) {
    mark_good(tables_->state);
    const std::vector<TakingAway> all = {
        {1, {"DELETE FROM meta WHERE name = 'usable_from'", "DROP TABLE no_such_table"}}};
    say("usable_from", 1);
    EXPECT_ANY_THROW(take_away(session_, engine_, all));
    session_.rollback();
    EXPECT_EQ(said("usable_from"), "1");
    EXPECT_EQ(said("taken_away"), "");
}

TEST_F(ReleasesTest, AMarkNeverGoesBack) {
    tables_->state.put("schema", "good", std::to_string(newest_ + 5));
    mark_good(tables_->state);
    EXPECT_EQ(tables_->state.get("schema", "good"), std::to_string(newest_ + 5));
}

}  // namespace
}  // namespace waypost::store
