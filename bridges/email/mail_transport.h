// SPDX-License-Identifier: Apache-2.0
// What all ways of mail have in common: they are one network, so threads, duplicates and bodies
// are common to them.
#pragma once

#include <string>
#include <utility>

#include "gateway/transport_kind.h"

namespace waypost::email {

class MailTransport : public Transport {
  public:
    const TransportId& id() const final { return id_; }
    const std::string& network() const final {
        static const std::string kNetwork = "email";
        return kNetwork;
    }
    const std::string& scheme() const final { return scheme_; }

  protected:
    // `scheme`: "mailto", or "mailbox" for the mailboxes of this box.
    MailTransport(TransportId id, std::string scheme)
        : id_(std::move(id)), scheme_(std::move(scheme)) {}

  private:
    const TransportId id_;
    const std::string scheme_;
};

}  // namespace waypost::email
