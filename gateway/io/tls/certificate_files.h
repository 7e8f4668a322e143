// SPDX-License-Identifier: Apache-2.0
// A certificate and its key in files of the operator, which somebody else renews.
#pragma once

#include <string>

#include "gateway/io/tls/server_context.h"

namespace waypost::tls {

// Of a file in PEM, at most kMostPemBytes. Errors are sentences with its path.
Result<std::string> read_pem(const std::string& path);

// One thread at a time.
class CertificateFiles {
  public:
    // No key: it stands in the same file.
    CertificateFiles(std::string certificate, std::string key)
        : certificate_(std::move(certificate)), key_(std::move(key)) {}

    // One of them is new, or changed, since this was asked last; true when asked first. Two files
    // are not exchanged at once: what does not fit together is read again when the other has
    // changed too.
    bool changed();
    // BadInput: everybody on the machine can read the key.
    Result<KeyAndChain> read() const;
    const std::string& certificate() const { return certificate_; }

  private:
    const std::string certificate_, key_;
    std::string seen_;  // when they changed last
};

}  // namespace waypost::tls
