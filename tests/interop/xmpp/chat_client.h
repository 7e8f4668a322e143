// SPDX-License-Identifier: Apache-2.0
// chat.py as a process: what it is told to say, and what it was shown.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/interop/mail/peers.h"
#include "tests/interop/xmpp/xmpp_servers.h"

namespace waypost::interop {

class ChatClient {
  public:
    // It is signed in when this returns; throws if it does not come so far.
    ChatClient(const Folder& folder, const XmppServer& server, const std::string& user);
    ~ChatClient();
    ChatClient(const ChatClient&) = delete;
    ChatClient& operator=(const ChatClient&) = delete;

    void say(const std::string& to, const std::string& id, const std::string& inside);
    void say_stanza(const std::string& stanza);  // as it is
    std::vector<std::string> lines() const;      // all that it was shown
    std::vector<std::string> lines(const std::string& begin) const;
    bool sees(const std::string& line) const;  // now, or within half a minute

  private:
    const std::string output_;
    int input_ = -1;
    pid_t pid_ = -1;
};

}  // namespace waypost::interop
