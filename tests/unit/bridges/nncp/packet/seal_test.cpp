// SPDX-License-Identifier: Apache-2.0
// What seal() writes, read back by unseal(); the real nncp-toss reads it in tests/interop/nncp.
#include "bridges/nncp/packet/seal.h"

#include <gtest/gtest.h>

#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kRoom = 8'000'000;
// Specification section 9.4: these hit every branch of blocks and padding.
constexpr std::size_t kSizes[] = {0,      1,      130779, 130780, 130781,
                                  130795, 130796, 130797, 261868, 393216};
constexpr std::uint64_t kMinsizes[] = {0, 2000, 300000};

Sealing village_to_relay() { return test_sealing("village", "relay", 96); }

std::string sealed(const Sealing& sealing, const PlainHeader& plain, std::string_view payload) {
    MemorySource source(payload);
    MemorySink out(kRoom);
    const auto done = seal(sealing, plain, source, out);
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().text);
    return out.take();
}

TEST(NncpSeal, EverySizeAndPaddingComesBack) {
    for (const std::size_t size : kSizes) {
        const std::string payload = mth_pattern(size);
        for (const std::uint64_t minsize : kMinsizes) {
            SCOPED_TRACE(std::to_string(size) + " bytes, minsize " + std::to_string(minsize));
            Sealing sealing = village_to_relay();
            sealing.pad = pad_for(size, minsize, 0);
            const std::string packet = sealed(sealing, {PacketType::File, 200, "a/b"}, payload);
            const std::size_t plain = 292 + size;
            const std::size_t unpadded = 172 + plain + 16 * ((plain + 131071) / 131072);
            EXPECT_EQ(packet.size(), std::max<std::size_t>(unpadded, minsize));
            MemorySource source(packet);
            MemorySink out(kRoom);
            const auto opened = unseal(test_unsealing("relay"), source, out);
            ASSERT_TRUE(opened.ok()) << opened.error().text;
            EXPECT_TRUE(out.bytes() == payload);
            EXPECT_EQ(opened->payload_bytes, size);
            EXPECT_EQ(opened->pad, sealing.pad);
            EXPECT_EQ(opened->header.nice, 96);
            EXPECT_EQ(opened->plain.nice, 200);
            EXPECT_EQ(opened->plain.path, "a/b");
        }
    }
}

TEST(NncpSeal, PadReachesTheMinsizeThroughLayers) {
    for (const int relays : {0, 1, 3}) {
        for (const std::uint64_t minsize : {0ull, 2000ull, 131072ull, 300000ull}) {
            Sealing sealing = village_to_relay();
            sealing.pad = pad_for(11, minsize, relays);
            std::string packet = sealed(sealing, {PacketType::File, 200, "a"}, mth_pattern(11));
            sealing.pad = 0;
            for (int i = 0; i < relays; ++i) {
                packet = sealed(sealing, {PacketType::Trns, 0, std::string(32, 'x')}, packet);
            }
            EXPECT_GE(packet.size(), minsize);
        }
    }
    EXPECT_EQ(pad_for(11, 1024, 0), 533u) << "as nncp-file -minsize 1 pads file-padded.pkt";
}

TEST(NncpSeal, NoTwoPacketsAreAlike) {
    const std::string one = sealed(village_to_relay(), {PacketType::File, 200, "a"}, "same");
    const std::string two = sealed(village_to_relay(), {PacketType::File, 200, "a"}, "same");
    EXPECT_NE(one.substr(76, 32), two.substr(76, 32));
    EXPECT_NE(one.substr(172), two.substr(172));
}

TEST(NncpSeal, AnErrorOfSourceOrSinkComesOut) {
    struct Broken : Source {
        Result<std::size_t> read(std::span<std::uint8_t>) override {
            return Error{Code::Internal, "the disk is gone", true};
        }
    } broken;
    MemorySink out(kRoom);
    const PlainHeader plain{PacketType::File, 200, "a"};
    EXPECT_EQ(seal(village_to_relay(), plain, broken, out).error().text, "the disk is gone");
    MemorySink small(300);
    MemorySource source("text");
    EXPECT_EQ(seal(village_to_relay(), plain, source, small).error().code, Code::TooLarge);
}

TEST(NncpSeal, WithoutAKeyNothingIsSealed) {
    Sealing sealing = village_to_relay();
    sealing.exchange_public = {};  // all zero: X25519 with it is zero
    MemorySource source("text");
    MemorySink out(kRoom);
    EXPECT_FALSE(seal(sealing, {PacketType::File, 200, "a"}, source, out).ok());
    sealing = village_to_relay();
    sealing.sign_secret = nullptr;
    EXPECT_FALSE(seal(sealing, {PacketType::File, 200, "a"}, source, out).ok());
    EXPECT_TRUE(out.bytes().empty());
}

}  // namespace
}  // namespace waypost::nncp
