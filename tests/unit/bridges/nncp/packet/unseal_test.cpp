// SPDX-License-Identifier: Apache-2.0
// Packets of the real nncp: the good ones layer by layer, the bad ones with their reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "bridges/nncp/packet/blake3_hash.h"
#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/packet/zstd.h"
#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

using ::testing::HasSubstr;
constexpr std::size_t kRoom = 8'000'000;

struct Opened {
    Result<Unsealed> result;
    std::string payload;
};

Opened open(const std::string& bytes, const std::string& node) {
    MemorySource source(bytes);
    MemorySink out(kRoom);
    auto result = unseal(test_unsealing(node), source, out);
    return {std::move(result), out.take()};
}

void expect_layer(const Opened& opened, const VectorLayer& layer) {
    ASSERT_TRUE(opened.result.ok()) << opened.result.error().text;
    const Unsealed& it = *opened.result;
    EXPECT_EQ(it.header.sender, test_keys().at(layer.sender).id);
    EXPECT_EQ(it.header.recipient, test_keys().at(layer.recipient).id);
    EXPECT_EQ(it.header.nice, layer.nice);
    EXPECT_EQ(it.plain.nice, layer.plain_nice);
    EXPECT_EQ(to_string(it.plain.type), layer.type);
    EXPECT_EQ(it.plain.path, layer.path);
    EXPECT_EQ(it.pad, layer.pad);
    EXPECT_EQ(it.payload_bytes + kPlainHeaderBytes, layer.plain_bytes);
    EXPECT_EQ(it.payload_bytes, opened.payload.size());
    if (layer.payload_b3.empty()) return;
    EXPECT_EQ(hex_of(Blake3::plain().update(opened.payload).finish()), layer.payload_b3);
}

std::string unpacked(const std::string& packed) {
    MemorySink out(kRoom);
    UnzstdSink sink(out, kRoom);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(packed.data());
    EXPECT_TRUE(sink.write({bytes, packed.size()}).ok());
    EXPECT_TRUE(sink.finish().ok());
    return out.take();
}

TEST(NncpUnseal, EveryGoodVectorLayerByLayer) {
    ASSERT_EQ(good_vectors().size(), 14u);
    for (const Vector& vector : good_vectors()) {
        SCOPED_TRACE(vector.name);
        std::string bytes = vector.bytes, type;
        for (const VectorLayer& layer : vector.layers) {
            const std::string node =
                layer.recipient.rfind("area:", 0) == 0 ? "city" : layer.recipient;
            auto opened = open(bytes, node);
            expect_layer(opened, layer);
            bytes = std::move(opened.payload);
            type = layer.type;
        }
        EXPECT_TRUE((type == "exec" ? unpacked(bytes) : bytes) == vector.content);
    }
}

// What these hold is refused where it is used: in toss/.
const std::set<std::string> kOpens = {"bad-dotdot", "bad-sibling-prefix", "bad-abs-path",
                                      "bad-zstd"};

TEST(NncpUnseal, EveryBadVectorIsRefusedWithItsReason) {
    std::size_t refusals = 0;
    for (const auto& [name, reason] : bad_reasons()) {
        if (kOpens.count(name) > 0) continue;
        ++refusals;
        const auto refused = open(vector_of(name).bytes, "relay").result;
        ASSERT_FALSE(refused.ok()) << name;
        EXPECT_THAT(refused.error().text, HasSubstr(reason)) << name;
    }
    for (const auto& name : kOpens) EXPECT_TRUE(open(vector_of(name).bytes, "relay").result.ok());
    EXPECT_EQ(refusals + kOpens.size(), bad_vectors().size());
}

TEST(NncpUnseal, EveryByteAndEveryLengthCounts) {
    for (const char* name : {"file-small", "file-padded", "exec-zstd"}) {
        const std::string good = vector_of(name).bytes;
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 1);
            ASSERT_FALSE(open(bad, "relay").result.ok()) << name << " changed at " << at;
            ASSERT_FALSE(open(good.substr(0, at), "relay").result.ok()) << name << " cut at " << at;
        }
        EXPECT_FALSE(open(good + 'x', "relay").result.ok());
    }
}

TEST(NncpUnseal, WhatLiesBehindTheBlocksCounts) {
    MemorySource source("text");
    MemorySink sink(kRoom);
    Sealing sealing = test_sealing("village", "relay", 1);
    sealing.pad = 300000;
    ASSERT_TRUE(seal(sealing, {PacketType::File, 1, "a"}, source, sink).ok());
    const std::string good = sink.take();
    ASSERT_TRUE(open(good, "relay").result.ok());
    std::string bad = good;
    bad.back() = static_cast<char>(bad.back() ^ 1);
    EXPECT_THAT(open(bad, "relay").result.error().text, HasSubstr("the padding behind it"));
    EXPECT_THAT(open(good + 'x', "relay").result.error().text, HasSubstr("behind its end"));
    EXPECT_THAT(open(good.substr(0, good.size() - 1), "relay").result.error().text,
                HasSubstr("padding is missing"));
    EXPECT_THAT(open(good.substr(0, 172 + 131088), "relay").result.error().text,
                HasSubstr("padding is missing"));
}

TEST(NncpUnseal, AnUnknownSenderIsTakenWhereThatIsAllowed) {
    const std::string& bytes = vector_of("bad-unknown-sender").bytes;
    Unsealing unsealing = test_unsealing("relay");
    unsealing.allow_unknown_sender = true;
    MemorySource source(bytes);
    MemorySink out(kRoom);
    EXPECT_TRUE(unseal(unsealing, source, out).ok());
    EXPECT_EQ(open(bytes, "relay").result.error().code, Code::NotFound);
    // One that is known must have signed it.
    MemorySource forged(vector_of("bad-bad-signature").bytes);
    EXPECT_FALSE(unseal(unsealing, forged, out).ok());
}

TEST(NncpUnseal, ThePlainHeaderComesFirstAndMayBeRefused) {
    const std::string& bytes = vector_of("file-boundary").bytes;
    MemorySource source(bytes);
    MemorySink out(kRoom);
    std::string path;
    const auto refused =
        unseal(test_unsealing("relay"), source, out, [&](const Unsealed& seen) -> Result<void> {
            path = seen.plain.path;
            return Error{Code::TooLarge, "not today", false};
        });
    EXPECT_EQ(refused.error().text, "not today");
    EXPECT_EQ(path, "file-boundary.bin");
    EXPECT_TRUE(out.bytes().empty());
}

}  // namespace
}  // namespace waypost::nncp
