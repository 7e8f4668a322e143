// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "radio/reticulum/resource/bzip.h"
#include "radio/reticulum/wire/crypto.h"
#include "tests/unit/radio/reticulum/resource/link_pair.h"

namespace waypost::reticulum {
namespace {

ResourceAdvertisement good() {
    ResourceAdvertisement made;
    made.transfer_bytes = 192;
    made.data_bytes = 128;
    made.parts = 1;
    made.hash = std::string(kFullHash, 'h');
    made.first_hash = made.hash;
    made.salt = "salt";
    made.hashmap = "hash";
    return made;
}

Code refusal(const ResourceAdvertisement& advertisement) {
    LinkPair pair;
    const auto accepted = IncomingResource::accept(advertisement, pair.link);
    return accepted.ok() ? Code::Internal : accepted.error().code;
}

TEST(ReticulumResourceRefusal, WhatWeDoNotTakeIsRefusedBeforeItComes) {
    LinkPair pair;
    ASSERT_TRUE(IncomingResource::accept(good(), pair.link).ok());
    ResourceAdvertisement bad = good();
    bad.data_bytes = (1 << 20) + 1;
    EXPECT_EQ(refusal(bad), Code::TooLarge);
    bad = good();
    bad.segments = 2;
    EXPECT_EQ(refusal(bad), Code::TooLarge);
    bad = good();
    bad.split = true;
    EXPECT_EQ(refusal(bad), Code::TooLarge);
    bad = good();
    bad.is_request = true;
    EXPECT_EQ(refusal(bad), Code::Refused);
    bad = good();
    bad.request_id = std::string(kHash, 'q');
    EXPECT_EQ(refusal(bad), Code::Refused);
    bad = good();
    bad.has_metadata = true;
    EXPECT_EQ(refusal(bad), Code::Refused);
    bad = good();
    bad.encrypted = false;
    EXPECT_EQ(refusal(bad), Code::BadInput);
    bad = good();
    bad.transfer_bytes = 1'000'000'000;
    EXPECT_EQ(refusal(bad), Code::BadInput);
    bad = good();
    bad.parts = 2;
    EXPECT_EQ(refusal(bad), Code::BadInput);
}

TEST(ReticulumResourceRefusal, TheSenderIsTold) {
    LinkPair pair;
    pair.limits.data_bytes = 999;
    pair.begin(noise(1000));
    pair.run();
    EXPECT_FALSE(pair.coming);
    EXPECT_EQ(pair.frames[Context::ResourceReject], 1);
    EXPECT_EQ(pair.frames[Context::Resource], 0);
    EXPECT_EQ(pair.sending->state(), OutgoingResource::State::Failed);
    EXPECT_NE(pair.sending->why_failed().find("does not take it"), std::string::npos);
}

TEST(ReticulumResourceRefusal, WhatIsNoSegmentIsNotSent) {
    LinkPair pair;
    const auto random = seeded_random(1);
    EXPECT_EQ(OutgoingResource::make("", pair.link, *random).error().code, Code::BadInput);
    EXPECT_EQ(
        OutgoingResource::make(std::string(kMostSegment + 1, 'x'), pair.link, *random).error().code,
        Code::TooLarge);
}

// A resource of one part as a peer may make it, delivered.
IncomingResource of_peer(LinkPair& pair, const std::string& body, std::uint64_t said,
                         const std::string& hashed, bool compressed) {
    const std::string sealed = pair.link.seal("rand" + body);
    ResourceAdvertisement made = good();
    made.compressed = compressed;
    made.transfer_bytes = sealed.size();
    made.data_bytes = said;
    made.hash = sha256(hashed + made.salt);
    made.hashmap = map_hash(sealed, made.salt);
    IncomingResource coming = std::move(*IncomingResource::accept(made, pair.link));
    coming.start(pair.now);
    coming.receive({Context::Resource, sealed}, pair.now);
    return coming;
}

TEST(ReticulumResourceRefusal, ABombDoesNotGoOff) {
    LinkPair pair;
    const std::string zeros(4'000'000, '\0');
    const std::string bomb = bzip(zeros);
    ASSERT_LT(bomb.size(), 400u);
    const IncomingResource coming = of_peer(pair, bomb, 1000, zeros, true);
    EXPECT_EQ(coming.state(), IncomingResource::State::Failed);
    EXPECT_NE(coming.why_failed().find("1000 bytes"), std::string::npos);
}

TEST(ReticulumResourceRefusal, WhatIsNotWhatItSaysIsNotTaken) {
    LinkPair pair;
    EXPECT_EQ(of_peer(pair, "data", 4, "data", false).state(), IncomingResource::State::Whole);
    EXPECT_EQ(of_peer(pair, "data", 4, "DATA", false).state(), IncomingResource::State::Failed);
    EXPECT_EQ(of_peer(pair, "no bzip2", 8, "x", true).state(), IncomingResource::State::Failed);
    LinkPair other;
    other.link.seal = [](std::string_view plain) {
        return std::string(plain) + "0123456789abcdef";
    };
    EXPECT_EQ(of_peer(other, "data", 4, "data", false).state(), IncomingResource::State::Failed);
}

TEST(ReticulumResourceRefusal, AMapThatDoesNotGoOnEndsIt) {
    LinkPair pair;
    pair.line = [](const ResourceFrame& frame) -> ResourceFrames {
        if (frame.context != Context::ResourceHashmap) return {frame};
        auto update = *parse_hashmap_update(frame.body);
        update.hashmap.clear();
        return {{Context::ResourceHashmap, hashmap_update_bytes(update)}};
    };
    pair.begin(noise(80'000));
    pair.run();
    EXPECT_EQ(pair.coming->state(), IncomingResource::State::Failed);
    EXPECT_EQ(pair.sending->state(), OutgoingResource::State::Failed);
}

}  // namespace
}  // namespace waypost::reticulum
