// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/signature/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "bridges/activitypub/signature/fields.h"
#include "bridges/activitypub/signature/structured_field.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

std::string hash_of(std::string_view body, const EVP_MD* kind) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    if (EVP_Digest(body.data(), body.size(), hash.data(), &size, kind, nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot hash");
    return {reinterpret_cast<const char*>(hash.data()), size};
}

std::string sha256(std::string_view body) { return hash_of(body, EVP_sha256()); }
std::string sha512(std::string_view body) { return hash_of(body, EVP_sha512()); }

class Check {
  public:
    explicit Check(std::string_view body) : body_(body) {}
    static bool knows(std::string_view algorithm) {
        const std::string name = lower_ascii(algorithm);
        return name == "sha-256" || name == "sha-512";
    }
    // False: it does not fit. What is not known is passed over.
    bool fits(std::string_view algorithm, std::string_view hash) {
        if (!knows(algorithm)) return true;
        known_ = true;
        return hash == (lower_ascii(algorithm) == "sha-256" ? sha256(body_) : sha512(body_));
    }
    Result<void> end() const {
        if (known_) return {};
        return bad_input("the body's digest is none that is known; SHA-256 is");
    }

  private:
    std::string_view body_;
    bool known_ = false;
};

Error unfit() { return {Code::Refused, "the digest is that of another body", false}; }

}  // namespace

std::string digest_field(std::string_view body) { return "SHA-256=" + to_base64(sha256(body)); }

std::string content_digest_field(std::string_view body) {
    return "sha-256=:" + to_base64(sha256(body)) + ':';
}

Result<void> check_digest(std::string_view field, std::string_view body) {
    Check check(body);
    for (std::size_t count = 0; !field.empty(); ++count) {
        const std::size_t comma = std::min(field.find(','), field.size());
        const std::string_view one = trim_spaces(field.substr(0, comma));
        field.remove_prefix(std::min(comma + 1, field.size()));
        const std::size_t equals = one.find('=');
        if (equals == std::string_view::npos || count >= kMostSignatures)
            return bad_input("the body's digest is malformed");
        if (!Check::knows(one.substr(0, equals))) continue;
        const auto hash = from_base64(one.substr(equals + 1));
        if (!hash.ok()) return bad_input("the body's digest is not in base64");
        if (!check.fits(one.substr(0, equals), *hash)) return unfit();
    }
    return check.end();
}

Result<void> check_content_digest(std::string_view field, std::string_view body) {
    const auto hashes = parse_byte_sequences(field);
    if (!hashes.ok()) return hashes.error();
    Check check(body);
    for (const auto& [name, hash] : *hashes)
        if (!check.fits(name, hash)) return unfit();
    return check.end();
}

}  // namespace waypost::activitypub
