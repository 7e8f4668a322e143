// SPDX-License-Identifier: Apache-2.0
// What was learned in one attempt to sign in, and what it means for the operator. Pure.
#pragma once

#include <string>
#include <string_view>

#include "bridges/xmpp/component/component_session.h"
#include "bridges/xmpp/jid.h"

namespace waypost::xmpp {

inline constexpr char kSessions[] = "urn:xmpp:sm:3";  // XEP-0198

struct SignIn {
    // A line of libstrophe's log. It tells what no callback does: what the server offers, and why
    // it does not take the password.
    void hear(std::string_view line);

    // Why it ended. `server`: as the operator calls it.
    Down why(const std::string& server, const Jid& account) const;

    bool begun = false;           // a server was looked for
    bool gave_up = false;         // it said nothing for too long
    bool features = false;        // it is an XMPP server
    bool offers_tls = false;      // STARTTLS
    bool acknowledges = false;    // XEP-0198
    std::string bad_certificate;  // why it is not verified; empty: it is, or none was seen
    std::string refused;          // condition of RFC 6120 6.5; empty: signing in was not refused
    std::string stream_error;     // condition of RFC 6120 4.9.3; empty: the server said none
};

}  // namespace waypost::xmpp
