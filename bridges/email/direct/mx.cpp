// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/mx.h"

#include <algorithm>

namespace waypost::email {
namespace {

Error never(Code code, std::string text) { return {code, std::move(text), false}; }

// Fisher and Yates, so that tests with a seed see the same order everywhere.
void shuffle(std::vector<MxRecord>& records, Random& random) {
    for (std::size_t i = records.size(); i > 1; --i)
        std::swap(records[i - 1], records[random.below(i)]);
}

Error no_such_domain(Dns& dns, const std::string& domain) {
    const std::string top = domain.substr(domain.rfind('.') + 1);
    for (const std::string& zone : {top, std::string()}) {
        const auto known = dns.is_zone(zone);
        if (known.ok() && *known) return never(Code::NotFound, "no such mail domain");
    }
    return {Code::Network, "the DNS knows neither " + domain + " nor the rest of the Internet",
            true};
}

}  // namespace

Result<std::vector<std::string>> hosts_in_order(const std::string& domain,
                                                std::vector<MxRecord> records,
                                                const std::set<std::string>& own_names,
                                                Random& random) {
    if (records.size() == 1 && records.front().host.empty())
        return never(Code::Refused, domain + " takes no mail");  // RFC 7505 3
    std::erase_if(records, [](const MxRecord& record) { return record.host.empty(); });
    if (records.empty()) records.push_back({0, domain});
    shuffle(records, random);
    std::stable_sort(records.begin(), records.end(), [](const MxRecord& a, const MxRecord& b) {
        return a.preference < b.preference;
    });
    // RFC 5321 5.1: from our own place downwards nobody may be sent to, or mail goes in a circle.
    const auto own = std::find_if(records.begin(), records.end(), [&](const MxRecord& record) {
        return own_names.count(record.host) != 0;
    });
    if (own != records.end()) {
        const int ours = own->preference;
        std::erase_if(records, [&](const MxRecord& r) { return r.preference >= ours; });
        if (records.empty())
            return never(Code::Conflict, "mail for " + domain + " leads back to this box");
    }
    std::vector<std::string> hosts;
    for (const MxRecord& record : records) {
        if (hosts.size() == kMostHosts) break;
        if (std::find(hosts.begin(), hosts.end(), record.host) == hosts.end())
            hosts.push_back(record.host);
    }
    return hosts;
}

Result<std::vector<std::string>> mail_hosts(Dns& dns, const std::string& domain,
                                            const std::set<std::string>& own_names,
                                            Random& random) {
    auto records = dns.mx(domain);
    if (!records.ok()) {
        if (records.error().retry) return records.error();
        return no_such_domain(dns, domain);
    }
    // An implicit MX must have an address: a name without both takes no mail, now or later.
    if (records->empty()) {
        const auto own = dns.addresses(domain);
        if (!own.ok() && own.error().retry) return own.error();
        if (!own.ok() || own->empty()) return no_such_domain(dns, domain);
    }
    return hosts_in_order(domain, std::move(*records), own_names, random);
}

}  // namespace waypost::email
