// SPDX-License-Identifier: Apache-2.0
// What a kill of the box costs of what comes in. A component has no acknowledgements (XEP-0114):
// what the server had written to the box's socket is gone with it, and nobody is told. What holds
// nevertheless is counted here, with a program that has at most fifty letters on their way:
// - what its sender saw a receipt for has arrived, all of it, in its order;
// - what was written while the box was down came back to him as an error, each of it;
// - of what was on its way at the kill, thus of at most fifty, some may be lost: without a receipt;
// - what comes twice comes under its id, so that programs show it once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "tests/interop/xmpp/talk_village.h"

namespace waypost::interop {
namespace {

constexpr int kBefore = 500, kWhileDown = 100, kAfter = 300;
constexpr int kOnTheWay = 50;
constexpr std::chrono::seconds kPatience{90};

using Numbers = std::set<int>;

class InboundKill : public ::testing::Test {
  protected:
    InboundKill() {
        for (const char* name : {"alice", "bob"}) server.add_user(name);
        alice = village.villager("alice");
        bob = village.villager("bob");
    }
    void say(const std::string& id, const std::string& text) {
        alice->say(village.at_box("bob"), id, "<body>" + text + "</body>" + kWantsReceipt);
    }
    // So many letters of ours, the next behind an answer to one of the fifty before.
    void write(int letters) {
        const int first = written + 1;
        const auto answered = [&] {
            const Numbers receipts = numbers("receipt");
            return static_cast<int>(std::distance(receipts.lower_bound(first), receipts.end()));
        };
        for (int i = 0; i < letters; ++i) {
            ASSERT_TRUE(eventually([&] { return i - answered() < kOnTheWay; }, kPatience))
                << village.seen();
            ++written;
            say("letter-" + std::to_string(written), std::to_string(written));
        }
    }
    // Letters that alice was shown "KIND bob@gw.localhost letter-17 ..." of.
    Numbers numbers(const std::string& kind) {
        const std::string begin = kind + ' ' + village.at_box("bob") + " letter-";
        Numbers found;
        for (const std::string& line : alice->lines(begin))
            found.insert(std::stoi(line.substr(begin.size())));
        return found;
    }
    // Only when the server has seen that the box is gone does it say so.
    void see_that_it_is_down() {
        int tries = 0;
        ASSERT_TRUE(eventually([&] {
            say("probe-" + std::to_string(++tries), "probe");
            return !alice->lines("error " + village.at_box("bob") + " probe-").empty();
        }));
    }

    Prosody server;
    TalkVillage village{server};
    std::unique_ptr<ChatClient> alice, bob;
    int written = 0;
};

TEST_F(InboundKill, LosesAtMostWhatWasOnItsWayAndNothingThatWasConfirmed) {
    write(kBefore);
    village.box().kill9();
    see_that_it_is_down();
    const int last_before = written;
    for (int i = 0; i < kWhileDown; ++i) {
        ++written;
        say("letter-" + std::to_string(written), std::to_string(written));
    }
    // Of what was on its way the server may have some left, which comes back too.
    ASSERT_TRUE(eventually([&] { return numbers("error").size() >= kWhileDown; }, kPatience))
        << numbers("error").size();
    village.box().start();
    write(kAfter);
    say("end", "the end");
    const std::string from_alice = village.at_box("alice");
    ASSERT_TRUE(eventually(
        [&] {
            const auto texts = texts_from(*bob, from_alice);
            return !texts.empty() && texts.back() == "the end" && village.counted("waiting") == 0;
        },
        kPatience))
        << village.seen();

    std::vector<int> came;
    for (const std::string& text : texts_from(*bob, from_alice))
        if (text != "the end" && text != "probe") came.push_back(std::stoi(text));
    const Numbers arrived(came.begin(), came.end());
    const Numbers receipts = numbers("receipt"), errors = numbers("error");
    Numbers lost;
    for (int i = 1; i <= written; ++i)
        if (arrived.count(i) + errors.count(i) == 0) lost.insert(i);
    const int twice = repeats_from(*bob, from_alice);
    std::printf("%d written: %zu arrived, %d of them twice under one id; %zu came back, %zu lost\n",
                written, arrived.size(), twice, errors.size(), lost.size());

    EXPECT_TRUE(std::is_sorted(came.begin(), came.end())) << testing::PrintToString(came);
    EXPECT_EQ(came.size(), arrived.size()) << "nothing came twice under two ids";
    EXPECT_TRUE(std::includes(arrived.begin(), arrived.end(), receipts.begin(), receipts.end()));
    EXPECT_GE(errors.size(), static_cast<std::size_t>(kWhileDown));
    EXPECT_LE(errors.size(), static_cast<std::size_t>(kWhileDown + kOnTheWay));
    EXPECT_LE(lost.size(), static_cast<std::size_t>(kOnTheWay));
    for (const int each : lost) {
        EXPECT_GT(each, last_before - kOnTheWay);
        EXPECT_LE(each, last_before);
    }
    // The others have their receipts, or the box died between the two.
    EXPECT_GE(receipts.size() + kOnTheWay, arrived.size());
}

}  // namespace
}  // namespace waypost::interop
