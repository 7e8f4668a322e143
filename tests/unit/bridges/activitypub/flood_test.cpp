// SPDX-License-Identifier: Apache-2.0
// Many who want much: what is kept of them has a bound, and who is known here comes through.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "bridges/activitypub/server/doorkeeper.h"
#include "bridges/activitypub/signature/digest.h"
#include "bridges/activitypub/signature/http_date.h"
#include "tests/fakes/memory.h"
#include "tests/unit/bridges/activitypub/inbox_village.h"

namespace waypost::activitypub {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr int kMany = 10'000;
constexpr int kHosts = 2500;                  // more than are remembered of those who failed
constexpr int kPerMinute = 600, kAtOnce = 3;  // as the door has it
// All the rest count as one.
constexpr std::size_t kKept = Doorkeeper::kMostKnown + 1;
const BoxTime kNow = box_from_ms(1'000'000);
// Sanitizers keep what is freed for a while: clang is what they are built with here.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
constexpr std::size_t kUnused = 300u << 20;
#else
constexpr std::size_t kUnused = 0;
#endif

std::string address(int i) {
    return "10." + std::to_string(i / 65536) + '.' + std::to_string(i / 256 % 256) + '.' +
           std::to_string(i % 256);
}

TEST(Flood, OfOneAddressIsTurnedAwayAndNobodyElse) {
    Doorkeeper keeper(kPerMinute, kAtOnce);
    int in = 0;
    for (int i = 0; i < kMany; ++i) {  // ten seconds
        const BoxTime now = kNow + milliseconds(i);
        in += keeper.admit("192.0.2.1", now) ? 1 : 0;
        if (i % 1000 == 0) {
            EXPECT_TRUE(keeper.admit("192.0.2.2", now)) << i;
        }
    }
    EXPECT_GE(in, kPerMinute);
    EXPECT_LE(in, kPerMinute + kPerMinute / 6 + 1);
    EXPECT_TRUE(keeper.admit("192.0.2.1", kNow + minutes(1))) << "it may come again";
}

TEST(Flood, OfTenThousandAddressesLeavesRoomForOthers) {
    Doorkeeper keeper(kPerMinute, kAtOnce);
    for (int second = 0; second < 20; ++second) {
        const BoxTime now = kNow + milliseconds(1000 * second);
        for (int i = 0; i < kMany; ++i) EXPECT_TRUE(keeper.admit(address(i), now));
        EXPECT_TRUE(keeper.admit("192.0.2." + std::to_string(second), now));
    }
}

TEST(Flood, OfAnyNumberOfAddressesIsBounded) {
    Doorkeeper keeper(kPerMinute, kAtOnce);
    const PeakMemory memory;
    int in = 0;
    for (int i = 0; i < 20 * kMany; ++i) in += keeper.admit(address(i), kNow) ? 1 : 0;
    EXPECT_EQ(in, static_cast<int>(Doorkeeper::kMostKnown) + kPerMinute);
    EXPECT_LE(keeper.known(), kKept);
    EXPECT_LT(memory.grown(), (8u << 20) + kUnused);
    // A minute later they are strangers like any other.
    EXPECT_TRUE(keeper.admit("192.0.2.3", kNow + minutes(2)));
    EXPECT_LE(keeper.known(), 3u);
}

class InboxFlood : public ::testing::Test, public InboxVillage {
  protected:
    // Says that it is of somebody at this host; nobody signed it.
    Request claim(const std::string& host) const {
        const std::string eve = "https://" + host + "/users/eve";
        Request request;
        request.method = "POST";
        request.path = request.target = "/ap/inbox";
        request.body = R"({"type":"Create","id":")" + eve + R"(/1","actor":")" + eve +
                       R"(","object":{"type":"Note","id":")" + eve + R"(/n","attributedTo":")" +
                       eve + R"(","content":"buy","to":["https://hill.example/ap/ana"]}})";
        request.headers = {
            {"host", "hill.example"},
            {"content-type", "application/activity+json"},
            {"date", http_date(now())},
            {"digest", digest_field(request.body)},
            {"signature", "keyId=\"" + eve +
                              "#main-key\",algorithm=\"rsa-sha256\",headers=\""
                              "(request-target) host date digest\",signature=\"AAAA\""}};
        return request;
    }
    // As bob's server posts it, with an object that is so deep.
    static std::string nested(int depth) {
        const auto deep = static_cast<std::size_t>(depth);
        return R"("type":"Create","id":"https://x.test/1","object":)" + std::string(deep, '[') +
               std::string(deep, ']');
    }
};

// Nothing is asked in a private network, so that each is refused without a wait.
TEST_F(InboxFlood, OfHostsWithMadeUpKeysLeavesNothing) {
    EXPECT_EQ(create(server.url("/notes/1")), 202);
    const std::size_t rows = office.kept().size();
    const PeakMemory memory;
    for (int i = 0; i < kHosts; ++i) EXPECT_EQ(inbox.post(claim(address(i))).status, 401);
    EXPECT_EQ(inbox.counters().refused, static_cast<std::uint64_t>(kHosts));
    EXPECT_EQ(office.kept().size(), rows);
    EXPECT_LT(memory.grown(), (8u << 20) + kUnused);
    EXPECT_EQ(create(server.url("/notes/2")), 202);
    EXPECT_EQ(office.accepted.size(), 2u);
}

// Of strangers whose servers take their time so many are waited for, and no more; letters go out
// meanwhile.
TEST_F(InboxFlood, OfSlowServersLeavesAThreadForWhoIsKnown) {
    EXPECT_EQ(create(server.url("/notes/1")), 202);
    std::promise<void> go, all_wait;
    const auto open = go.get_future().share();
    std::atomic<int> waiting{0};
    server.gate([&](const PeerRequest& request) {
        if (request.target.rfind("/users/slow", 0) != 0) return PeerAnswer{0, "", "", {}};
        if (++waiting == Remote::kMostStrangers) all_wait.set_value();
        open.wait();
        return PeerAnswer{404, "", "", {}};
    });
    server.put("/inbox", {202, "", "", {}});
    const auto slow = [this](int i) {
        const std::string id = server.url("/users/slow" + std::to_string(i));
        return of(R"({"type":"Like","id":")" + id + R"(/1","actor":")" + id +
                      R"(","object":"https://hill.example/ap/ana/notes/1"})",
                  id + "#main-key");
    };
    std::vector<std::thread> strangers;
    std::atomic<int> refused{0};
    for (int i = 0; i < Remote::kMostStrangers; ++i)
        strangers.emplace_back([&, i] { refused += inbox.post(slow(i)).status == 401 ? 1 : 0; });
    all_wait.get_future().wait();
    const Answer one_more = inbox.post(slow(99));
    EXPECT_EQ(one_more.status, 503);
    EXPECT_EQ(one_more.headers.count("Retry-After"), 1u);
    EXPECT_EQ(create(server.url("/notes/2")), 202) << "bob is known";
    EXPECT_EQ(remote.post(server.url("/inbox"), "{}", {box_key.get(), site.box().key_id()}).status,
              202);
    go.set_value();
    for (std::thread& each : strangers) each.join();
    EXPECT_EQ(refused, Remote::kMostStrangers);
    EXPECT_EQ(inbox.post(slow(100)).status, 401) << "there is room again";
}

TEST_F(InboxFlood, OfForgeriesInHisNameAsksHisServerOnce) {
    EXPECT_EQ(create(server.url("/notes/1")), 202);
    const SigningKey his = bobs_key;
    bobs_key = *SigningKey::make();
    const int before = server.asked("/users/bob");
    EXPECT_EQ(create(server.url("/notes/2")), 401);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(create(server.url("/notes/2")), 503) << "come again";
    EXPECT_EQ(server.asked("/users/bob"), before + 1);
    bobs_key = his;
    EXPECT_EQ(create(server.url("/notes/3")), 202);
}

TEST_F(InboxFlood, OfThoseWhoAskToFollowHasABound) {
    Follower follower;
    follower.waits = true;
    std::size_t taken = 0;
    for (int i = 0; i < 1000; ++i) {
        follower.actor = "https://social.example/users/" + std::to_string(i);
        taken += followers.put("ana", follower) ? 1 : 0;
    }
    EXPECT_EQ(taken, Followers::kMostWaiting);
    EXPECT_EQ(followers.waiting().size(), taken);
    follower.waits = false;
    EXPECT_TRUE(followers.put("ana", follower)) << "whom she wants";
}

TEST_F(InboxFlood, OfBracketsIsRefusedBeforeAnybodyIsAsked) {
    const PeakMemory memory;
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(bob_posts(nested(10'000)), 400);
        EXPECT_EQ(bob_posts(nested(400'000)), 400);
    }
    EXPECT_LT(memory.grown(), (32u << 20) + kUnused);
    EXPECT_TRUE(server.peer.asked().empty());
}

TEST_F(InboxFlood, WhatAContextNamesIsNotFetched) {
    const std::string id = server.url("/notes/1");
    const std::string body = R"({"@context":[")" + server.url("/context") + R"(",{"x":{"@id":")" +
                             server.url("/term") + R"("}}],"actor":")" + server.bob() +
                             R"(","type":"Create","id":")" + id + R"(#create","object":)" +
                             note(id) + '}';
    EXPECT_EQ(inbox.post(of(body, server.key_of("bob"))).status, 202);
    EXPECT_EQ(server.asked("/context") + server.asked("/term"), 0);
}

}  // namespace
}  // namespace waypost::activitypub
