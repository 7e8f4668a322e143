// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/durable_state.h"

#include <Poco/Data/Session.h>
#include <gmock/gmock.h>

#include "gateway/store/schema.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class DurableStateTest : public ::testing::Test {
  protected:
    void open() {
        state_.reset();
        store_.reset();
        store_ =
            std::make_unique<store::Store>(store::open_sqlite(folder_ / "s.db"),
                                           store::StoreOptions{folder_ / "bodies", true}, *random_);
        state_ = std::make_unique<DurableState>(*store_, "trunk.dale");
    }
    void step() {
        while (store_->writer().step() > 0) {
        }
    }
    void sql(const std::string& statement) {
        Poco::Data::Session session("SQLite", folder_ / "s.db");
        session << statement, Poco::Data::Keywords::now;
    }

    store::TempFolder folder_;
    std::unique_ptr<Random> random_ = seeded_random(1);
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<DurableState> state_;
};

TEST_F(DurableStateTest, AChangeIsSeenAtOnceAndAfterARestart) {
    open();
    state_->put("out/1", "one");
    state_->put("out/2", "two");
    state_->put("in/1", "other");
    EXPECT_EQ(state_->get("out/1"), "one");
    step();
    state_->erase("out/2");
    state_->put("out/3", std::string("\0three", 6));
    EXPECT_EQ(state_->get("out/2"), std::nullopt);
    for (int restart = 0; restart < 2; ++restart) {
        EXPECT_THAT(state_->with_prefix("out/"),
                    ElementsAre(Pair("out/1", "one"), Pair("out/3", std::string("\0three", 6))));
        step();
        open();
    }
    DurableState other(*store_, "trunk.hill");
    EXPECT_TRUE(other.with_prefix("").empty()) << "each has its own";
}

TEST_F(DurableStateTest, SaysWhenAllBeforeIsOnDisk) {
    open();
    state_->put("a", "1");
    std::vector<bool> said;
    state_->when_durable([&](bool on_disk) { said.push_back(on_disk); });
    EXPECT_TRUE(said.empty());
    step();
    EXPECT_THAT(said, ElementsAre(true));
}

TEST_F(DurableStateTest, WhatTheStoreWouldNotTakeIsWrittenAgain) {
    open();
    step();
    store_.reset();
    sql("CREATE TRIGGER no BEFORE INSERT ON state WHEN NEW.name = 'a' AND NOT EXISTS (SELECT 1 FROM"
        " state WHERE name = 'allowed') BEGIN SELECT RAISE(ABORT, 'no'); END");
    open();
    state_->put("a", "1");
    std::vector<bool> said;
    const auto note = [&](bool on_disk) { said.push_back(on_disk); };
    state_->when_durable(note);
    step();
    EXPECT_THAT(said, ElementsAre(false));
    EXPECT_EQ(state_->get("a"), "1") << "memory has it";
    state_->put("allowed", "yes");
    state_->when_durable(note);
    step();
    EXPECT_THAT(said, ElementsAre(false, true));
    open();
    EXPECT_EQ(state_->get("allowed"), "yes");
    EXPECT_EQ(state_->get("a"), "1");
}

TEST_F(DurableStateTest, ALaterChangeOfARowHidesNoRefusedOne) {
    open();
    step();
    store_.reset();
    sql("CREATE TRIGGER no BEFORE INSERT ON state WHEN NEW.value = x'31' BEGIN SELECT"
        " RAISE(ABORT, 'no'); END");
    open();
    state_->put("a", "1");
    std::optional<std::string> there;
    state_->when_durable([&](bool on_disk) {
        EXPECT_TRUE(on_disk);
        there = *store_->read([](store::Tables& t) { return t.state.get("trunk.dale", "a"); });
    });
    state_->put("a", "2");
    step();
    EXPECT_EQ(there, "2") << "it was said that it is on disk";
}

TEST_F(DurableStateTest, WhatIsHandedOverIsWrittenWhenItIsGone) {
    open();
    state_->put("a", "1");
    bool on_disk = false;
    state_->when_durable([&](bool is) { on_disk = is; });
    state_.reset();
    step();
    EXPECT_TRUE(on_disk);
    open();
    EXPECT_THAT(state_->with_prefix(""), UnorderedElementsAre(Pair("a", "1")));
}

}  // namespace
}  // namespace waypost
