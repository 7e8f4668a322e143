// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/names.h"

#include <utility>

namespace waypost::xmpp {
namespace {

constexpr char kPostmaster[] = "postmaster";

}  // namespace

Names::Names(std::string box, std::string component, std::string accounts)
    : box_(std::move(box)), component_(std::move(component)), accounts_(std::move(accounts)) {}

Jid Names::jid_of(const Address& address) const {
    const bool at_home = address.domain() == box_;
    if (at_home && address.local_part() == kPostmaster) {
        const auto domain = make_jid({}, component_);
        return domain.ok() ? *domain : Jid{};
    }
    const bool of_ours = at_home || address.scheme == "person" || address.scheme == "group";
    const std::string shown = of_ours                      ? std::string(address.local_part())
                              : address.scheme == "mailto" ? address.value
                                                           : address.uri();
    const auto jid = make_jid(escape_local(shown), component_);
    return jid.ok() && !jid->local().empty() ? *jid : Jid{};
}

std::optional<Address> Names::address_of(const Jid& ours) const {
    if (ours.local().empty()) return std::nullopt;
    const std::string name = unescape_local(ours.local());
    if (name.find('@') == std::string::npos) return mailto(name, box_);
    const auto address = parse_address(name);
    if (!address.ok()) return std::nullopt;
    return *address;
}

Address Names::address_of_foreign(const Jid& jid) { return {"xmpp", jid.bare_text()}; }

Result<Jid> Names::jid_of_foreign(const Address& xmpp) { return parse_jid(xmpp.value); }

std::string Names::handle_of_account(const Jid& jid) const {
    return !accounts_.empty() && jid.domain() == accounts_ ? unescape_local(jid.local())
                                                           : std::string();
}

}  // namespace waypost::xmpp
