// SPDX-License-Identifier: Apache-2.0
// Who is called how on the component's domain. Ana is ana@hill.example everywhere, thus ana@DOMAIN
// here; who writes from another network is shown by his address, escaped (XEP-0106):
// bob\40x.org@DOMAIN is mailto:bob@x.org. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "bridges/xmpp/jid.h"
#include "gateway/message/address.h"

namespace waypost::xmpp {

class Names {
  public:
    // `box`: the box's mail domain. `component`: the domain of the component, which may be the
    // same. `accounts`: whose accounts bear the names of people here, as the operator says; empty:
    // none does.
    Names(std::string box, std::string component, std::string accounts = {});

    const std::string& component() const { return component_; }
    const std::string& box() const { return box_; }
    const std::string& accounts() const { return accounts_; }
    bool is_ours(const Jid& jid) const { return jid.domain() == component_; }

    // The bare JID at the component under which this address is shown: "mailto:ana@hill.example"
    // and "person:ana" are ana@DOMAIN, the postmaster is the domain itself, anybody outside is
    // escaped: mail as bob\40x.org, another network with its scheme: acct\3abob\40social.example.
    // Empty where it cannot be said as a JID.
    Jid jid_of(const Address& address) const;

    // The address that a JID at the component's domain stands for. The domain itself has none:
    // what is said to it is said to the gateway.
    std::optional<Address> address_of(const Jid& ours) const;

    // As an address of the network: "xmpp:bob@x.org", without the resource.
    static Address address_of_foreign(const Jid& jid);
    static Result<Jid> jid_of_foreign(const Address& xmpp);

    // "ana", where the operator says that this account is the person's of that name; else empty.
    std::string handle_of_account(const Jid& jid) const;

  private:
    std::string box_, component_, accounts_;
};

}  // namespace waypost::xmpp
