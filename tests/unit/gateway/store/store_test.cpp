// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/store.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "engine.h"

namespace waypost::store {
namespace {

class StoreTest : public ::testing::Test {
  protected:
    std::unique_ptr<Store> open() {
        return std::make_unique<Store>(open_sqlite(folder_ / "s.db"),
                                       StoreOptions{folder_ / "bodies", true}, *random_);
    }
    TempFolder folder_;
    std::unique_ptr<Random> random_ = seeded_random(1);
};

TEST_F(StoreTest, ASecondGatewayOnTheSameStoreIsRefused) {
    const auto store = open();
    try {
        open();
        FAIL() << "two gateways on one store";
    } catch (const std::runtime_error& e) {
        EXPECT_NE(std::string(e.what()).find("another gateway"), std::string::npos);
    }
}

TEST_F(StoreTest, BodiesSurviveOnlyIfAMessageNamesThem) {
    std::string kept;
    {
        const auto store = open();
        auto body = store->bodies().make();
        ASSERT_TRUE(body->write(std::string(100000, 'x')).ok());
        auto finished = body->finish();
        ASSERT_TRUE(finished.ok());
        kept = finished->file;
        MessageRow row;
        row.message.body = *finished;
        ASSERT_EQ(finished->size, 100000u);
        store->writer().submit([&](Tables& t) { t.messages.insert(row); }, {});
        auto orphan = store->bodies().make();
        ASSERT_TRUE(orphan->write("nobody names me").ok());
        ASSERT_TRUE(orphan->finish().ok());
        store->bodies().make();  // dropped unfinished
        store->writer().step();
    }
    const auto store = open();
    std::vector<std::string> left;
    for (const auto& e : std::filesystem::directory_iterator(folder_ / "bodies")) {
        left.push_back(e.path().filename());
    }
    EXPECT_EQ(left, (std::vector<std::string>{kept}));
    const auto stream = store->bodies().open(Body{{}, kept, 100000});
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(**stream), {}).size(), 100000u);
    EXPECT_FALSE(store->bodies().open(Body{{}, "../s.db", 1}).ok()) << "no way out of the folder";
}

// What is written meanwhile is seen by the next one; a query that throws leaves nothing open.
TEST_F(StoreTest, WhatIsReadTogetherIsOfOneMoment) {
    const auto store = open();
    const auto add = [&] {
        store->writer().submit([](Tables& t) { t.messages.insert({}); }, {});
        store->writer().step();
    };
    const auto there = [](Tables& t, MessageId id) { return t.messages.find(id).has_value(); };
    add();
    const auto seen = store->read_together([&](Tables& t) {
        const bool first = there(t, 1);
        add();
        return std::pair(first, there(t, 2));
    });
    ASSERT_TRUE(seen.ok());
    EXPECT_EQ(*seen, std::pair(true, false));
    EXPECT_FALSE(store->read_together([](Tables&) -> bool { throw Poco::Exception("no"); }).ok());
    for (int i = 0; i < 3; ++i) {
        const auto second = store->read_together([&](Tables& t) { return there(t, 2); });
        EXPECT_TRUE(second.ok() && *second);
    }
    EXPECT_TRUE(*store->read([&](Tables& t) { return there(t, 2); }));
}

TEST_F(StoreTest, IdsGoOnAfterAReopen) {
    MessageId first = 0;
    {
        const auto store = open();
        store->writer().submit([&](Tables& t) { first = t.messages.insert({}); }, {});
        store->writer().step();
    }
    const auto store = open();
    MessageId second = 0;
    store->writer().submit([&](Tables& t) { second = t.messages.insert({}); }, {});
    store->writer().step();
    EXPECT_EQ(second, first + 1);
}

TEST_F(StoreTest, TheCopyIsWholeWhileTheStoreIsInUse) {
    const auto store = open();
    store->writer().submit([](Tables& t) { t.state.put("a", "b", "c"); }, {});
    store->writer().step();
    ASSERT_TRUE(store->copy_database(folder_ / "copy.db").ok());
    Store copy(open_sqlite(folder_ / "copy.db"), {folder_ / "bodies2", true}, *random_);
    const auto value = copy.read([](Tables& t) { return t.state.get("a", "b"); });
    ASSERT_TRUE(value.ok());
    EXPECT_EQ(**value, "c");
}

TEST_F(StoreTest, AReaderCannotWrite) {
    const auto store = open();
    const auto result = store->read([](Tables& t) {
        t.state.put("a", "b", "c");
        return 1;
    });
    EXPECT_FALSE(result.ok());
}

}  // namespace
}  // namespace waypost::store
