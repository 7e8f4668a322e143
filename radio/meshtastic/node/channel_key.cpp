// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/channel_key.h"

#include <stdexcept>

#include "radio/meshtastic/node/cipher.h"

namespace waypost::meshtastic {
namespace {

constexpr std::size_t kShort = 16;
constexpr std::size_t kLong = 32;
constexpr std::size_t kMostName = 11;
constexpr unsigned char kKnownToAll[kShort] = {0xd4, 0xf1, 0xbb, 0x3a, 0x20, 0x29, 0x07, 0x59,
                                               0xf0, 0xbc, 0xff, 0xab, 0xcf, 0x4e, 0x69, 0x01};

std::string expand(std::string_view psk) {
    if (psk.empty() || (psk.size() == 1 && psk[0] == 0)) return {};
    if (psk.size() == 1) {
        std::string key(reinterpret_cast<const char*>(kKnownToAll), kShort);
        key.back() = static_cast<char>(key.back() + psk[0] - 1);
        return key;
    }
    std::string key(psk);
    key.resize(psk.size() <= kShort ? kShort : kLong, '\0');
    return key;
}

std::uint32_t xor_of(std::string_view bytes) {
    unsigned char all = 0;
    for (const char c : bytes) all ^= static_cast<unsigned char>(c);
    return all;
}

}  // namespace

Result<ChannelKey> channel_key(std::string name, std::string_view psk, int precision) {
    if (name.empty() || name.size() > kMostName || name.find_first_of("/+#") != std::string::npos)
        return bad_input("\"" + name + "\": a channel's name is 1 to 11 bytes, without / + #");
    if (psk.size() > kLong) return bad_input(name + ": a channel's key is 32 bytes at most");
    if (precision < 0 || precision > 32)
        return bad_input(name + ": the precision of positions is 0 to 32 bits");
    ChannelKey channel{std::move(name), expand(psk), 0, precision};
    channel.hash = xor_of(channel.name) ^ xor_of(channel.key);
    return channel;
}

std::string crypt(const ChannelKey& channel, std::uint32_t from, std::uint32_t id,
                  std::string_view bytes) {
    if (channel.key.empty()) return std::string(bytes);
    std::string iv;
    for (const std::uint32_t word : {id, 0u, from, 0u}) put_le(iv, word);
    const Cipher context(EVP_CIPHER_CTX_new());
    const EVP_CIPHER* const cipher =
        channel.key.size() == kShort ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
    std::string out(bytes.size(), '\0');
    int written = 0;
    const bool good = context &&
                      EVP_EncryptInit_ex(context.get(), cipher, nullptr, bytes_of(channel.key),
                                         bytes_of(iv)) == 1 &&
                      EVP_EncryptUpdate(context.get(), bytes_of(out), &written, bytes_of(bytes),
                                        static_cast<int>(bytes.size())) == 1;
    if (!good) throw std::runtime_error("AES-CTR failed");
    return out;
}

}  // namespace waypost::meshtastic
