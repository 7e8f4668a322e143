// SPDX-License-Identifier: Apache-2.0
// How long a provider is left alone after it said no, or nothing: each time twice as long. Pure.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::email {

// By the code of what went wrong:
//   Refused       the login: a wrong password asked again and again gets an account locked;
//                 10 minutes, at most 6 hours
//   Busy          "try again later", too many connections, over quota: 2 minutes, at most 1 hour
//   Full          this box takes nothing now: 30 seconds, at most 15 minutes
//   anything else the line: 1 second, at most 15 minutes
class Pauses {
  public:
    std::chrono::seconds after(Code trouble);
    // The provider let us in.
    void let_in() { last_.erase(Code::Refused); }
    // The mailbox was read to its end.
    void went_well() { last_.clear(); }

  private:
    std::map<Code, std::chrono::seconds> last_;
};

// What a server's refusal means. `login`: it was said to a password. The words of IMAP (RFC 5530:
// UNAVAILABLE, LIMIT, INUSE, ...) and of POP3 (RFC 3206: SYS/TEMP, IN-USE, LOGIN-DELAY), and what
// providers write without a code.
Error refusal(std::string_view said, bool login);

}  // namespace waypost::email
