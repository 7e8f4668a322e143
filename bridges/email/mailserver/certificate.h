// SPDX-License-Identifier: Apache-2.0
// A certificate that the box makes for itself where it has none that the world knows: enough to
// keep others from reading along, not enough for a mail program to know whose box it is.
#pragma once

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/certificates/certificate.h"

namespace waypost::email {

struct CertificateInfo : CertificateFacts {
    long days_left = 0;
};

// A new P-256 key and a certificate for these names and addresses, 820 days long (iOS takes none
// that lasts over 825). The key's file has mode 0600. Refused if files of others are there.
Result<void> make_certificate(const std::vector<std::string>& names,
                              const std::vector<std::string>& addresses,
                              const std::string& certificate_file, const std::string& key_file);

Result<CertificateInfo> look_at_certificate(const std::string& certificate_file);

}  // namespace waypost::email
