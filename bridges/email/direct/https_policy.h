// SPDX-License-Identifier: Apache-2.0
// Fetches a domain's MTA-STS policy (RFC 8461 3.3): HTTPS to mta-sts.DOMAIN, the certificate
// verified for that name, no redirect followed, text/plain, at most 64 KiB, at most a minute.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "bridges/email/direct/resolver.h"
#include "gateway/base/result.h"

namespace waypost::email {

class PolicySource {
  public:
    virtual ~PolicySource() = default;
    // The policy's text. Blocks. Any thread.
    virtual Result<std::string> fetch(const std::string& domain) = 0;
    virtual void cut() noexcept = 0;  // as Dns::cut
};

struct HttpsOptions {
    std::string ca_file;  // empty: the system's authorities
    int port = 443;       // another one only in tests: the RFC knows no other
};

class HttpsPolicySource final : public PolicySource {
  public:
    HttpsPolicySource(Dns& dns, HttpsOptions options);
    Result<std::string> fetch(const std::string& domain) override;
    void cut() noexcept override;

  private:
    class Watched;
    Result<std::string> fetch_from(const std::string& host, const std::string& address);

    Dns& dns_;
    const HttpsOptions options_;
    std::mutex mutex_;
    std::set<int> open_;  // sockets under way, to be shut by cut()
    bool cut_ = false;
};

}  // namespace waypost::email
