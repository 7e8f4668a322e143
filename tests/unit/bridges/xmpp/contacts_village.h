// SPDX-License-Identifier: Apache-2.0
// Contacts of a village: presence in, presence out.
#pragma once

#include "bridges/xmpp/contacts.h"
#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {

class ContactsTest : public Village {
  protected:
    ContactsTest() {
        office.on_heard = [this](const Address& who) { heard.push_back(who.uri()); };
        start();
    }
    void start(RosterLimits limits = {}) {
        contacts = std::make_unique<Contacts>(gate, limits);
        contacts->stream_up();
    }
    void presence(const std::string& type, const std::string& from, const std::string& to,
                  const std::string& more = {}) {
        const std::string kind = type.empty() ? type : " type='" + type + "'";
        contacts->presence(
            stanza("<presence from='" + from + "' to='" + to + "'" + kind + " " + more + "/>"));
    }
    void consent(const std::string& handle, const std::string& jid, Consent how) {
        people.consents[{handle, outside(jid)}] = how;
    }
    // Rounds enough to look at everybody once.
    void round() {
        for (int i = 0; i < 20; ++i) contacts->tick();
    }
    std::vector<std::string> record() {
        std::vector<std::string> keys;
        for (const auto& [key, value] : office.kept()) keys.push_back(key);
        return keys;
    }
    static std::string simple(const std::string& type, const std::string& from,
                              const std::string& to) {
        return "<presence from='" + from + "' to='" + to + "' type='" + type + "'/>";
    }

    std::unique_ptr<Contacts> contacts;
    std::vector<std::string> heard;
};

}  // namespace waypost::xmpp
