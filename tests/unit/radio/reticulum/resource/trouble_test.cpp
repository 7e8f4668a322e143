// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/unit/radio/reticulum/resource/link_pair.h"

namespace waypost::reticulum {
namespace {

using namespace std::chrono_literals;
using Sending = OutgoingResource::State;
using Coming = IncomingResource::State;

TEST(ReticulumResourceTrouble, ALineThatLosesDoublesAndSwapsDeliversAll) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto chance = seeded_random(seed);
        LinkPair pair(seed);
        pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
            const std::uint64_t dice = chance->below(10);
            if (frame.context == Context::ResourceProof) return {frame};
            if (dice == 0) return {};
            if (dice == 1) return {frame, frame};
            return {frame};
        };
        pair.way = [&](const ResourceFrame&) { return milliseconds(20 + chance->below(80)); };
        const std::string data = noise(100'000, seed);
        pair.begin(data);
        pair.run();
        EXPECT_EQ(pair.delivered, data) << seed;
        EXPECT_EQ(pair.sending->state(), Sending::Proved)
            << seed << ' ' << pair.sending->why_failed();
    }
}

TEST(ReticulumResourceTrouble, EachKindOfFrameMayBeLostOnce) {
    for (const Context lost : {Context::Resource, Context::ResourceAdvertisement,
                               Context::ResourceRequest, Context::ResourceHashmap}) {
        LinkPair pair;
        bool done = false;
        pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
            if (done || frame.context != lost) return {frame};
            done = true;
            return {};
        };
        const std::string data = noise(80'000);
        pair.begin(data);
        pair.run();
        EXPECT_TRUE(done);
        EXPECT_EQ(pair.delivered, data);
        EXPECT_EQ(pair.sending->state(), Sending::Proved) << pair.sending->why_failed();
    }
}

TEST(ReticulumResourceTrouble, PartsFromTheEndToTheBeginningAreTaken) {
    LinkPair pair;
    milliseconds delay = 1000ms;
    pair.way = [&](const ResourceFrame& frame) {
        if (frame.context != Context::Resource) return delay = 1000ms, 10ms;
        return delay -= 5ms;
    };
    const std::string data = noise(60'000);
    pair.begin(data);
    pair.run();
    EXPECT_EQ(pair.delivered, data);
    EXPECT_EQ(pair.sending->state(), Sending::Proved);
}

TEST(ReticulumResourceTrouble, AChangedPartIsAskedForAgain) {
    LinkPair pair;
    int changed = 0;
    pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
        if (frame.context != Context::Resource || ++changed > 5) return {frame};
        ResourceFrame bad = frame;
        bad.body[7] = static_cast<char>(bad.body[7] ^ 1);
        return {bad};
    };
    const std::string data = noise(5000);
    pair.begin(data);
    pair.run();
    EXPECT_EQ(pair.delivered, data);
    EXPECT_EQ(pair.sending->state(), Sending::Proved);
}

TEST(ReticulumResourceTrouble, ALostProofIsGivenAgain) {
    LinkPair pair;
    bool lost = false;
    pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
        if (lost || frame.context != Context::ResourceProof) return {frame};
        lost = true;
        return {};
    };
    pair.begin(noise(50'000));
    pair.run();
    EXPECT_TRUE(lost);
    EXPECT_EQ(pair.sending->state(), Sending::Proved);
    EXPECT_EQ(pair.frames[Context::ResourceProof], 2);
    EXPECT_EQ(pair.frames[Context::CacheRequest], 1);
    EXPECT_EQ(pair.frames[Context::ResourceAdvertisement], 1);
    // No part goes again for it.
    EXPECT_EQ(static_cast<std::size_t>(pair.frames[Context::Resource]), pair.sending->parts());
    EXPECT_EQ(pair.coming->proof_again().size(), 1u);
}

TEST(ReticulumResourceTrouble, AReceiverThatForgotItGetsItAgain) {
    LinkPair pair;
    bool lost = false;
    pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
        if (lost || frame.context != Context::ResourceProof) return {frame};
        lost = true;
        pair.coming.reset();
        pair.delivered.clear();
        return {};
    };
    const std::string data = noise(80'000);
    pair.begin(data);
    pair.run();
    EXPECT_TRUE(lost);
    EXPECT_EQ(pair.delivered, data);
    EXPECT_EQ(pair.sending->state(), Sending::Proved);
    EXPECT_EQ(static_cast<std::size_t>(pair.frames[Context::Resource]), 2 * pair.sending->parts());
}

TEST(ReticulumResourceTrouble, NoProofIsNoDelivery) {
    LinkPair pair;
    pair.line = [](const ResourceFrame& frame) -> ResourceFrames {
        return frame.context == Context::ResourceProof ? ResourceFrames{} : ResourceFrames{frame};
    };
    pair.begin(noise(1000));
    pair.run();
    EXPECT_EQ(pair.coming->state(), Coming::Proved);
    EXPECT_EQ(pair.sending->state(), Sending::Failed);
    EXPECT_NE(pair.sending->why_failed().find("prove"), std::string::npos);
    EXPECT_EQ(pair.frames[Context::CacheRequest], 2);
    EXPECT_EQ(pair.frames[Context::ResourceAdvertisement], 2);
}

TEST(ReticulumResourceTrouble, NobodyAnswersAndItEnds) {
    LinkPair pair;
    pair.line = [](const ResourceFrame&) { return ResourceFrames{}; };
    pair.begin(noise(1000));
    pair.run();
    EXPECT_EQ(pair.frames[Context::ResourceAdvertisement], 5);
    EXPECT_EQ(pair.frames[Context::ResourceCancel], 1);
    EXPECT_EQ(pair.sending->state(), Sending::Failed);
    EXPECT_LT(pair.now.time_since_epoch(), 1min);
}

TEST(ReticulumResourceTrouble, ASenderThatIsGoneIsGivenUp) {
    LinkPair pair;
    pair.line = [&](const ResourceFrame& frame) -> ResourceFrames {
        return frame.context == Context::Resource ? ResourceFrames{} : ResourceFrames{frame};
    };
    pair.begin(noise(3000));
    pair.run();
    EXPECT_EQ(pair.coming->state(), Coming::Failed);
    EXPECT_EQ(pair.frames[Context::ResourceReject], 1);
    EXPECT_EQ(pair.sending->state(), Sending::Failed);
    EXPECT_LE(pair.requests.size(), 17u);
}

TEST(ReticulumResourceTrouble, AWrongProofProvesNothing) {
    LinkPair pair;
    pair.line = [](const ResourceFrame& frame) -> ResourceFrames {
        if (frame.context != Context::ResourceProof) return {frame};
        ResourceFrame bad = frame;
        bad.body.back() = static_cast<char>(bad.body.back() ^ 1);
        return {bad, {Context::ResourceProof, frame.body.substr(1)}, {Context::ResourceProof, ""}};
    };
    pair.begin(noise(1000));
    pair.run();
    EXPECT_EQ(pair.sending->state(), Sending::Failed);
}

TEST(ReticulumResourceTrouble, EitherSideMayCallItOff) {
    LinkPair pair;
    pair.begin(noise(1000));
    const auto cancel = pair.sending->cancel();
    ASSERT_EQ(cancel.size(), 1u);
    EXPECT_EQ(cancel[0].context, Context::ResourceCancel);
    EXPECT_TRUE(pair.sending->cancel().empty());

    LinkPair other;
    other.line = [&](const ResourceFrame& frame) -> ResourceFrames {
        if (frame.context != Context::Resource) return {frame};
        return {{Context::ResourceCancel, other.sending->hash()}};
    };
    other.begin(noise(3000));
    other.run();
    EXPECT_EQ(other.coming->state(), Coming::Failed);
    EXPECT_NE(other.coming->why_failed().find("called it off"), std::string::npos);
}

TEST(ReticulumResourceTrouble, FramesOfOthersChangeNothing) {
    LinkPair pair;
    pair.begin(noise(1000));
    const BoxTime due = pair.sending->next_tick();
    const std::string other(kFullHash, 'o');
    for (const ResourceFrame& frame :
         ResourceFrames{{Context::ResourceReject, other},
                        {Context::ResourceProof, other + other},
                        {Context::ResourceRequest, part_request_bytes({"", other, "abcd"})},
                        {Context::ResourceRequest, "x"},
                        {Context::None, other},
                        {Context::Resource, "part"}})
        EXPECT_TRUE(pair.sending->receive(frame, pair.now).empty());
    EXPECT_EQ(pair.sending->state(), Sending::Advertised);
    EXPECT_EQ(pair.sending->next_tick(), due);
}

TEST(ReticulumResourceTrouble, ARequestForAMapThatThereIsNotEndsIt) {
    LinkPair pair;
    pair.begin(noise(3000));
    const auto parsed = parse_advertisement(pair.sending->start(pair.now).at(0).body);
    const PartRequest ask{parsed->hashmap.substr(0, kMapHash), parsed->hash, ""};
    const auto answer =
        pair.sending->receive({Context::ResourceRequest, part_request_bytes(ask)}, pair.now);
    ASSERT_EQ(answer.size(), 1u);
    EXPECT_EQ(answer[0].context, Context::ResourceCancel);
    EXPECT_EQ(pair.sending->state(), Sending::Failed);
}

}  // namespace
}  // namespace waypost::reticulum
