// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/stamp.h"

#include <bit>
#include <cstring>
#include <msgpack.hpp>

#include "radio/reticulum/lxmf/message.h"
#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kBlockOfRound = 256;
constexpr std::uint64_t kTriesBetweenStops = 4096;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string packed_number(int number) {
    msgpack::sbuffer buffer;
    msgpack::pack(buffer, number);
    return {buffer.data(), buffer.size()};
}

template <class Hash>
int zero_bits(const Hash& hash) {
    int bits = 0;
    for (const unsigned char byte : hash) {
        bits += std::countl_zero(byte);
        if (byte != 0) break;
    }
    return bits;
}

}  // namespace

StampWork::StampWork(std::string_view message_id, int rounds) {
    crypto_hash_sha256_init(&state_);
    for (int round = 0; round < rounds; ++round) {
        const std::string salt = sha256(std::string(message_id) + packed_number(round));
        const Secret block = hkdf(message_id, salt, kBlockOfRound);
        crypto_hash_sha256_update(&state_, bytes_of(block.reveal()), block.reveal().size());
    }
}

StampWork::Hash StampWork::hash_with(std::string_view stamp) const {
    crypto_hash_sha256_state state = state_;
    Hash hash;
    crypto_hash_sha256_update(&state, bytes_of(stamp), stamp.size());
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

int StampWork::value(std::string_view stamp) const { return zero_bits(hash_with(stamp)); }

bool StampWork::good(std::string_view stamp, int cost) const {
    return stamp.size() == kLxmfStamp && value(stamp) >= cost;
}

std::optional<std::string> StampWork::make(int cost, Random& random, std::uint64_t most_tries,
                                           const std::function<bool()>& stop) const {
    std::string stamp = random_bytes(random, kLxmfStamp);
    for (std::uint64_t tries = 0; tries < most_tries; ++tries) {
        if (tries % kTriesBetweenStops == 0 && stop && stop()) return std::nullopt;
        std::memcpy(stamp.data(), &tries, sizeof tries);
        if (value(stamp) >= cost) return stamp;
    }
    return std::nullopt;
}

}  // namespace waypost::reticulum
