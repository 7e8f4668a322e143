// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/sha1.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace waypost::xmpp {

std::string sha1(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-1");
    return {digest.begin(), digest.begin() + size};
}

}  // namespace waypost::xmpp
