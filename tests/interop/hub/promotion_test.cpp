// SPDX-License-Identifier: Apache-2.0
// The machine of the database is gone in mid-flow, and its replica takes its place.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "gateway/hub/lease_keeper.h"
#include "hub_world.h"

namespace waypost::hub {
namespace {

constexpr int kSenders = 4, kEach = 150;

// What senders do: what was answered with "not now" they hand over again.
class Senders {
  public:
    explicit Senders(store::Writer& writer) : writer_(writer) {
        for (int who = 0; who < kSenders; ++who) all_.emplace_back([this, who] { send(who); });
    }
    ~Senders() {
        for (std::thread& each : all_)
            if (each.joinable()) each.join();
    }
    void wait() {
        for (std::thread& each : all_) each.join();
    }
    int acknowledged() const { return acknowledged_; }

  private:
    void send(int who) {
        for (int number = 0; number < kEach; ++number) {
            const std::string text = std::to_string(who) + '-' + std::to_string(number);
            while (!writer_.run([&](store::Tables& t) { t.messages.insert(letter(text)); }).ok()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
            ++acknowledged_;
        }
    }
    store::Writer& writer_;
    std::atomic<int> acknowledged_{0};
    std::vector<std::thread> all_;
};

TEST(PromotionTest, WhatWasAcknowledgedIsThereOnce) {
    auto primary = std::make_unique<postgresql::Server>();
    primary->make("hub");
    const auto replica = postgresql::Server::replica_of(*primary);
    const auto database = store::open_postgresql(
        "host=" + primary->folder() + ',' + replica->folder() + " dbname=hub user=waypost",
        store::Sharing::Workers);
    {
        auto session = database->open_writer();
        store::version_of(session);
        store::migrate(session, database->engine());
    }
    store::Ids ids;
    LeaseKeeper keeper(*database, {7, "dale", "1.0"}, {"work"});
    ASSERT_TRUE(keeper.step(Steady(std::chrono::seconds(1))).ok());
    WorkerFence fence(7);
    store::Writer writer(*database, ids, &fence);
    std::atomic<bool> lost{false};
    writer.on_lost([&](const std::string&) { lost = true; });
    writer.start();
    {
        Senders senders(writer);
        while (senders.acknowledged() < kSenders * kEach / 3) std::this_thread::yield();
        primary->kill();
        replica->promote();
        senders.wait();
        EXPECT_EQ(senders.acknowledged(), kSenders * kEach);
    }
    EXPECT_FALSE(lost);
    EXPECT_EQ(replica->ask("hub", "SELECT COUNT(*), COUNT(DISTINCT text) FROM messages"),
              std::to_string(kSenders * kEach) + '|' + std::to_string(kSenders * kEach));
    const auto found = keeper.step(Steady(std::chrono::seconds(2)));
    EXPECT_FALSE(found.ok()) << "its connection was to the one that is gone";
    ASSERT_TRUE(keeper.step(Steady(std::chrono::seconds(3))).ok());
    EXPECT_TRUE(keeper.holds("work")) << "the lease went along";
    writer.stop();
}

}  // namespace
}  // namespace waypost::hub
