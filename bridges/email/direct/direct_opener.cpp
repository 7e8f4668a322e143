// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/direct_opener.h"

#include "gateway/base/log.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostAddresses = 4;  // of one host
constexpr int kSmtpPort = 25;              // of the world's hosts; another one is a test's

const Login& nobody() {
    static const Login kNobody;
    return kNobody;
}

// Nobody's mail host is at such an address, and on our own port 25 we would find ourselves.
std::vector<std::string> away_from_here(std::vector<std::string> addresses, int port) {
    if (port == kSmtpPort) std::erase_if(addresses, leads_here);
    return addresses;
}

Error later(std::string text) { return {Code::Network, std::move(text), true}; }

}  // namespace

Result<std::unique_ptr<SmtpClient>> DirectOpener::open(const OpenClient& open_client) {
    const auto hosts = mail_hosts(parts_.dns, domain_, parts_.own_names, parts_.random);
    if (!hosts.ok()) return hosts.error();
    const auto policy = parts_.policies.of(domain_);
    const bool enforced = policy && policy->mode == StsPolicy::Mode::Enforce;
    Error last = later("no mail host of " + domain_ + " can be reached");
    bool all_here = true;
    for (const std::string& host : *hosts) {
        if (stopping()) return later("stopping");
        const bool allowed =
            !policy || policy->mode == StsPolicy::Mode::None || sts_allows(*policy, host);
        if (!allowed)
            log(Level::Warning, "email", "mta-sts", {{"domain", domain_}, {"not-named", host}});
        if (!allowed && enforced) {
            all_here = false;
            last = later(host + " is not named by the MTA-STS policy of " + domain_);
            continue;
        }
        auto client = open_host(host, enforced, open_client);
        if (client.ok()) return client;
        last = client.error();
        all_here = all_here && last.code == Code::Conflict;
        last.text = host + ": " + last.text;
    }
    // As if our own name were the only one among the MX (RFC 5321 5.1): no host to come will
    // differ.
    if (all_here)
        return Error{Code::Conflict, "mail for " + domain_ + " leads back to this box", false};
    last.retry = true;  // whatever a host said about itself is no verdict on a mail
    return last;
}

DirectOpener::Client DirectOpener::open_host(const std::string& host, bool verified,
                                             const OpenClient& open_client) {
    using Security = RelayTarget::Security;
    const auto addresses = parts_.dns.addresses(host);
    if (!addresses.ok()) return addresses.error();
    const auto away = away_from_here(*addresses, parts_.port);
    if (away.empty() && !addresses->empty())
        return Error{Code::Conflict, "leads back to this machine", false};
    Error last = later("has no address");
    for (std::size_t i = 0; i < std::min(away.size(), kMostAddresses); ++i) {
        if (stopping()) return later("stopping");
        auto client = open_address(
            host, away[i], verified ? Security::StartTls : Security::Opportunistic, open_client);
        if (client.ok()) return client;
        last = client.error();
    }
    return last;
}

DirectOpener::Client DirectOpener::open_address(const std::string& host, const std::string& address,
                                                RelayTarget::Security security,
                                                const OpenClient& open_client) {
    using Security = RelayTarget::Security;
    RelayTarget target;
    target.host = host;
    target.address = address;
    target.port = parts_.port;
    target.security = security;
    if (security == Security::StartTls) target.ca_file = parts_.ca_file;
    auto wire = connect(target);
    if (!wire.ok()) return wire.error();
    auto client = std::make_unique<SmtpClient>(std::move(*wire), target, parts_.own_name, nobody());
    if (const auto opened = open_client(*client); !opened.ok()) {
        // Broken TLS protects nobody more than none does (RFC 7435 3): once more in clear.
        if (security == Security::Opportunistic && client->tls_failed())
            return open_address(host, address, Security::Plain, open_client);
        if (client->tls_failed() && opened.error().code == Code::Refused)
            return later("offers no TLS, on which the MTA-STS policy of " + domain_ + " insists");
        return opened.error();
    }
    client->set_way(host + (!client->in_tls()                ? ", in clear"
                            : security == Security::StartTls ? ", TLS verified by MTA-STS"
                                                             : ", TLS, not verified"));
    return {std::move(client)};
}

}  // namespace waypost::email
