// SPDX-License-Identifier: Apache-2.0
// How the person lets the box in from wherever she writes: what goes to code@ the account's server
// never leaves. A code makes a token; whatever else she writes there is answered with the link that
// shows her one. One thread.
#pragma once

#include <functional>

#include "bridges/activitypub/client/client_transport.h"
#include "bridges/activitypub/client/mentions.h"

namespace waypost::activitypub::client {

// "acct:code@social.example"; of no server: empty.
Address code_address(const std::string& server);

class Leave {
  public:
    // `let_in` is called when there is a token.
    Leave(const ClientGate& gate, Session& session, const ClientOptions& options,
          std::function<void()> let_in)
        : gate_(gate), session_(session), options_(options), let_in_(std::move(let_in)) {}

    Outcome take(const Delivery& delivery, const WireId& wire);

  private:
    Outcome take_code(const std::string& code, const WireId& wire);
    // Answers her.
    Outcome say(const std::string& what, const std::string& name, const std::string& value,
                const WireId& wire);

    const ClientGate gate_;
    Session& session_;
    const ClientOptions& options_;
    const std::function<void()> let_in_;
};

}  // namespace waypost::activitypub::client
