// SPDX-License-Identifier: Apache-2.0
// kill -9 at every crash point and at random moments, while a thousand messages flow from Postfix
// and from the simulated mesh through the box to a relay and to people's screens. Everything in
// custody arrives; a second copy comes only where the other side's yes was lost, then under the
// same wire id, and at most one per kill.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "flow.h"
#include "gateway/base/crash_point.h"
#include "gateway/base/random.h"
#include "radio/airtime/airtime.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;

constexpr Amount kAll{874, 76, 50};
constexpr int kTimesEach = 2;
constexpr int kRandomMoments = 6;

// How often a point is passed in a round, about: chance picks the passing. For points that are not
// here the first will do.
int passings(const std::string& point) {
    static const std::map<std::string, int> kMany{
        {"begun", 30},      {"job", 60},           {"committed", 30},     {"told", 60},
        {"handed", 20},     {"attempt-begun", 25}, {"outcome-known", 25}, {"text-read", 2},
        {"text-queued", 3}, {"text-written", 3}};
    const auto found = kMany.find(point);
    return found == kMany.end() ? 1 : found->second;
}

std::span<const char* const> points_of_messages() {
    return std::span(kCrashPointNames).first(kCrashPointsOfMessages);
}

// WAYPOST_CRASH_AT of each round, in an order that chance picks; empty: a random moment.
std::vector<std::string> plan(Random& random) {
    std::vector<std::string> rounds(kRandomMoments);
    for (const std::string point : points_of_messages()) {
        for (int i = 0; i < kTimesEach; ++i) {
            const auto passing = 1 + random.below(static_cast<std::uint64_t>(passings(point)));
            rounds.push_back(point + ':' + std::to_string(passing));
        }
    }
    for (std::size_t i = rounds.size(); i > 1; --i)
        std::swap(rounds[i - 1], rounds[random.below(i)]);
    return rounds;
}

Amount part(std::size_t done, std::size_t of) {
    const auto share = [&](int all) {
        return static_cast<int>(static_cast<std::size_t>(all) * done / of);
    };
    return {share(kAll.mails), share(kAll.lines), share(kAll.letters)};
}

// One life of the box. True: it ended at its crash point.
bool live_and_die(Flow& flow, const std::string& crash_at, const Amount& until, Random& random) {
    flow.box().start(crash_at);
    flow.begin_until(until);
    flow.flush();
    const auto ended = [&] {
        flow.step();
        return flow.box().died() || (crash_at.empty() && random.below(20) == 0);
    };
    eventually(ended, seconds(crash_at.empty() ? 3 : 6));
    if (flow.box().died()) return true;
    flow.box().kill9();
    return false;
}

// Second copies; each must have come under the wire id of the first.
template <class Ids>
int second_copies(const std::map<std::string, std::vector<Ids>>& texts) {
    int copies = 0;
    for (const auto& [text, ids] : texts) {
        const std::set<Ids> different(ids.begin(), ids.end());
        EXPECT_EQ(different.size(), 1u) << text << " came under two wire ids";
        copies += static_cast<int>(ids.size()) - 1;
    }
    return copies;
}

// Each `kept` is one mail at the relay, and the other way round: a line that was written twice and
// kept twice is two. Returns how many such.
int expect_each_kept_arrived(const Flow& flow) {
    int mails = 0;
    std::set<std::string> lines;
    for (const std::string& name : Flow::names()) {
        std::size_t of_this = 0;
        for (const auto& [text, ids] : flow.arrived()) {
            if (text.rfind(name + ' ', 0) != 0) continue;
            ++of_this;
            lines.insert(text.substr(0, text.find('.')));
        }
        EXPECT_EQ(flow.villagers().kept(name).size(), of_this)
            << name << flow.villagers().receipts(name);
        mails += static_cast<int>(of_this);
    }
    EXPECT_EQ(lines.size(), static_cast<std::size_t>(kAll.lines));
    return mails - static_cast<int>(lines.size());
}

// What the box knows to have spent is at least what every packet on a screen has cost, each time it
// came: header 16, Data with port and length 4, the text without the name before it.
void expect_airtime_is_remembered(const Flow& flow) {
    std::chrono::microseconds least{0};
    for (const auto& [who_and_text, ids] : flow.villagers().screens()) {
        const std::size_t text = who_and_text.size() - who_and_text.find(' ') - 1;
        least += time_on_air(*meshtastic_preset(8), 16 + 4 + text) *
                 static_cast<std::int64_t>(ids.size());
    }
    EXPECT_GE(flow.airtime_used(), least);
}

TEST(Crash, NothingInCustodyIsLostAndCopiesAreOnlyWhereNobodyCanKnow) {
    Flow flow;
    flow.box().kill9();
    const auto random = seeded_random(20261124);
    const auto rounds = plan(*random);
    std::set<std::string> died_at;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        const bool there = live_and_die(flow, rounds[i], part(i + 1, rounds.size()), *random);
        if (there) died_at.insert(rounds[i].substr(0, rounds[i].find(':')));
    }
    const int kills = 1 + static_cast<int>(rounds.size());
    for (const char* point : points_of_messages())
        EXPECT_EQ(died_at.count(point), 1u) << "nothing passed " << point;

    flow.box().start();
    const auto all_done = [&] {
        flow.step();
        flow.flush();
        return flow.at_rest();
    };
    ASSERT_TRUE(eventually(all_done, seconds(120)))
        << flow.box().waypost("status") << flow.box().waypost("queue");

    const int at_relay = second_copies(flow.arrived());
    const int on_screens = second_copies(flow.villagers().screens());
    const int written_twice = expect_each_kept_arrived(flow);
    EXPECT_LE(at_relay, kills);
    EXPECT_LE(on_screens, kills);
    EXPECT_EQ(flow.body_files(), flow.large_mails());
    expect_airtime_is_remembered(flow);
    std::printf(
        "%d mails, %d lines, %d letters, %d kills: %d second copies at the relay, %d on screens; "
        "%d lines written again, %d of them kept before\n",
        kAll.mails, kAll.lines, kAll.letters, kills, at_relay, on_screens,
        flow.villagers().repeats(), written_twice);
}

}  // namespace
}  // namespace waypost::interop
