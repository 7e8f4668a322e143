// SPDX-License-Identifier: Apache-2.0
// What is asked of the domain and of the people at it by IQ, other than of groups. Of a person
// somebody outside learns nothing, not even that there is one, unless that person consented.
// One thread at a time; answers that wait for the store come on its writer's thread.
#pragma once

#include <memory>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/outlet.h"
#include "bridges/xmpp/services/commands.h"
#include "bridges/xmpp/services/link_tries.h"
#include "bridges/xmpp/services/registration.h"
#include "bridges/xmpp/services/request.h"
#include "gateway/base/ask_limit.h"

namespace waypost::xmpp {

class Services {
  public:
    Services(Gate& gate, Contacts& contacts);
    ~Services();
    Services(const Services&) = delete;
    Services& operator=(const Services&) = delete;

    // Results and errors are nobody's here, and are passed over.
    void iq(const Element& stanza);

  private:
    struct Service;
    static const std::vector<Service>& all();
    Reply answer(const Element& stanza, const Asker& asker, const Jid& to);
    std::optional<StanzaError> hidden(const Request& request) const;
    void send(const Element& stanza, Reply reply);

    Gate& gate_;
    Contacts& contacts_;
    const std::shared_ptr<Outlet> outlet_;
    const BoxTime began_;
    AskLimit at_home_, outside_;  // of each bare JID
    AskLimit refusals_;           // to it, that it was too often
    LinkTries tries_;
    Commands commands_;
    Registration registration_;
};

}  // namespace waypost::xmpp
