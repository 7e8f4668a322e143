// SPDX-License-Identifier: Apache-2.0
// DKIM signatures (RFC 6376) by libopendkim: relaxed/relaxed, rsa-sha256 or, with an Ed25519 key,
// ed25519-sha256 (RFC 8463). From, To and Subject are signed once more than they are there, so that
// nobody can add one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/base/secret.h"

namespace waypost::email {

class DkimSigner {
  public:
    // `key`: a private key in PEM. Throws std::runtime_error: it is none, or too weak.
    DkimSigner(std::string domain, std::string selector, Secret key);
    ~DkimSigner();
    DkimSigner(const DkimSigner&) = delete;
    DkimSigner& operator=(const DkimSigner&) = delete;

    // Throws as the constructor does, without signing anything.
    static void check_key(const Secret& key);

    // Whether a mail with this domain in From is ours to sign: it is d= or below it.
    bool signs_for(std::string_view from_domain) const;

    // The header field to stand before the mail, with its final CR LF. Any thread.
    Result<std::string> signature(std::string_view mail) const;

  private:
    struct Library;
    std::string domain_;
    std::string selector_;
    Secret key_;
    int algorithm_;
    std::unique_ptr<Library> library_;
};

}  // namespace waypost::email
