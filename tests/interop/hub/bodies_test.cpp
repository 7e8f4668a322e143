// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/bodies.h"

#include <iterator>
#include <sstream>

#include "hub_world.h"

namespace waypost::hub {
namespace {

class BodiesTest : public HubWorld {
  protected:
    BodiesTest() : bodies_(store::bodies_in_database(*database_, spool(), *random_)) {}
    ~BodiesTest() override { std::filesystem::remove_all(spool()); }
    std::string spool() const { return server().folder() + "/spool-" + name_; }
    std::string text_of(const std::string& name) const {
        auto opened = bodies_->open(Body{{}, name, 0});
        if (!opened.ok()) return "(" + opened.error().text + ")";
        return {std::istreambuf_iterator<char>(**opened), {}};
    }

    std::unique_ptr<Random> random_ = system_random();
    std::unique_ptr<store::Bodies> bodies_;
};

TEST_F(BodiesTest, WhatOneWorkerWroteAnotherReads) {
    std::string all;
    const auto writer = bodies_->make();
    for (int piece = 0; piece < 100; ++piece) {
        const std::string bytes = std::string(7919, static_cast<char>(piece)) + '\0' + '\xff';
        ASSERT_TRUE(writer->write(bytes).ok());
        all += bytes;
    }
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(*writer->written()), {}), all);
    const auto made = writer->finish();
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->size, all.size());
    const auto other = open();
    const auto there = store::bodies_in_database(*other, spool(), *random_);
    auto opened = there->open(*made);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(**opened), {}), all);
    // Who opens an attachment goes back and forth.
    const auto again = there->open(*made);
    ASSERT_TRUE(again.ok());
    std::istream& in = **again;
    in.seekg(0, std::ios::end);
    EXPECT_EQ(static_cast<std::size_t>(in.tellg()), all.size());
    in.seekg(300'000);
    EXPECT_EQ(in.get(), static_cast<unsigned char>(all[300'000]));
    there->remove(made->file);
    EXPECT_EQ(text_of(made->file), "(the body of this message is gone)");
}

TEST_F(BodiesTest, WhatIsNotFinishedIsNowhere) {
    { ASSERT_TRUE(bodies_->make()->write("half").ok()); }
    EXPECT_EQ(ask("SELECT COUNT(*) FROM body_parts"), "0");
    EXPECT_TRUE(bodies_->empty());
    EXPECT_TRUE(std::filesystem::is_empty(spool()));
}

TEST_F(BodiesTest, AnEmptyOneIsThere) {
    const auto made = bodies_->make()->finish();
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(text_of(made->file), "");
    EXPECT_FALSE(bodies_->empty());
}

TEST_F(BodiesTest, OneUnderItsNameReplacesWhatHasIt) {
    std::istringstream first("first"), second("second");
    ASSERT_TRUE(bodies_->put("0a1b", first).ok());
    ASSERT_TRUE(bodies_->put("0a1b", second).ok());
    EXPECT_EQ(text_of("0a1b"), "second");
}

// Another worker may have finished one that its message does not name yet.
TEST_F(BodiesTest, SweepingLeavesWhatIsNewOrNamed) {
    std::istringstream a("a"), b("b"), c("c");
    ASSERT_TRUE(bodies_->put("aa", a).ok());
    ASSERT_TRUE(bodies_->put("bb", b).ok());
    ASSERT_TRUE(bodies_->put("cc", c).ok());
    store::Ids ids;
    auto session = database_->open_writer();
    auto row = letter("with a body");
    row.message.body.file = "bb";
    store::Tables(session, ids).messages.insert(row);
    ask("UPDATE body_parts SET made = made - 10800000 WHERE name <> 'cc'");
    EXPECT_EQ(bodies_->sweep({}), 1U);
    EXPECT_EQ(text_of("aa"), "(the body of this message is gone)");
    EXPECT_EQ(text_of("bb"), "b");
    EXPECT_EQ(text_of("cc"), "c");
}

TEST_F(BodiesTest, NoNameLeadsElsewhere) {
    EXPECT_FALSE(bodies_->open(Body{{}, "'; DROP TABLE messages", 1}).ok());
    EXPECT_FALSE(bodies_->open(Body{{}, "../x", 1}).ok());
}

}  // namespace
}  // namespace waypost::hub
