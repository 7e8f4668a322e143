// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <deque>

#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/token.h"
#include "tests/unit/radio/reticulum/resource/link_pair.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

std::string four_bytes(std::uint32_t number) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 255);
    return out;
}

std::string vector_data(const VectorObject& vector) {
    const std::string seed = sha256(vector->getValue<std::string>("data_seed"));
    const auto length = vector->getValue<unsigned>("data_length");
    std::string data;
    for (std::uint32_t n = 0; data.size() < length; ++n) data += sha256(seed + four_bytes(n));
    data.resize(length);
    return data;
}

// Chance that is known before: each text is drawn whole.
class GivenRandom : public Random {
  public:
    explicit GivenRandom(std::deque<std::string> texts) {
        for (std::string& text : texts) {
            text.resize((text.size() + 7) / 8 * 8);
            bytes_ += text;
        }
    }
    std::uint64_t next() override {
        std::uint64_t value = 0;
        for (std::size_t i = 8; i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(bytes_.at(i));
        bytes_.erase(0, 8);
        return value;
    }

  private:
    std::string bytes_;
};

struct VectorSide {
    explicit VectorSide(const VectorObject& from)
        : vector(from),
          keys(vector_bytes(vector_file("resources.json"), "link_keys_hex")),
          data(vector_data(vector)) {
        link.seal = [this](std::string_view plain) {
            sealed = seal_token(keys, plain, vector_bytes(vector, "iv_hex"));
            return sealed;
        };
        link.open = [this](std::string_view token) -> std::optional<std::string> {
            auto plain = open_token(keys, token);
            return plain.ok() ? std::optional(*plain) : std::nullopt;
        };
    }
    OutgoingResource outgoing() {
        const std::string salt = vector_bytes(vector, "salt_hex");
        GivenRandom random({salt, salt});
        return std::move(*OutgoingResource::make(data, link, random, false));
    }
    VectorObject vector;
    std::string keys, data, sealed;
    ResourceLink link;
};

TEST(ReticulumResource, OursIsTheReferenceProgramsByteForByte) {
    for (const char* label : {"one_part", "many_parts"}) {
        VectorSide side(vector_labelled("resources.json", label));
        ASSERT_EQ(sha256(side.data), vector_bytes(side.vector, "data_sha256_hex"));
        OutgoingResource sending = side.outgoing();
        const auto advertised = sending.start(BoxTime{});
        ASSERT_EQ(advertised.size(), 1u);
        EXPECT_EQ(advertised[0].body, vector_bytes(side.vector, "advertisement_hex")) << label;
        if (side.vector->has("sealed_sha256_hex")) {
            EXPECT_EQ(sha256(side.sealed), vector_bytes(side.vector, "sealed_sha256_hex"));
        }
        const ResourceFrame proof{Context::ResourceProof, vector_bytes(side.vector, "proof_hex")};
        sending.receive(proof, BoxTime{});
        EXPECT_EQ(sending.state(), OutgoingResource::State::Proved);
    }
}

TEST(ReticulumResource, WeReceiveWhatTheReferenceProgramSends) {
    for (const char* label : {"one_part", "many_parts"}) {
        VectorSide side(vector_labelled("resources.json", label));
        OutgoingResource sending = side.outgoing();
        BoxTime now{};
        sending.start(now);
        const auto advertised = parse_advertisement(vector_bytes(side.vector, "advertisement_hex"));
        ASSERT_TRUE(advertised.ok()) << advertised.error().text;
        auto coming = IncomingResource::accept(*advertised, side.link);
        ASSERT_TRUE(coming.ok()) << coming.error().text;
        ResourceFrames ask = coming->start(now);
        if (side.vector->has("first_request_hex")) {
            EXPECT_EQ(ask.at(0).body, vector_bytes(side.vector, "first_request_hex"));
        }
        int rounds = 0;
        while (!ask.empty()) {
            // Slowly: as the vector's rounds are, whose window stays at 10.
            now += milliseconds(2000);
            rounds += !parse_part_request(ask.at(0).body)->wanted.empty();
            ResourceFrames next;
            for (const ResourceFrame& answer : sending.receive(ask[0], now))
                for (const ResourceFrame& frame : coming->receive(answer, now))
                    next.push_back(frame);
            ask = next;
        }
        ASSERT_EQ(coming->state(), IncomingResource::State::Whole) << coming->why_failed();
        EXPECT_EQ(coming->data(), side.data);
        if (side.vector->has("rounds")) {
            EXPECT_EQ(rounds, side.vector->getValue<int>("rounds"));
        }
        EXPECT_EQ(coming->prove().at(0).body, vector_bytes(side.vector, "proof_hex"));
    }
}

TEST(ReticulumResource, EverySizeArrives) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{400}, std::size_t{412}, std::size_t{413}, std::size_t{5000},
          std::size_t{34'270}, std::size_t{34'300}, std::size_t{200'000}, kMostSegment}) {
        LinkPair pair;
        const std::string data = noise(size);
        pair.begin(data);
        pair.run();
        ASSERT_TRUE(pair.coming) << size;
        EXPECT_EQ(pair.delivered, data) << size;
        EXPECT_EQ(pair.sending->state(), OutgoingResource::State::Proved) << size;
        EXPECT_EQ(pair.coming->state(), IncomingResource::State::Proved) << size;
        // No part twice, on a line that loses none.
        EXPECT_EQ(static_cast<std::size_t>(pair.frames[Context::Resource]), pair.sending->parts());
        EXPECT_EQ(pair.frames[Context::ResourceAdvertisement], 1) << size;
    }
}

TEST(ReticulumResource, WhatCompressesIsCompressed) {
    std::string data;
    for (int i = 0; data.size() < 100'000; ++i) data += "Car broke down " + std::to_string(i);
    LinkPair pair;
    pair.begin(data);
    pair.run();
    EXPECT_EQ(pair.delivered, data);
    EXPECT_TRUE(pair.advertisement.compressed);
    EXPECT_LT(pair.sending->transfer_bytes(), data.size() / 2);

    LinkPair plain;
    plain.begin(data, false);
    plain.run();
    EXPECT_EQ(plain.delivered, data);
    EXPECT_FALSE(plain.advertisement.compressed);
}

TEST(ReticulumResource, TheProofWaitsUntilTheMessageIsKept) {
    LinkPair pair;
    pair.keeps = false;
    pair.begin(noise(3000));
    while (pair.delivered.empty()) {
        pair.run();
        ASSERT_EQ(pair.frames[Context::ResourceProof], 0);
    }
    EXPECT_EQ(pair.coming->state(), IncomingResource::State::Whole);
    EXPECT_EQ(pair.coming->data(), pair.delivered);
    EXPECT_EQ(pair.sending->state(), OutgoingResource::State::Failed);  // in the end
    EXPECT_EQ(pair.coming->prove().size(), 1u);
    EXPECT_TRUE(pair.coming->prove().empty());
    EXPECT_TRUE(pair.coming->data().empty());
}

TEST(ReticulumResource, TheWindowFollowsTheLink) {
    LinkPair fast;
    fast.way = [](const ResourceFrame&) { return milliseconds(1); };
    fast.begin(noise(300'000));
    fast.run();
    std::size_t widest = 0;
    for (const PartRequest& request : fast.requests)
        widest = std::max(widest, request.wanted.size() / kMapHash);
    EXPECT_GT(widest, 20u);
    EXPECT_LE(widest, kMostRequested);

    LinkPair slow;
    slow.link.rtt = std::chrono::seconds(20);
    slow.way = [](const ResourceFrame&) { return std::chrono::seconds(10); };
    slow.begin(noise(30'000));
    slow.run();
    EXPECT_EQ(slow.delivered.size(), 30'000u);
    EXPECT_LE(slow.requests.back().wanted.size() / kMapHash, 4u);
}

}  // namespace
}  // namespace waypost::reticulum
