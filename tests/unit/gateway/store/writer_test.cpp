// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/writer.h"

#include <Poco/Data/Session.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine.h"

namespace waypost::store {
namespace {

class WriterTest : public ::testing::Test {
  protected:
    WriterTest() : database_(fresh_database()) {
        auto session = database_->open_writer();
        migrate(session, database_->engine());
        writer_ = std::make_unique<Writer>(*database_, ids_);
    }
    std::int64_t used(const std::string& owner) {
        auto session = database_->open_reader();
        return StateTable(session).used(owner, 1, "x");
    }

    std::unique_ptr<Database> database_;
    Ids ids_;
    std::unique_ptr<Writer> writer_;
};

TEST_F(WriterTest, AnswersOnlyAfterTheCommit) {
    bool committed = false;
    writer_->submit([](Tables& t) { t.state.use("ana", 1, "x"); },
                    [&](const Result<void>& r) { committed = r.ok() && used("ana") == 1; });
    EXPECT_FALSE(committed);
    EXPECT_EQ(writer_->step(), 1u);
    EXPECT_TRUE(committed) << "another session sees it when the answer is given";
}

TEST_F(WriterTest, OneBadJobDoesNotHurtItsNeighbours) {
    std::vector<bool> answers;
    const auto note = [&](const Result<void>& r) { answers.push_back(r.ok()); };
    writer_->submit([](Tables& t) { t.state.use("ana", 1, "x"); }, note);
    writer_->submit([](Tables& t) { t.state.remember({1, 1}, 1, 1); }, note);
    writer_->submit([](Tables& t) { t.state.remember({1, 1}, 1, 1); }, note);  // key is taken
    writer_->submit([](Tables&) { throw std::runtime_error("a bug"); }, note);
    writer_->submit([](Tables& t) { t.state.use("ben", 1, "x"); }, note);
    writer_->step();
    EXPECT_EQ(answers, (std::vector<bool>{true, true, false, false, true}));
    EXPECT_EQ(used("ana"), 1) << "the group was repeated, the use was not counted twice";
    EXPECT_EQ(used("ben"), 1);
}

TEST_F(WriterTest, ManyThreadsShareCommits) {
    writer_->start();
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                if (writer_->run([](Tables& tables) { tables.state.use("ana", 1, "x"); }).ok())
                    ++good;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    writer_->stop();
    EXPECT_EQ(good, 400);
    EXPECT_EQ(used("ana"), 400);
}

TEST_F(WriterTest, StopCommitsWhatWasSubmitted) {
    bool done = false;
    writer_->submit([](Tables& t) { t.state.use("ana", 1, "x"); },
                    [&](const Result<void>& r) { done = r.ok(); });
    writer_->start();
    writer_->stop();
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace waypost::store
