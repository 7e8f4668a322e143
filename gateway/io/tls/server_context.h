// SPDX-License-Identifier: Apache-2.0
// TLS as the box's HTTP servers speak it: 1.2 and 1.3, with forward secrecy and authenticated
// ciphers only. Thread-safe.
#pragma once

#include <Poco/Net/Context.h>

#include <string>
#include <string_view>

#include "gateway/certificates/certificate.h"

namespace waypost::tls {

// A certificate with its chain and its key, in PEM.
struct KeyAndChain {
    Secret pem;  // of one file, or of two behind each other
};
KeyAndChain joined(const Secret& key, const std::string& chain);

struct Loaded {
    Poco::Net::Context::Ptr context;
    CertificateFacts facts;
};

// BadInput, as a sentence: no certificate, no key, or the key of another certificate.
Result<Loaded> load(const KeyAndChain& from);

// Whether an authority that this machine trusts vouches for it. `time_known`: its days count too.
bool is_accepted(std::string_view pem, bool time_known);

}  // namespace waypost::tls
