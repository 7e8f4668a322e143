// SPDX-License-Identifier: Apache-2.0
// Services of a village: IQs in, answers out.
#pragma once

#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/services.h"
#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {

inline constexpr char kAna[] = "ana@hill.example/phone";
inline constexpr char kBob[] = "bob@x.org/desk";

class ServicesTest : public Village {
  protected:
    ServicesTest() {
        people.add_group("news", "News of the hill");
        people.operator_ = "ben";
    }
    // What is answered to this payload; "" if nothing is.
    std::string ask(const std::string& type, const std::string& from, const std::string& to,
                    const std::string& payload, const std::string& more = "id='q1'") {
        services.iq(stanza("<iq type='" + type + "' from='" + from + "' to='" + to + "' " + more +
                           ">" + payload + "</iq>"));
        const auto all = said();
        EXPECT_LE(all.size(), 1u);
        return all.empty() ? std::string() : all.front();
    }
    std::string get(const std::string& from, const std::string& to, const std::string& payload) {
        return ask("get", from, to, payload);
    }
    std::string set(const std::string& from, const std::string& payload) {
        return ask("set", from, "gw.example", payload);
    }
    static std::string query(const std::string& space, const std::string& inside = {}) {
        return "<query xmlns='" + space + "'>" + inside + "</query>";
    }
    static std::string node(std::string_view space, std::string_view name) {
        return "<query xmlns='" + std::string(space) + "' node='" + std::string(name) + "'/>";
    }
    void befriend(const std::string& jid) {
        people.consents[{"ben", outside(jid)}] = Consent::Given;
        contacts.presence(
            stanza("<presence type='subscribe' from='" + jid + "' to='ben@gw.example'/>"));
        said();
    }
    static auto refused(const std::string& type, const std::string& condition) {
        return testing::AllOf(testing::StartsWith("<iq type='error'"),
                              testing::HasSubstr("<error type='" + type + "'>"),
                              testing::HasSubstr("<" + condition + " "));
    }

    Contacts contacts{gate};
    Services services{gate, contacts};
};

class RegistrationTest : public ServicesTest {
  protected:
    static std::string form(const std::string& name, const std::string& code) {
        return query("jabber:iq:register",
                     "<x xmlns='jabber:x:data' type='submit'><field var='name'><value>" + name +
                         "</value></field><field var='code'><value>" + code +
                         "</value></field></x>");
    }
    std::vector<std::string> lines() {
        std::vector<std::string> all;
        for (const Message& each : office.accepted) {
            EXPECT_TRUE(each.to.empty());
            all.push_back(each.from.value + ": " + each.text);
        }
        office.accepted.clear();
        return all;
    }
};

}  // namespace waypost::xmpp
