// SPDX-License-Identifier: Apache-2.0
// Questions to the DNS by c-ares: small, under the MIT licence, and unlike the C library's resolver
// every wait is bounded, answers are told from errors, and the server can be named. It trusts the
// server that it asks and validates nothing (no DNSSEC), so there is no DANE here.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::email {

struct MxRecord {
    int preference = 0;
    std::string host;  // lower case, no final dot; empty: the root, "no mail here" (RFC 7505)
    friend bool operator==(const MxRecord&, const MxRecord&) = default;
};

// An Error without retry is the DNS's own no: NotFound, the name does not exist (NXDOMAIN). With
// retry: no answer, or one that does not count (SERVFAIL, refused, malformed). An empty list: the
// name exists and has no such record. CNAMEs are followed by the server asked. Any thread.
class Dns {
  public:
    virtual ~Dns() = default;
    virtual Result<std::vector<MxRecord>> mx(const std::string& name) = 0;
    // Each record's strings joined (RFC 7208 3.3).
    virtual Result<std::vector<std::string>> txt(const std::string& name) = 0;
    // IPv6 and IPv4 in the order in which to try them.
    virtual Result<std::vector<std::string>> addresses(const std::string& host) = 0;
    // Whether the zone ("": the root) has name servers, as far as the server asked can tell.
    virtual Result<bool> is_zone(const std::string& zone) = 0;
    // Whoever waits here returns soon with an error; later questions fail at once.
    virtual void cut() noexcept = 0;
};

// At most this many records of an answer are looked at.
constexpr std::size_t kMostRecords = 64;

// Whether an address means whoever asks: loopback, unspecified or link-local (RFC 6890 2.2), also
// as an IPv4-mapped one.
bool leads_here(const std::string& address);

class Resolver final : public Dns {
  public:
    // `nameserver`: "127.0.0.1:5353", "[::1]:53", "192.0.2.1"; empty: those of the system. Throws
    // std::runtime_error: that is no address.
    explicit Resolver(std::string nameserver);
    ~Resolver() override;
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    Result<std::vector<MxRecord>> mx(const std::string& name) override;
    Result<std::vector<std::string>> txt(const std::string& name) override;
    Result<std::vector<std::string>> addresses(const std::string& host) override;
    Result<bool> is_zone(const std::string& zone) override;
    void cut() noexcept override;

  private:
    Result<std::string> ask(const std::string& name, int type);

    std::string nameserver_;
    int cut_fd_ = -1;  // readable once cut() was called
};

}  // namespace waypost::email
