// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/verify_key.h"

#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <mutex>

#include "bridges/activitypub/signature/base58.h"
#include "gateway/base/lru_map.h"
#include "gateway/certificates/openssl_owners.h"

namespace waypost::activitypub {
namespace {

constexpr int kLeastBits = 2048;
constexpr int kMostBits = 8192;
constexpr int kMostExponentBits = 64;  // a check takes as long as this has bits
constexpr std::size_t kMostKeyText = 8192;
constexpr std::size_t kKeptKeys = 512;
constexpr std::string_view kEd25519Code("\xed\x01", 2);  // of multicodec
constexpr std::size_t kEd25519Bytes = 32;

using Decoder = std::unique_ptr<OSSL_DECODER_CTX, openssl::Freed<OSSL_DECODER_CTX_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, openssl::Freed<EVP_MD_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD, openssl::Freed<EVP_MD_free>>;

// Nobody is asked on a terminal for the password of a key that says it has one.
int no_password(char*, int, int, void*) { return -1; }

openssl::Key rsa_from_pem(std::string_view pem) {
    const openssl::Bio reader = openssl::reader_of(pem);
    if (pem.find("-----BEGIN RSA PUBLIC KEY-----") == std::string_view::npos)
        return openssl::Key(PEM_read_bio_PUBKEY(reader.get(), nullptr, no_password, nullptr));
    EVP_PKEY* key = nullptr;
    const Decoder decoder(OSSL_DECODER_CTX_new_for_pkey(&key, "PEM", "type-specific", "RSA",
                                                        EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
    if (!decoder || OSSL_DECODER_from_bio(decoder.get(), reader.get()) != 1) return nullptr;
    return openssl::Key(key);
}

bool is_usable_rsa(const EVP_PKEY* key) {
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
    const int bits = EVP_PKEY_get_bits(key);
    BIGNUM* exponent = nullptr;
    EVP_PKEY_get_bn_param(key, "e", &exponent);
    const openssl::Number owned(exponent);
    return bits >= kLeastBits && bits <= kMostBits && exponent != nullptr && BN_is_odd(exponent) &&
           !BN_is_one(exponent) && BN_num_bits(exponent) <= kMostExponentBits;
}

VerifyKey parse(std::string_view text) {
    if (text.size() > kMostKeyText) return {KeyKind::Rsa, nullptr};
    if (!text.empty() && text.front() == 'z') {  // base58btc, by multibase
        const auto bytes = from_base58(text.substr(1));
        if (!bytes || bytes->size() != kEd25519Code.size() + kEd25519Bytes ||
            !std::string_view(*bytes).starts_with(kEd25519Code))
            return {KeyKind::Ed25519, nullptr};
        const auto* raw =
            reinterpret_cast<const unsigned char*>(bytes->data()) + kEd25519Code.size();
        return {KeyKind::Ed25519, openssl::Key(EVP_PKEY_new_raw_public_key(
                                      EVP_PKEY_ED25519, nullptr, raw, kEd25519Bytes))};
    }
    openssl::Key key = rsa_from_pem(text);
    ERR_clear_error();
    if (!key || !is_usable_rsa(key.get())) return {KeyKind::Rsa, nullptr};
    return {KeyKind::Rsa, std::move(key)};
}

struct Kept {
    std::mutex mutex;
    LruMap<VerifyKey> keys{kKeptKeys};
};

}  // namespace

VerifyKey parse_verify_key(std::string_view text) {
    static Kept kept;
    {
        const std::lock_guard lock(kept.mutex);
        if (const VerifyKey* found = kept.keys.find(text)) return *found;
    }
    VerifyKey key = parse(text);
    if (!key.key) return key;
    const std::lock_guard lock(kept.mutex);
    return kept.keys.put(std::string(text), std::move(key));
}

bool is_signed(const VerifyKey& key, std::string_view text, std::string_view signature) {
    // Looked up once: by name each check would take a third longer.
    static const Digest sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!key.key) return false;
    const Context context(EVP_MD_CTX_new());
    const EVP_MD* digest = key.kind == KeyKind::Rsa ? sha256.get() : nullptr;
    const bool is =
        context &&
        EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
        EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                         signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                         text.size()) == 1;
    if (!is) ERR_clear_error();
    return is;
}

}  // namespace waypost::activitypub
