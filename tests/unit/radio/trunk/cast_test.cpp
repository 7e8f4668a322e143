// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/cast.h"

#include <gtest/gtest.h>

namespace waypost::trunk {
namespace {

struct Tally {
    int packets = 0;
    int rounds = 0;
};

// To so many receivers, each of which loses this share of the packets, until all hold it.
Tally run(const std::string& bytes, int receivers, double loss, std::uint64_t seed) {
    const auto random = seeded_random(seed);
    CastOut out = CastOut::make(9, bytes, 255, *random).value();
    std::vector<CastIn> in;
    for (int i = 0; i < receivers; ++i) in.push_back(CastIn::from(out.invitation(i)).value());
    Tally tally;
    while (!out.done() && tally.rounds < 100) {
        ++tally.rounds;
        while (const auto packet = out.next()) {
            ++tally.packets;
            EXPECT_LE(packet->size(), 255U);
            for (CastIn& each : in)
                if (static_cast<double>(random->below(1000)) >= loss * 1000) {
                    EXPECT_TRUE(each.heard(*packet));
                }
        }
        for (int i = 0; i < receivers; ++i)
            EXPECT_TRUE(out.answered(i, in[static_cast<std::size_t>(i)].answer()).ok());
        out.next_round();
    }
    for (const CastIn& each : in) EXPECT_TRUE(each.object() && *each.object() == bytes);
    return tally;
}

TEST(Cast, EveryReceiverGetsTheObject) {
    const auto random = seeded_random(2);
    for (const std::size_t size : {0, 1, 244, 245, 246, 2048, 20'480}) {
        const std::string bytes = random_bytes(*random, size);
        const Tally still = run(bytes, 3, 0, size + 1);
        EXPECT_EQ(still.rounds, 1);
        EXPECT_EQ(still.packets, static_cast<int>(std::max<std::size_t>(1, (size + 244) / 245)));
        run(bytes, 4, 0.5, size + 2);
    }
}

// Each row of the code mends another gap at each receiver.
TEST(Cast, RepairsAllReceiversAtOnce) {
    const auto random = seeded_random(3);
    const std::string bytes = random_bytes(*random, 20'480);  // 84 rows
    double packets = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) packets += run(bytes, 5, 0.2, seed).packets;
    // One receiver alone needs 84 / 0.8 = 105; five that are repaired one after the other, 126 and
    // more.
    EXPECT_LT(packets / 20, 116);
}

TEST(Cast, ForgedPacketsAndAnswersOfOthersAreRefused) {
    const auto random = seeded_random(4);
    CastOut out = CastOut::make(9, std::string(500, 'b'), 255, *random).value();
    CastIn in = CastIn::from(out.invitation(0)).value();
    const std::string packet = *out.next();
    for (std::size_t bit = 5; bit < packet.size() * 8; ++bit) {
        std::string forged = packet;
        forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(in.heard(forged)) << bit;
    }
    EXPECT_EQ(in.missing(), 3);
    CastOut other = CastOut::make(10, "other", 255, *random).value();
    EXPECT_FALSE(in.heard(*other.next()));
    EXPECT_FALSE(out.answered(0, CastIn::from(other.invitation(0))->answer()).ok());
    EXPECT_FALSE(out.answered(7, in.answer()).ok());
    EXPECT_FALSE(out.answered(0, "").ok());
    EXPECT_FALSE(CastIn::from("").ok());
    EXPECT_FALSE(CastIn::from(std::string(28, '\0')).ok());
    EXPECT_FALSE(CastOut::make(1, std::string(40'000, 'x'), 255, *random).ok());
}

}  // namespace
}  // namespace waypost::trunk
