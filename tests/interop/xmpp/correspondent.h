// SPDX-License-Identifier: Apache-2.0
// Somebody with an ordinary chat program (correspondent.py), beside the test.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

#include "tests/interop/xmpp/xmpp_servers.h"

namespace waypost::interop {

class Correspondent {
  public:
    // Signed in when this returns.
    Correspondent(const XmppServer& server, const std::string& name);
    ~Correspondent();
    Correspondent(const Correspondent&) = delete;
    Correspondent& operator=(const Correspondent&) = delete;

    const std::string& jid() const { return jid_; }
    void say(const std::string& to, const std::string& text) { type("say " + to + ' ' + text); }
    void answer(const std::string& to, const std::string& id, const std::string& text) {
        type("answer " + to + ' ' + id + ' ' + text);
    }
    void burst(const std::string& to, int count) {
        type("burst " + to + ' ' + std::to_string(count));
    }

    // What happened so far, a line each: "got ID -|late FROM TEXT", "receipt ID", "error
    // CONDITION".
    std::vector<std::string> lines() const;
    // The first line that begins so and has the text in it, within a while; else an empty one.
    std::string line(const std::string& begin, const std::string& text = {}) const;
    // The ids of all messages whose text begins so.
    std::set<std::string> ids(const std::string& begin) const;
    // All texts that came, in their order.
    std::vector<std::string> texts() const;

  private:
    struct Came {
        std::string id, text;
    };
    std::vector<Came> came() const;
    void type(const std::string& line);
    const std::string jid_;
    const Folder folder_;
    pid_t pid_ = 0;
    int in_ = -1;
};

}  // namespace waypost::interop
