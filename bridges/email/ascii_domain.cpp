// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/ascii_domain.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>

#include <algorithm>

namespace waypost::email {

std::string ascii_domain(const std::string& domain) {
    const bool ascii = std::all_of(domain.begin(), domain.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) return domain;
    try {
        return Poco::Net::DNS::encodeIDN(domain);
    } catch (const Poco::Exception&) {
        return domain;
    }
}

std::string ascii_mailbox(const Address& mailbox) {
    return std::string(mailbox.local_part()) + '@' + ascii_domain(std::string(mailbox.domain()));
}

}  // namespace waypost::email
