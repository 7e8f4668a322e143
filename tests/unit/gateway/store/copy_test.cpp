// SPDX-License-Identifier: Apache-2.0
// A store copied from SQLite to the engine under test and back.
#include "gateway/store/copy.h"

#include <algorithm>
#include <limits>
#include <set>

#include "copy_world.h"
#include "gateway/store/rows.h"
#include "gateway/store/store.h"

namespace waypost::store {
namespace {

using Limit64 = std::numeric_limits<std::int64_t>;
using Limit32 = std::numeric_limits<std::int32_t>;

// What is a trouble to whoever quotes, counts or translates. No two are the same, so that a column
// of them may be a key.
const std::vector<std::string>& troubles() {
    static const std::vector<std::string> kAll = {
        "",
        "NULL",
        "{a,b}",
        "\"quoted\" and 'quoted'",
        "back\\slash, at the end too \\",
        "\\x00",
        "\t\r\n\x01\x1b\x7f",
        "  blanks  ",
        "$1 ? ?1 :name %s ; -- /* ",
        "\xc3\xa9t\xc3\xa9 \xd1\x81\xd0\xbb\xd0\xbe\xd0\xbd \xd8\xb3\xd9\x84\xd8\xa7\xd9\x85",
        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 \xe2\x80\xae\xe2\x81\xa9",
        "\xf4\x8f\xbf\xbf\xef\xbf\xbf\xef\xb7\x90",
        "e\xcc\x81 not \xc3\xa9",
        std::string(2000, 'x'),
        "A",
        "a",
    };
    return kAll;
}

std::string bytes_of_all_kinds(std::size_t row) {
    if (row == 0) return {};
    std::string bytes;
    for (std::size_t i = 0; i < (row == 1 ? 65536 : 256 + row); ++i)
        bytes += static_cast<char>(i * row);
    return bytes;
}

std::int64_t number(std::size_t row, std::int64_t least, std::int64_t most) {
    switch (row) {
        case 0:
            return most;
        case 1:
            return least;
        case 2:
            return 0;
        case 3:
            return -1;
        default:
            return most - static_cast<std::int64_t>(row);
    }
}

Value value_for(const Column& column, std::size_t row, std::size_t place) {
    if (column.name == "body_file") return std::string();
    switch (column.type) {
        case ColumnType::Int64:
            return number(row, Limit64::min(), Limit64::max());
        case ColumnType::Int32:
            return number(row, Limit32::min(), Limit32::max());
        case ColumnType::Text:
            return troubles()[(row + place) % troubles().size()];
        case ColumnType::Bytes:
            break;
    }
    return row == 2 ? Value() : Value(bytes_of_all_kinds(row));
}

// Of these no rows are copied: what they hold is written otherwise, or only of one hub.
bool by_rows(const TableShape& table) {
    const std::set<std::string> others = {"meta", "body_parts", "workers", "leases"};
    return others.count(table.name) == 0;
}

// One worker, whom nobody takes for dead.
class NoOtherWorker final : public GroupFence {
    void begins_anew() override {}
    void enter(Poco::Data::Session&) override {}
    bool is_written(Poco::Data::Session&) override { return true; }
};

// A row for each trouble in every table that there is.
void fill(const Side& side) {
    Poco::Data::Session session = side.session();
    for (const TableShape& table : tables_of(session, side.database->engine())) {
        if (!by_rows(table)) continue;
        session.begin();
        const auto writer = write_rows(session, side.database->engine(), table);
        for (std::size_t row = 0; row < troubles().size(); ++row) {
            Values values;
            for (std::size_t i = 0; i < table.columns.size(); ++i)
                values.push_back(value_for(table.columns[i], row, i));
            writer->put(values);
        }
        writer->flush();
        session.commit();
    }
}

// Of an SQLite store, by SQLite itself: kinds and bytes of all values.
std::vector<std::string> dump(const Side& side) {
    std::vector<std::string> all;
    for (const TableShape& table : side.tables()) {
        std::string row = "'" + table.name + "'";
        for (const Column& column : table.columns) {
            const std::string name = quoted(column.name);
            row +=
                " || ' ' || typeof(" + name + ") || hex(COALESCE(CAST(" + name + " AS BLOB), ''))";
        }
        const auto rows =
            side.texts("SELECT " + row + " FROM " + quoted(table.name) + " ORDER BY 1");
        all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
}

class CopyTest : public CopyWorld {};

TEST_F(CopyTest, EachRowOfEachTableComesThereAndBack) {
    const Side box = sqlite("box");
    box.migrated();
    fill(box);
    const std::string body = add_body(box, 77, std::string(3000000, '\xfe') + '\0');
    const Side hub = fresh();
    const auto there = copy_store(box.end(), hub.end());
    ASSERT_TRUE(there.ok()) << there.error().text;
    hub.run("INSERT INTO leases (name, worker, epoch, since) VALUES ('gateway', 5, 1, 1)");
    const Side again = sqlite("again");
    const auto back = copy_store(hub.end(), again.end());
    ASSERT_TRUE(back.ok()) << back.error().text;

    EXPECT_EQ(dump(again), dump(box)) << "a hub's lease is none of the box";
    EXPECT_EQ(body_of(hub, body), body_of(box, body));
    EXPECT_EQ(body_of(again, body), body_of(box, body));
    EXPECT_EQ(there->bodies.rows, 1u);
    EXPECT_EQ(there->body_bytes, 3000001u);
    EXPECT_EQ(there->bodies.checksum, back->bodies.checksum);
    const auto tables = box.tables();
    EXPECT_EQ(there->tables.size(),
              static_cast<std::size_t>(std::count_if(tables.begin(), tables.end(), by_rows)) + 1)
        << "and meta";
    ASSERT_EQ(there->tables.size(), back->tables.size());
    for (std::size_t i = 0; i < there->tables.size(); ++i) {
        EXPECT_EQ(there->tables[i].checksum, back->tables[i].checksum) << there->tables[i].name;
        const bool meta = there->tables[i].name == "meta";
        EXPECT_GE(there->tables[i].rows, meta ? 1 : troubles().size()) << there->tables[i].name;
    }
}

TEST_F(CopyTest, NoTableIsLeftOut) {
    const Side box = sqlite("box");
    box.migrated();
    box.run("ALTER TABLE persons RENAME COLUMN name TO old_name");
    auto names = box.texts("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
    const auto found = box.tables();
    ASSERT_EQ(found.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(found[i].name, names[i]);
    const Side hub = fresh();
    EXPECT_NE(why(box, hub).find("the table persons of the store to copy is not as"),
              std::string::npos);

    const Side more = sqlite("more");
    more.migrated();
    more.run("CREATE TABLE later (id BIGINT PRIMARY KEY)");
    EXPECT_NE(why(more, fresh()).find("has the table later, which"), std::string::npos);
    const Side strange = sqlite("strange");
    strange.migrated();
    strange.run("CREATE TABLE later (at REAL)");
    EXPECT_NE(why(strange, fresh()).find("later.at is of the type REAL"), std::string::npos);
}

TEST_F(CopyTest, BothEnginesHaveTheSameTables) {
    const Side lite = sqlite("lite");
    lite.migrated();
    const Side other = fresh();
    other.migrated();
    EXPECT_EQ(lite.tables(), other.tables());
    const auto tables = other.tables();
    const auto items = std::find_if(tables.begin(), tables.end(),
                                    [](const TableShape& t) { return t.name == "items"; });
    ASSERT_NE(items, tables.end());
    EXPECT_EQ(items->key, (std::vector<std::string>{"owner", "number"}));
}

TEST_F(CopyTest, AStoreGoesOnWhereTheOtherStopped) {
    Side box = sqlite("box");
    box.migrated();
    add_message(box, 41, "before");
    const std::string body = add_body(box, 42, "a large body");
    Side hub = fresh();
    ASSERT_EQ(why(box, hub), "");
    Side again = sqlite("again");
    ASSERT_EQ(why(hub, again), "");
    for (Side* side : {&box, &hub, &again}) {
        NoOtherWorker fence;
        const bool hub_s = side->bodies->folder().empty();
        Store store(
            std::move(side->database),
            {hub_s ? folder_ / "spool" : side->bodies->folder(), false, hub_s ? &fence : nullptr},
            *random_);
        MessageId made = 0;
        store.writer().submit([&](Tables& t) { made = t.messages.insert({}); }, {});
        store.writer().step();
        EXPECT_EQ(made, 43);
        const auto seen = store.read([](Tables& t) { return t.messages.find(42); });
        ASSERT_TRUE(seen.ok() && seen->has_value());
        EXPECT_EQ((*seen)->message.body.file, body);
        EXPECT_EQ(body_of(*side, body), "a large body") << "it is not swept";
    }
}

TEST_F(CopyTest, RowsComeInTransactionsOfBoundedSize) {
    const Side box = sqlite("box");
    box.migrated();
    for (int i = 1; i <= 7; ++i) add_message(box, i, std::string(1000000, 'a'));
    const Side hub = fresh();
    std::vector<std::uint64_t> by_number, by_size;
    const auto into = [](std::vector<std::uint64_t>& seen) {
        return [&seen](const CopyStep& step) {
            if (step.phase == CopyStep::Phase::Writing && step.what == "messages")
                seen.push_back(step.rows);
        };
    };
    CopyOptions few;
    few.rows_at_once = 3;
    few.told = into(by_number);
    ASSERT_EQ(why(box, hub, few), "");
    EXPECT_EQ(by_number, (std::vector<std::uint64_t>{0, 3, 6, 7}));
    CopyOptions many;
    many.told = into(by_size);
    ASSERT_EQ(why(hub, sqlite("again"), many), "");
    EXPECT_EQ(by_size, (std::vector<std::uint64_t>{0, 5, 7})) << "4 MiB are full";
}

TEST_F(CopyTest, WhatAReleaseTookAwayIsTakenFromTheCopyToo) {
    const Side box = sqlite("box");
    box.migrated();
    const std::vector<TakingAway> all = {{newest_version(), {"DROP TABLE duplicates"}},
                                         {newest_version(), {"DROP TABLE samples"}}};
    {
        Poco::Data::Session session = box.session();
        StateTable state(session);
        mark_good(state);
        take_away(session, Engine::Sqlite, {all.front()});
    }
    const CopyOptions options{false, {}, 10000, all};
    const Side hub = fresh();
    ASSERT_EQ(why(box, hub, options), "");
    EXPECT_EQ(hub.tables(), box.tables());
    EXPECT_EQ(hub.texts("SELECT value FROM meta WHERE name = 'taken_away'").size(), 1u);
    const std::vector<TakingAway> none;
    EXPECT_NE(why(box, fresh(), CopyOptions{false, {}, 10000, none}).find("newer release"),
              std::string::npos);
}

}  // namespace
}  // namespace waypost::store
