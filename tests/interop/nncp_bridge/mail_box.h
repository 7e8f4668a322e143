// SPDX-License-Identifier: Apache-2.0
// A gateway without radios, with a mail server behind it: all mail to out.test comes out there.
#pragma once

#include <string>

#include "app/demo/mail_peer.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

class MailBox {
  public:
    // `nncp`: the section of its node, and whoever else it needs.
    explicit MailBox(const std::string& nncp)
        : box_(folder_,
               "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(port_) +
                   "\"]\ntrusted = [\"127.0.0.1/32\"]\nrelay = [\"out.test=smtp:127.0.0.1:" +
                   std::to_string(outside_.port()) + "\"]\n" + nncp,
               "hill.example") {}

    BoxProcess& box() { return box_; }
    // A mail through the box; `to`: "bob@city.example".
    void post(const std::string& to, const std::string& text) const {
        const auto sent = demo::MailPeer::send({"eve@out.test", "Eve", to, "Hi", text, {}}, port_);
        if (!sent.ok()) throw std::runtime_error(sent.error().text);
    }
    // Mails outside with these words.
    int outside(const std::string& words) const {
        int found = 0;
        for (const auto& each : outside_.mailbox())
            found += each.whole.find(words) != std::string::npos ? 1 : 0;
        return found;
    }

  private:
    const Folder folder_;
    demo::MailPeer outside_;
    const int port_ = free_port();
    BoxProcess box_;
};

}  // namespace waypost::interop
