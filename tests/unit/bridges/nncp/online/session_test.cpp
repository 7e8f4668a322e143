// SPDX-License-Identifier: Apache-2.0
// What two sessions do for each other when nobody lies.
#include "bridges/nncp/online/session.h"

#include <gtest/gtest.h>

#include "pair.h"

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

TEST(Session, BothDirectionsAtOnce) {
    Pair pair;
    std::vector<std::string> there, back;
    for (unsigned i = 0; i < 20; ++i) there.push_back(some_bytes(600 + i * 7001, i));
    for (unsigned i = 0; i < 5; ++i) back.push_back(some_bytes(200000 + i, 100 + i));
    for (const auto& each : there) pair.caller.shelf.put(each);
    for (const auto& each : back) pair.callee.shelf.put(each);
    pair.begin();
    pair.run();
    for (const auto& each : there) EXPECT_EQ(pair.callee.shelf.in[name_of(each)], each);
    for (const auto& each : back) EXPECT_EQ(pair.caller.shelf.in[name_of(each)], each);
    EXPECT_TRUE(pair.caller.shelf.out.empty());
    EXPECT_TRUE(pair.callee.shelf.out.empty());
    EXPECT_EQ(pair.caller.session->stats().packets_out, 20u);
    EXPECT_EQ(pair.caller.session->stats().packets_in, 5u);
    EXPECT_FALSE(pair.caller.session->over());
    pair.wait(11s, 500ms);
    EXPECT_TRUE(pair.caller.session->ended_well());
    EXPECT_TRUE(pair.callee.session->ended_well());
}

// Cut at any byte: nothing partial is kept, nothing is deleted that the other side has not, and
// the next session finishes it.
TEST(Session, ALineThatBreaksAtAnyByteLosesNothing) {
    const std::string large = some_bytes(70000, 1), small = some_bytes(700, 2),
                      back = some_bytes(900, 3);
    std::uint64_t whole = 0;
    for (std::uint64_t at = 0; whole == 0 || at <= whole; at += at < 400 ? 1 : 211) {
        Pair pair;
        pair.caller.terms.fill = pair.callee.terms.fill = false;
        pair.caller.shelf.put(large);
        pair.caller.shelf.put(small, 32);
        pair.callee.shelf.put(back);
        pair.begin();
        if (whole == 0) {
            pair.run();
            whole = pair.moved;
            continue;
        }
        pair.run(4096, at);
        pair.cut();
        for (const auto* bytes : {&large, &small}) {
            const Mth name = name_of(*bytes);
            const bool kept = pair.callee.shelf.in.contains(name);
            EXPECT_TRUE(kept || pair.caller.shelf.out.contains(name)) << at;
            if (kept) {
                EXPECT_EQ(pair.callee.shelf.in[name], *bytes);
            }
        }
        FakeShelf again;  // a new process offers everything that is left
        again.out = pair.caller.shelf.out;
        pair.caller.shelf = again;
        again = FakeShelf();
        again.out = pair.callee.shelf.out;
        again.in = pair.callee.shelf.in;
        again.parts = pair.callee.shelf.parts;
        pair.callee.shelf = again;
        pair.begin();
        pair.run();
        EXPECT_EQ(pair.callee.shelf.in.size(), 2u) << at;
        EXPECT_TRUE(pair.caller.shelf.out.empty() && pair.callee.shelf.out.empty()) << at;
    }
}

TEST(Session, BytesMayComeOneByOne) {
    Pair pair;
    const std::string bytes = some_bytes(3000, 1);
    pair.caller.terms.fill = pair.callee.terms.fill = false;
    pair.caller.shelf.put(bytes);
    pair.begin();
    pair.run(1);
    EXPECT_EQ(pair.callee.shelf.in[name_of(bytes)], bytes);
}

TEST(Session, APartIsResumed) {
    Pair pair;
    const std::string bytes = some_bytes(500000, 1);
    const Mth name = pair.caller.shelf.put(bytes);
    pair.callee.shelf.parts[name] = bytes.substr(0, 400000);
    pair.begin();
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in[name], bytes);
    EXPECT_EQ(pair.caller.session->stats().bytes_out, 100000u);
}

TEST(Session, APartThatIsAllOfItIsNotSentAgain) {
    Pair pair;
    const std::string bytes = some_bytes(5000, 1);
    const Mth name = pair.caller.shelf.put(bytes);
    pair.callee.shelf.parts[name] = bytes;
    pair.begin();
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in[name], bytes);
    EXPECT_EQ(pair.caller.session->stats().bytes_out, 0u);
    EXPECT_TRUE(pair.caller.shelf.out.empty());
}

// nncp 8.8.2 never takes the packet again after this.
TEST(Session, APoisonedPartIsThrownAwayAndFetchedAgain) {
    for (const std::size_t size : {400000u, 500000u, 600000u}) {
        Pair pair;
        const std::string bytes = some_bytes(500000, 1);
        const Mth name = pair.caller.shelf.put(bytes);
        pair.callee.shelf.parts[name] = some_bytes(size, 9);
        pair.begin();
        pair.run();
        EXPECT_EQ(pair.callee.shelf.in[name], bytes) << size;
        EXPECT_TRUE(pair.caller.shelf.out.empty()) << size;
        EXPECT_EQ(pair.callee.session->stats().refused, 0u) << size;
    }
}

TEST(Session, WhatWasHadBeforeIsOnlyAcknowledged) {
    Pair pair;
    const Mth here = pair.caller.shelf.put(some_bytes(5000, 1));
    const Mth done = pair.caller.shelf.put(some_bytes(5000, 2));
    pair.callee.shelf.in[here] = "";
    pair.callee.shelf.seen.insert(done);
    pair.begin();
    pair.run();
    EXPECT_TRUE(pair.caller.shelf.out.empty());
    EXPECT_EQ(pair.caller.session->stats().bytes_out, 0u);
}

TEST(Session, DoneIsSaidOnlyWhenItIsDurable) {
    Pair pair;
    pair.callee.shelf.slow = true;
    pair.caller.shelf.put(some_bytes(5000, 1));
    pair.begin();
    pair.run();
    EXPECT_EQ(pair.caller.shelf.out.size(), 1u);
    pair.wait(20s, 500ms);  // a slow disk
    pair.callee.shelf.slow = false;
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in.size(), 1u);
}

TEST(Session, TheNicestGoesFirstEvenWhenItComesLater) {
    Pair pair;
    const std::string large = some_bytes(3000000, 1), urgent = some_bytes(1000, 2);
    pair.caller.shelf.put(large, 224);
    pair.begin();
    pair.run(1 << 20, 1000000);
    pair.caller.shelf.put(urgent, 32);
    pair.now += 1s;
    pair.run(1 << 20, 1500000);
    EXPECT_TRUE(pair.callee.shelf.in.contains(name_of(urgent)));
    EXPECT_FALSE(pair.callee.shelf.in.contains(name_of(large)));
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in[name_of(large)], large);
}

TEST(Session, TooNiceIsNeitherOfferedNorTaken) {
    Pair pair;
    pair.caller.terms.nice = 96;
    pair.caller.shelf.put(some_bytes(1000, 1), 96);
    pair.caller.shelf.put(some_bytes(1000, 2), 97);
    pair.callee.shelf.put(some_bytes(1000, 3), 97);
    pair.begin();
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in.size(), 1u);
    EXPECT_EQ(pair.caller.shelf.in.size(), 0u);
}

TEST(Session, OneDirectionOnly) {
    for (const bool receive : {true, false}) {
        Pair pair;
        pair.caller.terms.receive = receive;
        pair.caller.terms.transmit = !receive;
        pair.caller.shelf.put(some_bytes(1000, 1));
        pair.callee.shelf.put(some_bytes(1000, 2));
        pair.begin();
        pair.run();
        EXPECT_EQ(pair.caller.shelf.in.size(), receive ? 1u : 0u);
        EXPECT_EQ(pair.callee.shelf.in.size(), receive ? 0u : 1u);
    }
}

TEST(Session, MoreOffersThanTheGreetingHolds) {
    Pair pair;
    for (unsigned i = 0; i < 3000; ++i) pair.caller.shelf.put(some_bytes(600, i));
    pair.begin();
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in.size(), 3000u);
    EXPECT_TRUE(pair.caller.shelf.out.empty());
    // Small ones share payloads: fewer bytes than one payload each would need.
    EXPECT_LT(pair.moved, 3000u * 1000);
}

TEST(Session, SmallPayloadsOnASlowLine) {
    Pair pair;
    pair.caller.terms.chunk = pair.callee.terms.chunk = 512;
    pair.caller.terms.fill = pair.callee.terms.fill = false;
    const std::string bytes = some_bytes(20000, 1);
    for (unsigned i = 0; i < 30; ++i) pair.caller.shelf.put(some_bytes(600, i));
    pair.caller.shelf.put(bytes);
    pair.begin();
    EXPECT_LT(pair.caller.session->output(pair.now).size(), 800u);
    pair.run();
    EXPECT_EQ(pair.callee.shelf.in[name_of(bytes)], bytes);
    EXPECT_EQ(pair.callee.shelf.in.size(), 31u);
}

TEST(Session, NobodySeesHowMuchThereIs) {
    Pair empty, full;
    full.caller.shelf.put(some_bytes(1000, 1));
    empty.begin();
    full.begin();
    EXPECT_EQ(empty.caller.session->output(empty.now).size(),
              full.caller.session->output(full.now).size());
}

}  // namespace
}  // namespace waypost::nncp
