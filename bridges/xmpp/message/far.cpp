// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/far.h"

#include <algorithm>

#include "bridges/xmpp/message/chat.h"
#include "bridges/xmpp/message/spaces.h"

namespace waypost::xmpp {
namespace {

using std::chrono::seconds;

constexpr std::string_view kPingMark = "far-";
constexpr std::size_t kPingBytes = 8;

}  // namespace

Far::Far(const Names& names, FarOptions options, Random& random)
    : names_(names), options_(options), random_(random) {}

bool Far::is_far(const std::string& domain) const {
    return domain != names_.component() && domain != names_.box() && domain != names_.accounts();
}

bool Far::is_unreachable(const std::string& condition) {
    return condition == "remote-server-not-found" || condition == "remote-server-timeout";
}

std::optional<seconds> Far::pause(const std::string& domain, BoxTime now) const {
    const auto found = domains_.find(domain);
    if (found == domains_.end() || found->second.until <= now) return std::nullopt;
    return std::chrono::ceil<seconds>(found->second.until - now);
}

// What is neither asked nor paused is worth nothing.
Far::Domain& Far::at(const std::string& domain, BoxTime now) {
    if (domains_.size() >= options_.most_domains && domains_.count(domain) == 0) {
        std::erase_if(domains_, [now](const auto& each) {
            return each.second.ping.empty() && each.second.until <= now;
        });
        if (domains_.size() >= options_.most_domains) {
            const auto idle = std::find_if(domains_.begin(), domains_.end(), [](const auto& each) {
                return each.second.ping.empty();
            });
            if (idle != domains_.end()) domains_.erase(idle);
        }
    }
    return domains_[domain];
}

std::optional<Element> Far::ask(const std::string& domain, std::uint64_t number, BoxTime now) {
    Domain& far = at(domain, now);
    if (!far.ping.empty()) return std::nullopt;
    far.ping = std::string(kPingMark) + random_.hex(kPingBytes);
    far.number = number;
    far.asked = now;
    return Element("iq")
        .set("type", "get")
        .set("id", far.ping)
        .set("from", names_.component())
        .set("to", domain)
        .add(Element("ping", space::kPing));
}

std::optional<Far::Answer> Far::answer(const Element& iq, BoxTime now) {
    const std::string_view id = iq.get("id");
    if (id.substr(0, kPingMark.size()) != kPingMark) return std::nullopt;
    const auto from = parse_jid(iq.get("from"));
    const auto found =
        from.ok() && from->is_domain() ? domains_.find(from->domain()) : domains_.end();
    if (found == domains_.end() || found->second.ping != id) return std::nullopt;
    Domain& far = found->second;
    Answer answer{found->first, far.number, true, {}};
    far.ping.clear();
    if (iq.get("type") == "error") {
        const std::string condition = read_error(iq).condition;
        if (is_unreachable(condition)) {
            answer.reached = false;
            answer.condition = condition;
            failed(answer.domain, now);
            return answer;
        }
    }
    far.length = seconds(0);
    far.until = {};
    return answer;
}

std::vector<Far::Answer> Far::silent(BoxTime now) {
    std::vector<Answer> all;
    for (auto& [name, far] : domains_) {
        if (far.ping.empty() || now - far.asked < options_.answer) continue;
        far.ping.clear();
        all.push_back({name, far.number, false, {}});
    }
    return all;
}

void Far::failed(const std::string& domain, BoxTime now) {
    Domain& far = at(domain, now);
    if (far.until > now) return;  // each letter of a batch says the same
    far.length = std::clamp(far.length * 2, options_.first_pause, options_.longest_pause);
    far.until = now + far.length;
}

void Far::forget_pings() {
    for (auto& [name, far] : domains_) far.ping.clear();
}

}  // namespace waypost::xmpp
