// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/sts_policies.h"

#include "gateway/base/log.h"

namespace waypost::email {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours kRefresh{24};        // RFC 8461 10.2: while it can be reached, keep it young
constexpr minutes kAfterFailure{5};  // 3.3: not for each mail
constexpr std::size_t kMostFailures = 1000;

std::string key_of(const std::string& domain) { return "mta-sts/" + domain; }

}  // namespace

StsPolicies::StsPolicies(Dns& dns, PolicySource& source, TransportState& state, const Clock& clock)
    : dns_(dns), source_(source), state_(state), clock_(clock) {}

// "ID MILLISECONDS\n" and the policy.
std::optional<StsPolicies::Kept> StsPolicies::kept(const std::string& domain) {
    const auto text = state_.get(key_of(domain));
    if (!text) return std::nullopt;
    const std::size_t space = text->find(' ');
    const std::size_t line = text->find('\n');
    const auto policy = parse_sts_policy(
        line == std::string::npos ? std::string_view() : std::string_view(*text).substr(line + 1));
    if (space == std::string::npos || line == std::string::npos || space > line || !policy.ok())
        return std::nullopt;
    Kept found{text->substr(0, space),
               wall_from_ms(std::strtoll(text->c_str() + space + 1, nullptr, 10)), *policy};
    if (found.fetched + found.policy.max_age > clock_.wall()) return found;
    state_.erase(key_of(domain));
    return std::nullopt;
}

std::optional<StsPolicy> StsPolicies::of(const std::string& domain) {
    const auto before = kept(domain);
    const auto fallback = before ? std::optional<StsPolicy>(before->policy) : std::nullopt;
    const auto txt = dns_.txt("_mta-sts." + domain);
    const auto id = txt.ok() ? sts_id(*txt) : std::nullopt;
    if (!id) return fallback;
    const bool young = before && clock_.wall() - before->fetched < kRefresh;
    if ((young && before->id == *id) || failed_lately(domain)) return fallback;
    const auto text = source_.fetch(domain);
    const auto policy = text.ok() ? parse_sts_policy(*text) : Result<StsPolicy>(text.error());
    if (!policy.ok()) {
        note_failure(domain, policy.error().text);
        return fallback;
    }
    state_.put(key_of(domain),
               *id + ' ' + std::to_string(to_ms(clock_.wall())) + '\n' + write_sts_policy(*policy));
    return *policy;
}

bool StsPolicies::failed_lately(const std::string& domain) {
    const std::lock_guard lock(mutex_);
    const auto found = ask_again_.find(domain);
    return found != ask_again_.end() && clock_.box() < found->second;
}

void StsPolicies::note_failure(const std::string& domain, const std::string& why) {
    log(Level::Warning, "email", "no-mta-sts", {{"domain", domain}, {"why", why}});
    const std::lock_guard lock(mutex_);
    if (ask_again_.size() >= kMostFailures) ask_again_.clear();
    ask_again_[domain] = clock_.box() + kAfterFailure;
}

}  // namespace waypost::email
