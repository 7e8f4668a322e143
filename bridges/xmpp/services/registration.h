// SPDX-License-Identifier: Apache-2.0
// In-band registration (XEP-0077) with the gateway: an account becomes one more address of somebody
// who has a name here, by the code that his radio is told.
#pragma once

#include <memory>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/outlet.h"
#include "bridges/xmpp/services/form.h"
#include "bridges/xmpp/services/link_tries.h"
#include "bridges/xmpp/services/request.h"

namespace waypost::xmpp {

// The fields by which it is asked: "name" and "code".
std::vector<FormField> link_fields(const Catalogue& words);

// One thread at a time; its answers may come on another, also when it is gone.
class Registration {
  public:
    Registration(const Gate& gate, std::shared_ptr<Outlet> outlet, LinkTries& tries);
    Reply ask(const Request& request);

  private:
    Element form(const Request& request) const;
    Reply link(const Request& request);

    const Gate& gate_;
    const std::shared_ptr<Outlet> outlet_;
    LinkTries& tries_;
};

}  // namespace waypost::xmpp
