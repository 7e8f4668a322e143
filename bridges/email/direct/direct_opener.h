// SPDX-License-Identifier: Apache-2.0
// A conversation with one of a domain's own mail hosts: DNS, MTA-STS, then host by host and address
// by address until one greets us.
#pragma once

#include <atomic>
#include <set>
#include <string>

#include "bridges/email/direct/mx.h"
#include "bridges/email/direct/sts_policies.h"
#include "bridges/email/opener.h"

namespace waypost::email {

// What all domains share; outlives every opener.
struct DirectParts {
    Dns& dns;
    StsPolicies& policies;
    Random& random;
    std::string own_name;             // in EHLO
    std::set<std::string> own_names;  // by which an MX may mean this box; lower case
    int port = 25;
    std::string ca_file;  // for the hosts of an enforced policy; empty: the system's
    std::atomic<bool>* stopping = nullptr;
};

class DirectOpener final : public Opener {
  public:
    DirectOpener(const DirectParts& parts, std::string domain)
        : parts_(parts), domain_(std::move(domain)) {}
    // What the outcome says of the way: "mx1.example.org, TLS verified by MTA-STS", "..., TLS, not
    // verified", "..., in clear".
    Result<std::unique_ptr<SmtpClient>> open(const OpenClient& open_client) override;

  private:
    using Client = Result<std::unique_ptr<SmtpClient>>;
    Client open_host(const std::string& host, bool verified, const OpenClient& open_client);
    Client open_address(const std::string& host, const std::string& address,
                        RelayTarget::Security security, const OpenClient& open_client);
    bool stopping() const { return parts_.stopping != nullptr && *parts_.stopping; }

    const DirectParts& parts_;
    const std::string domain_;
};

}  // namespace waypost::email
