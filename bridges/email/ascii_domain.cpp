// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/ascii_domain.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>

#include "gateway/message/text.h"

namespace waypost::email {

std::string ascii_domain(const std::string& domain) {
    if (is_ascii(domain)) return domain;
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
