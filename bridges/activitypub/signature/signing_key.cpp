// SPDX-License-Identifier: Apache-2.0
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "bridges/activitypub/signature/cavage.h"
#include "bridges/activitypub/signature/digest.h"
#include "bridges/activitypub/signature/fields.h"
#include "bridges/activitypub/signature/http_date.h"
#include "bridges/activitypub/signature/rfc9421.h"
#include "bridges/activitypub/signature/signature.h"
#include "gateway/base/encoding.h"
#include "gateway/certificates/openssl_owners.h"

namespace waypost::activitypub {
namespace {

constexpr unsigned kBits = 2048;
constexpr std::string_view kLabel = "sig1";

using Context = std::unique_ptr<EVP_MD_CTX, openssl::Freed<EVP_MD_CTX_free>>;
using Headers = std::map<std::string, std::string>;

std::string signature_of(EVP_PKEY* key, std::string_view text) {
    const Context context(EVP_MD_CTX_new());
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = signature.size();
    const bool is =
        context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    if (!is) throw std::runtime_error("OpenSSL cannot sign");
    signature.resize(size);
    return signature;
}

// What is signed is ours, and has what it covers.
std::string base_of(Result<std::string> base) {
    if (!base.ok()) throw std::logic_error(base.error().text);
    return std::move(*base);
}

bool has_body(const SignedMessage& message) {
    return !message.body.empty() || message.method == "POST";
}

Headers sign_cavage(EVP_PKEY* key, SignedMessage message, const std::string& key_id,
                    std::int64_t now) {
    Headers added{{"Date", http_date(now)}};
    message.headers.emplace("date", added["Date"]);
    SignatureClaim claim;
    claim.key_id = key_id;
    claim.algorithm = "rsa-sha256";
    claim.covered = {std::string(kRequestTarget), "host", "date"};
    if (has_body(message)) {
        added["Digest"] = digest_field(message.body);
        message.headers.emplace("digest", added["Digest"]);
        claim.covered.insert(claim.covered.end(), {"digest", "content-type"});
    }
    claim.signature = signature_of(key, base_of(cavage_base(message, claim, message.target)));
    added["Signature"] = cavage_field(claim);
    return added;
}

FieldParameter quoted(const char* name, const std::string& value) {
    return {name, '"' + value + '"', value, {}};
}

Headers sign_rfc9421(EVP_PKEY* key, SignedMessage message, const std::string& key_id,
                     std::int64_t now) {
    Headers added;
    StringList input;
    input.items = {"@method", "@target-uri"};
    if (has_body(message)) {
        added["Content-Digest"] = content_digest_field(message.body);
        message.headers.emplace("content-digest", added["Content-Digest"]);
        input.items.insert(input.items.end(), {"content-digest", "content-type"});
    }
    input.parameters = {{"created", std::to_string(now), {}, now},
                        quoted("keyid", key_id),
                        quoted("alg", "rsa-v1_5-sha256")};
    const std::string label = std::string(kLabel) + '=';
    added["Signature-Input"] = label + input.text();
    added["Signature"] =
        label + ':' + to_base64(signature_of(key, base_of(rfc9421_base(message, input)))) + ':';
    return added;
}

}  // namespace

struct SigningKey::Key {
    openssl::Key pair;
};

SigningKey::SigningKey(std::shared_ptr<Key> key) : key_(std::move(key)) {}

Result<SigningKey> SigningKey::make() {
    openssl::Key pair(EVP_RSA_gen(kBits));
    if (!pair) return Error{Code::Internal, "OpenSSL cannot make a key", false};
    return SigningKey(std::make_shared<Key>(Key{std::move(pair)}));
}

Result<SigningKey> SigningKey::from_pem(std::string_view pem) {
    const openssl::Bio reader = openssl::reader_of(pem);
    // No password: a key that asks for one is refused, and nobody is asked on a terminal.
    openssl::Key pair(PEM_read_bio_PrivateKey(
        reader.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
    ERR_clear_error();
    if (!pair || EVP_PKEY_get_base_id(pair.get()) != EVP_PKEY_RSA ||
        EVP_PKEY_get_bits(pair.get()) < static_cast<int>(kBits))
        return bad_input("this is no RSA key of 2048 bits or more in PEM");
    return SigningKey(std::make_shared<Key>(Key{std::move(pair)}));
}

std::string SigningKey::private_pem() const {
    const openssl::Bio out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key_->pair.get(), nullptr, nullptr, 0,
                                              nullptr, nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot write a key");
    return openssl::text_of(out.get());
}

std::string SigningKey::public_pem() const {
    const openssl::Bio out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PUBKEY(out.get(), key_->pair.get()) != 1)
        throw std::runtime_error("OpenSSL cannot write a key");
    return openssl::text_of(out.get());
}

std::map<std::string, std::string> SigningKey::sign(const SignedMessage& message, Flavour flavour,
                                                    const std::string& key_id,
                                                    std::int64_t now) const {
    EVP_PKEY* key = key_->pair.get();
    return flavour == Flavour::Cavage ? sign_cavage(key, message, key_id, now)
                                      : sign_rfc9421(key, message, key_id, now);
}

}  // namespace waypost::activitypub
