// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/node_key.h"

#include <sodium.h>
#include <zlib.h>

#include "radio/meshtastic/node/cipher.h"

namespace waypost::meshtastic {
namespace {

constexpr std::uint32_t kFirstNumber = 4;  // those below and the last one are no node's
constexpr std::size_t kMostShared = 500;
constexpr int kTag = 8;
constexpr int kNonce = 13;

std::string nonce(std::uint32_t id, std::string_view extra, std::uint32_t from) {
    std::string all;
    put_le(all, id);
    all += extra;
    put_le(all, from);
    all += '\0';
    return all;
}

bool is_node(std::uint32_t number) { return number >= kFirstNumber && number != 0xFFFFFFFF; }

}  // namespace

std::uint32_t number_of(std::string_view public_key) {
    return static_cast<std::uint32_t>(
        ::crc32(0, bytes_of(public_key), static_cast<unsigned>(public_key.size())));
}

NodeKey::NodeKey(Secret private_key, std::string public_key)
    : private_key_(std::move(private_key)),
      public_key_(std::move(public_key)),
      number_(number_of(public_key_)),
      shared_(std::make_unique<LruMap<std::string>>(kMostShared)) {}

NodeKey NodeKey::make() {
    for (;;) {
        std::string bytes(kNodeKeyBytes, '\0');
        randombytes_buf(bytes.data(), bytes.size());
        auto key = of(Secret(std::move(bytes)));
        if (key.ok()) return std::move(*key);
    }
}

Result<NodeKey> NodeKey::of(Secret private_key) {
    if (private_key.reveal().size() != kNodeKeyBytes) return bad_input("a node's key is 32 bytes");
    std::string made(kNodeKeyBytes, '\0');
    if (crypto_scalarmult_base(bytes_of(made), bytes_of(private_key.reveal())) != 0 ||
        !is_node(number_of(made))) {
        return bad_input("this key gives no node number: make another");
    }
    return NodeKey(std::move(private_key), std::move(made));
}

std::string NodeKey::shared(std::string_view other) {
    if (other.size() != kNodeKeyBytes) return {};
    if (const std::string* known = shared_->find(other)) return *known;
    std::string point(kNodeKeyBytes, '\0');
    // All of the few points that give 0 are refused.
    if (crypto_scalarmult(bytes_of(point), bytes_of(private_key_.reveal()), bytes_of(other)) != 0)
        return {};
    std::string key(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(bytes_of(key), bytes_of(std::string_view(point)), point.size());
    sodium_memzero(point.data(), point.size());
    return shared_->put(
        std::string(other), std::move(key),
        [](const std::string&, std::string& gone) { sodium_memzero(gone.data(), gone.size()); });
}

std::string NodeKey::seal(std::string_view to_key, std::uint32_t from, std::uint32_t id,
                          std::uint32_t extra, std::string_view bytes) {
    const std::string key = shared(to_key);
    if (key.empty()) return {};
    std::string extra_bytes;
    put_le(extra_bytes, extra);
    const std::string iv = nonce(id, extra_bytes, from);
    std::string out(bytes.size(), '\0');
    std::string tag(kTag, '\0');
    const Cipher context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX* const c = context.get();
    int written = 0;
    const bool good = c != nullptr &&
                      EVP_EncryptInit_ex(c, EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, kNonce, nullptr) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTag, nullptr) == 1 &&
                      EVP_EncryptInit_ex(c, nullptr, nullptr, bytes_of(key), bytes_of(iv)) == 1 &&
                      EVP_EncryptUpdate(c, bytes_of(out), &written, bytes_of(bytes),
                                        static_cast<int>(bytes.size())) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, kTag, tag.data()) == 1;
    return good ? out + tag + extra_bytes : std::string();
}

std::optional<std::string> NodeKey::open(std::string_view from_key, std::uint32_t from,
                                         std::uint32_t id, std::string_view sealed) {
    if (sealed.size() <= kSealBytes) return std::nullopt;
    const std::string key = shared(from_key);
    if (key.empty()) return std::nullopt;
    const std::string_view text = sealed.substr(0, sealed.size() - kSealBytes);
    std::string tag(sealed.substr(text.size(), kTag));
    const std::string iv = nonce(id, sealed.substr(text.size() + kTag), from);
    std::string out(text.size(), '\0');
    const Cipher context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX* const c = context.get();
    int written = 0;
    const bool good = c != nullptr &&
                      EVP_DecryptInit_ex(c, EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, kNonce, nullptr) == 1 &&
                      EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
                      EVP_DecryptInit_ex(c, nullptr, nullptr, bytes_of(key), bytes_of(iv)) == 1 &&
                      EVP_DecryptUpdate(c, bytes_of(out), &written, bytes_of(text),
                                        static_cast<int>(text.size())) == 1;
    return good ? std::optional<std::string>(std::move(out)) : std::nullopt;
}

}  // namespace waypost::meshtastic
