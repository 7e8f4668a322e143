// SPDX-License-Identifier: Apache-2.0
// Two links over the virtual channel, whatever it does to them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/trunk/auditor.h"
#include "tests/trunk/station.h"

namespace waypost::trunk {
namespace {

using std::chrono::hours;

StationOptions side(bool second, std::uint64_t seed) {
    StationOptions options;
    options.settings.psk = std::string(kKey, 'k');
    options.settings.second = second;
    options.seed = seed * 2 + (second ? 1 : 0);
    return options;
}

struct Pair {
    explicit Pair(ChannelOptions options, StationOptions first = side(false, 1),
                  StationOptions second = side(true, 1))
        : channel(options), auditor(first.settings.psk, first.settings.link) {
        channel.join([this](const std::string& packet, BoxTime) { auditor.hear(packet); });
        a = std::make_unique<Station>(channel, std::move(first));
        b = std::make_unique<Station>(channel, std::move(second));
    }
    bool run(milliseconds time = hours(48)) {
        return run_until_done(channel, {a.get(), b.get()}, now, now + time);
    }
    Channel channel;
    Auditor auditor;
    std::unique_ptr<Station> a, b;
    BoxTime now{};
};

std::string text(Random& random, std::size_t bytes) { return random_bytes(random, bytes); }

std::vector<std::string> sorted(std::vector<std::string> all) {
    std::sort(all.begin(), all.end());
    return all;
}

TEST(Link, OneMessageArrivesAndIsDeliveredOnce) {
    Pair pair{{}};
    pair.a->want(7, "hello there", Priority::Chat, pair.now);
    ASSERT_TRUE(pair.run());
    EXPECT_EQ(pair.b->taken(), std::vector<std::string>{"hello there"});
    EXPECT_EQ(pair.a->delivered(), std::vector<ObjectId>{7});
}

struct Weather {
    double loss;
    bool bursts;
    bool rough;
    double power_cuts;
};

class Rough : public testing::TestWithParam<Weather> {};

TEST_P(Rough, EveryObjectArrivesExactlyOnceAndNoNonceSealsTwoTexts) {
    const Weather weather = GetParam();
    for (std::uint64_t seed = 1; seed <= 25; ++seed) {
        SCOPED_TRACE(seed);
        ChannelOptions options;
        options.loss = weather.loss;
        options.bursts = weather.bursts;
        options.seed = seed;
        options.lora.spreading_factor = 7;
        if (weather.rough)
            options.flips = options.duplicates = options.replays = options.strangers = 0.05;
        StationOptions first = side(false, seed);
        StationOptions second = side(true, seed);
        first.power_cuts = second.power_cuts = weather.power_cuts;
        first.slowest_disk = second.slowest_disk = milliseconds(seed % 3 * 1000);
        Pair pair(options, first, second);
        const auto random = seeded_random(seed);
        std::vector<std::string> to_a, to_b;
        for (ObjectId id = 1; id <= 12; ++id) {
            const std::size_t sizes[] = {0, 1, 33, 200, 246, 247, 1000, 5000};
            const std::string bytes = text(*random, sizes[random->below(8)]);
            const auto priority = static_cast<Priority>(random->below(4));
            const bool from_a = random->below(3) != 0;
            (from_a ? to_b : to_a).push_back(bytes);
            (from_a ? pair.a : pair.b)->want(id, bytes, priority, pair.now);
            if (random->below(2) == 0)
                pair.run(milliseconds(static_cast<std::int64_t>(random->below(5000))));
        }
        ASSERT_TRUE(pair.run()) << pair.a->wanted() << " and " << pair.b->wanted() << " are left";
        EXPECT_EQ(pair.b->taken().size(), to_b.size());
        EXPECT_EQ(pair.a->taken().size(), to_a.size());
        EXPECT_TRUE(sorted(pair.b->taken()) == sorted(to_b));
        EXPECT_TRUE(sorted(pair.a->taken()) == sorted(to_a));
        if (weather.power_cuts == 0) {
            EXPECT_EQ(pair.a->delivered().size(), to_b.size());
        }
        EXPECT_EQ(pair.auditor.reused(), 0);
        EXPECT_GT(pair.auditor.opened(), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(All, Rough,
                         testing::Values(Weather{0, false, false, 0}, Weather{0.2, false, false, 0},
                                         Weather{0.2, true, false, 0}, Weather{0.4, false, true, 0},
                                         Weather{0.6, false, false, 0}, Weather{0.6, true, true, 0},
                                         Weather{0, false, false, 0.01},
                                         Weather{0.3, false, true, 0.01}));

}  // namespace
}  // namespace waypost::trunk
