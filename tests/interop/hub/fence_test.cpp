// SPDX-License-Identifier: Apache-2.0
#include "cut_socket.h"
#include "gateway/hub/lease_keeper.h"
#include "hub_world.h"

namespace waypost::hub {
namespace {

using store::Ids;
using store::Tables;
using store::Writer;

store::EventRow event(MessageId message, const std::string& kind) {
    store::EventRow row;
    row.message = message;
    row.kind = kind;
    return row;
}

struct Worker {
    Worker(store::Database& database, store::WorkerId id)
        : keeper(database, {id, "worker" + std::to_string(id), "1.0"}, {}),
          fence(id),
          writer(database, ids, &fence) {
        EXPECT_TRUE(keeper.step(Steady(std::chrono::seconds(1))).ok());
        writer.on_lost([this](const std::string& why) { lost = why; });
    }
    // One group of one job; how it was answered, nothing: it was not.
    std::optional<bool> does(store::Job job) {
        std::optional<bool> answer;
        writer.submit(std::move(job), [&](const Result<void>& done) { answer = done.ok(); });
        writer.step();
        return answer;
    }
    std::optional<bool> keeps(const std::string& text) {
        return does([text](Tables& t) {
            const MessageId id = t.messages.insert(letter(text));
            t.events.add(event(id, "accepted"));
        });
    }

    Ids ids;
    LeaseKeeper keeper;
    WorkerFence fence;
    Writer writer;
    std::string lost;
};

class FenceTest : public HubWorld {};

TEST_F(FenceTest, TwoWritersGiveNoNumberTwice) {
    Worker one(*database_, 1), two(*database_, 2);
    for (int round = 0; round < 5; ++round) {
        EXPECT_EQ(one.keeps("of one"), true);
        EXPECT_EQ(two.keeps("of two"), true);
    }
    EXPECT_EQ(ask("SELECT COUNT(*), MAX(id) FROM messages"), "10|10");
    // What one accepted the other sends.
    for (Worker* each : {&two, &one, &two})
        EXPECT_EQ(each->does([](Tables& t) { t.events.add(event(1, "sent")); }), true);
    EXPECT_EQ(ask("SELECT COUNT(*), MAX(id) FROM events WHERE message = 1"), "4|4");
}

TEST_F(FenceTest, WhoWasTakenForDeadWritesNothing) {
    Worker one(*database_, 1), two(*database_, 2);
    EXPECT_EQ(one.keeps("before"), true);
    ask("DELETE FROM workers WHERE id = 1");
    EXPECT_EQ(one.keeps("after"), std::nullopt)
        << "neither kept nor refused: asked again elsewhere";
    EXPECT_NE(one.lost, "");
    EXPECT_EQ(one.keeps("later"), std::nullopt);
    EXPECT_EQ(two.keeps("of two"), true);
    EXPECT_EQ(ask("SELECT string_agg(text, ',' ORDER BY id) FROM messages"), "before,of two");
}

TEST_F(FenceTest, ATakeOverWaitsForATransactionThatHasBegun) {
    Worker one(*database_, 1);
    LeaseKeeper other(*database_, {2, "two", "1.0"}, {"work"});
    bool taken = false;
    std::thread takes;
    // In the middle of it the other one takes worker 1 for dead.
    EXPECT_EQ(one.does([&](Tables& t) {
        takes = std::thread([&] {
            auto session = database_->open_writer();
            session.begin();
            store::WorkerTable table(session);
            table.lock();
            taken = true;
            table.remove(1);
            session.commit();
        });
        t.messages.insert(letter("begun"));
        EXPECT_FALSE(taken);
    }),
              true);
    takes.join();
    EXPECT_EQ(one.keeps("after"), std::nullopt);
    EXPECT_EQ(ask("SELECT string_agg(text, ',') FROM messages"), "begun");
}

TEST_F(FenceTest, ALostConnectionIsAnErrorThatPassesAndTheNextGroupIsKept) {
    Worker one(*database_, 1);
    EXPECT_EQ(one.does([&](Tables& t) {
        t.messages.insert(letter("lost"));
        ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND state = 'idle in transaction'");
        t.messages.insert(letter("lost too"));
    }),
              false);
    EXPECT_EQ(one.keeps("next"), true);
    EXPECT_EQ(ask("SELECT string_agg(text, ',') FROM messages"), "next");
}

class CutTest : public HubWorld {
  protected:
    CutTest() : socket_(server().folder()) {
        through_ = store::open_postgresql(
            "host=" + socket_.folder() + " dbname=" + name_ + " user=waypost",
            store::Sharing::Workers);
    }
    CutSocket socket_;
    std::unique_ptr<store::Database> through_;
};

TEST_F(CutTest, ACommitWhoseAnswerIsLostIsNotDoneAgain) {
    Worker one(*through_, 1);
    ASSERT_EQ(one.keeps("before"), true);
    socket_.cut(CutSocket::Cut::BeforeTheAnswer);
    EXPECT_EQ(one.keeps("in doubt"), true) << "it was on disk, and the sender is told so";
    EXPECT_TRUE(socket_.has_cut());
    EXPECT_EQ(one.keeps("next"), true);
    EXPECT_EQ(ask("SELECT string_agg(text, ',' ORDER BY id) FROM messages"),
              "before,in doubt,next");
}

TEST_F(CutTest, ACommitThatTheServerNeverHeardIsNotSaidToBeDone) {
    Worker one(*through_, 1);
    ASSERT_EQ(one.keeps("before"), true);
    socket_.cut(CutSocket::Cut::BeforeTheServerHears);
    EXPECT_EQ(one.keeps("in doubt"), false);
    EXPECT_TRUE(socket_.has_cut());
    EXPECT_EQ(one.keeps("next"), true);
    EXPECT_EQ(ask("SELECT string_agg(text, ',' ORDER BY id) FROM messages"), "before,next");
}

TEST_F(CutTest, AGroupInDoubtIsDoneOnceByEachOfItsJobs) {
    Worker one(*through_, 1);
    for (const auto when :
         {CutSocket::Cut::BeforeTheAnswer, CutSocket::Cut::BeforeTheServerHears}) {
        ask("DELETE FROM messages");
        int good = 0;
        for (int each = 0; each < 20; ++each)
            one.writer.submit([](Tables& t) { t.messages.insert(letter("x")); },
                              [&](const Result<void>& done) { good += done.ok() ? 1 : 0; });
        socket_.cut(when);
        one.writer.step();
        EXPECT_EQ(good, 20);
        EXPECT_EQ(ask("SELECT COUNT(*) FROM messages"), "20");
    }
}

}  // namespace
}  // namespace waypost::hub
