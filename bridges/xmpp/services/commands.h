// SPDX-License-Identifier: Apache-2.0
// Ad-hoc commands of the domain (XEP-0050): what a radio would type, as forms; and for operators,
// what is known of the box. A command that asks something has a session between its two steps.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/outlet.h"
#include "bridges/xmpp/services/form.h"
#include "bridges/xmpp/services/link_tries.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

struct CommandName {
    std::string node, title;
};

struct CommandKind;  // command_list.h

// One thread at a time; its answers may come on another, also when it is gone.
class Commands {
  public:
    Commands(const Gate& gate, const Contacts& contacts, std::shared_ptr<Outlet> outlet,
             LinkTries& tries);

    // Those that he may use.
    std::vector<CommandName> list(const Request& request) const;
    Reply run(const Request& request);
    std::size_t sessions() const { return sessions_.size(); }

  private:
    struct Session {
        std::string node;
        Jid jid;  // with the resource that began it
        bool outside = false;
        BoxTime until;
    };
    bool may_use(const CommandKind& kind, const Asker& asker) const;
    Reply begin(const CommandKind& kind, const Request& request);
    Reply go_on(const CommandKind& kind, const Request& request, const std::string& id);
    Reply carry_out(const CommandKind& kind, const Request& request, const std::string& id,
                    const FormValues& values);
    bool room_for(const Asker& asker) const;
    void drop_old();

    const Gate& gate_;
    const Contacts& contacts_;
    const std::shared_ptr<Outlet> outlet_;
    LinkTries& tries_;
    std::map<std::string, Session> sessions_;  // by id
};

}  // namespace waypost::xmpp
