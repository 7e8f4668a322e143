// SPDX-License-Identifier: Apache-2.0
// How often it is tried to link accounts by a code, whichever way it is asked. The gateway counts
// tries at a name; this keeps strangers from making it count for ever. One thread at a time.
#pragma once

#include "bridges/xmpp/asker.h"
#include "gateway/base/ask_limit.h"

namespace waypost::xmpp {

class LinkTries {
  public:
    bool may_try(const Gate& gate, const Asker& asker);

  private:
    AskLimit of_domain_{{10, 20}};
    AskLimit of_strangers_{{60, 60}};  // all of them together
};

}  // namespace waypost::xmpp
