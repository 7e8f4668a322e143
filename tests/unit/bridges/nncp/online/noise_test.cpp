// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/noise.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace waypost::nncp {
namespace {

std::string unhex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return bytes;
}

Hash32 key_of(std::string_view hex) {
    Hash32 key{};
    const std::string bytes = unhex(hex);
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

std::span<const std::uint8_t> span_of(std::string_view bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

struct Side {
    explicit Side(const std::string& hex) : secret(unhex(hex)) {
        crypto_scalarmult_base(open.data(),
                               reinterpret_cast<const std::uint8_t*>(secret.reveal().data()));
    }
    NoiseKeys keys() const { return {&secret, open}; }
    Secret secret;
    Hash32 open{};
};

std::string sealed(NoiseCipher& cipher, const std::string& text) {
    std::string buffer = text + std::string(kNoiseTag, '\0');
    EXPECT_TRUE(cipher.seal({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()}).ok());
    return buffer;
}

std::string opened(NoiseCipher& cipher, std::string buffer) {
    const auto inside =
        cipher.open({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
    if (!inside.ok()) return "!";
    return {reinterpret_cast<const char*>(inside->data()), inside->size()};
}

// Noise_IK_25519_ChaChaPoly_BLAKE2b of rweather/noise-c, tests/vector/noise-c-basic.txt.
struct Vector {
    Side caller{"e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"};
    Side callee{"4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"};
    std::string prologue = unhex("50726f6c6f677565313233");
    std::string first = unhex(
        "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944ba83a447b38c83e327ad9369"
        "29812f624884847b7831e95e197b2f797088efdd232fe541af156ec6d0657602902a8c3ee64e470f4b6fcd92"
        "98ce0b56fe20f86e60d9d933ec6e103ffb09e6001d6abb64");
    std::string second = unhex(
        "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088439f069b267a06b3de3ecb1043"
        "bcb09807c6cd101f3826192a65f11ef3fe4317");
};

TEST(Noise, SpeaksTheVectorOfNoiseC) {
    const Vector vector;
    EXPECT_EQ(vector.callee.open,
              key_of("31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62"));
    NoiseHandshake caller(vector.caller.keys(), vector.callee.open, span_of(vector.prologue));
    NoiseHandshake callee(vector.callee.keys(), std::nullopt, span_of(vector.prologue));
    caller.use_ephemeral(
        key_of("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"));
    callee.use_ephemeral(
        key_of("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"));
    const auto first = caller.write("Ludwig von Mises");
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(*first, vector.first);
    EXPECT_EQ(callee.read(*first).value(), "Ludwig von Mises");
    EXPECT_EQ(callee.remote(), vector.caller.open);
    const auto second = callee.write("Murray Rothbard");
    ASSERT_TRUE(second.ok());
    EXPECT_EQ(*second, vector.second);
    EXPECT_EQ(caller.read(*second).value(), "Murray Rothbard");
    auto of_caller = caller.split();
    auto of_callee = callee.split();
    const std::string words[] = {"F. A. Hayek", "Carl Menger", "Jean-Baptiste Say",
                                 "Eugen B\xf6"
                                 "hm von Bawerk"};
    const char* wire[] = {
        "cd54383060e7a28434cca27fb1cc524cfbabeb18181589df219d07",
        "a856d3bf0246bfc476c655009cd1ed677b8dcc5b349ae8ef2a05f2",
        "49063084b2c51f098337cb8a13739ac848f907e67cfb2cc8a8b60586467aa02fc7",
        "8b9709d23b47e4639df7678d7a21741eba4ef1e9c60383001c7435549c20f9d56f30e935d3"};
    for (std::size_t i = 0; i < 4; ++i) {
        auto& from = i % 2 == 0 ? of_caller : of_callee;
        auto& to = i % 2 == 0 ? of_callee : of_caller;
        const std::string bytes = sealed(from.send, words[i]);
        EXPECT_EQ(bytes, unhex(wire[i]));
        EXPECT_EQ(opened(to.receive, bytes), words[i]);
    }
}

TEST(Noise, AnyBitThatChangedIsSeen) {
    const Vector vector;
    for (std::size_t i = 0; i < vector.first.size(); ++i) {
        NoiseHandshake callee(vector.callee.keys(), std::nullopt, span_of(vector.prologue));
        std::string bad = vector.first;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(callee.read(bad).ok()) << i;
        NoiseHandshake again(vector.callee.keys(), std::nullopt, span_of(vector.prologue));
        EXPECT_FALSE(again.read(vector.first.substr(0, i)).ok()) << i;
    }
}

TEST(Noise, AKeyThatIsWorthNothingIsRefused) {
    const Vector vector;
    NoiseHandshake callee(vector.callee.keys(), std::nullopt);
    EXPECT_FALSE(callee.read(std::string(200, '\0')).ok());
    NoiseHandshake caller(vector.caller.keys(), Hash32{});
    EXPECT_FALSE(caller.write("").ok());
}

TEST(Noise, WhoeverElseAnswersIsNotTheOneCalled) {
    const Vector vector;
    const Side other("7a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893");
    NoiseHandshake caller(vector.caller.keys(), other.open);
    NoiseHandshake callee(vector.callee.keys(), std::nullopt);
    EXPECT_FALSE(callee.read(caller.write("hello").value()).ok());
}

TEST(Noise, AMessageComesOnceAndInItsOrder) {
    const Vector vector;
    NoiseHandshake caller(vector.caller.keys(), vector.callee.open);
    NoiseHandshake callee(vector.callee.keys(), std::nullopt);
    ASSERT_TRUE(callee.read(caller.write("").value()).ok());
    ASSERT_TRUE(caller.read(callee.write("").value()).ok());
    auto from = caller.split();
    auto to = callee.split();
    const std::string one = sealed(from.send, "one");
    EXPECT_EQ(opened(to.receive, one), "one");
    EXPECT_EQ(opened(to.receive, one), "!");
    EXPECT_EQ(opened(to.receive, "short"), "!");
}

}  // namespace
}  // namespace waypost::nncp
