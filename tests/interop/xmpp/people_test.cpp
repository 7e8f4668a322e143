// SPDX-License-Identifier: Apache-2.0
// Presence and services as a client of today is shown them, through the servers that people run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>

#include "bridges/xmpp/component/component_stream.h"
#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/services/services.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/interop/xmpp/server_test.h"

namespace waypost::interop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Presence and services of a village whose people a test writes down; accounts of the server bear
// their names.
class PeopleGateway final : private xmpp::ComponentOwner, private xmpp::StanzaOut {
  public:
    explicit PeopleGateway(const XmppServer& server)
        : names_("hill.example", server.component(), server.domain()) {
        office.time().jump_wall(std::chrono::hours(1));
        people.add("alice", "Alice");
        Resident& ben = people.add("ben", "Ben");
        ben.has_radio = true;
        ben.heard_at = to_ms(office.clock().wall()) / 1000 - 90;
        people.add_group("news", "News");
        xmpp::ComponentOptions options;
        options.port = server.component_port();
        options.session.domain = server.component();
        options.session.secret = server.secret();
        xmpp::ComponentOwner& owner = *this;
        stream_ = std::make_unique<xmpp::ComponentStream>(options, owner, clock_, *random_);
        stream_->start();
    }
    bool up() const { return stream_->up(); }
    // One thread at a time is with the people.
    template <class Use>
    auto alone(const Use& use) {
        const std::lock_guard lock(mutex_);
        return use();
    }
    void tick() {
        alone([&] { contacts_.tick(); });
    }

    FakeOffice office;
    FakePeople people;

  private:
    void component_up() override {
        alone([&] { contacts_.stream_up(); });
    }
    void component_down(const xmpp::Down&, milliseconds) override {}
    void component_passed_over(xmpp::StanzaHead) override {}
    void component_stanza(xmpp::Element stanza) override {
        const std::lock_guard lock(mutex_);
        if (stanza.name() == "presence") contacts_.presence(stanza);
        if (stanza.name() == "iq") services_.iq(stanza);
    }
    void send(xmpp::Element stanza) override { stream_->send(stanza); }

    std::mutex mutex_;
    const xmpp::Names names_;
    xmpp::Gate gate_{office, people, office.state("xmpp"), names_, *this, "xmpp"};
    xmpp::Contacts contacts_{gate_};
    xmpp::Services services_{gate_, contacts_};
    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    std::unique_ptr<xmpp::ComponentStream> stream_;  // last: its thread ends first
};

class PeopleTest : public ServerTest {
  protected:
    PeopleTest() {
        gateway = std::make_unique<PeopleGateway>(server());
        EXPECT_TRUE(eventually([&] { return gateway->up(); }));
    }
    // A user is of one test, for servers remember subscriptions.
    static XmppServer& server() { return ServerTest::server({"alice", "bob", "carl"}); }
    std::string at_gateway(const std::string& name) const {
        return name + '@' + server().component();
    }
    // What the client saw, by its lines.
    std::vector<std::string> look(const std::string& user, const std::string& role) const {
        const std::string said =
            shell("/usr/bin/python3 " WAYPOST_XMPP_SCRIPTS "/look_around.py " + user + '@' +
                  server().domain() + ' ' + std::to_string(server().client_port()) + ' ' +
                  server().component() + ' ' + role + " 2>/dev/null");
        std::vector<std::string> lines;
        std::istringstream in(said);
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    }

    std::unique_ptr<PeopleGateway> gateway;
};

INSTANTIATE_TEST_SUITE_P(On, PeopleTest, each_server(), server_name);

TEST_P(PeopleTest, AResidentIsShownPeopleRoomsAndCommands) {
    EXPECT_THAT(look("alice", "resident"),
                ElementsAre("identities conference/text gateway/sms",
                            "items " + at_gateway("alice") + ' ' + at_gateway("ben") + ' ' +
                                at_gateway("news"),
                            "subscribed " + at_gateway("ben"), HasSubstr("presence - heard "),
                            "caps client/handheld", "card Ben PNG True", "last 90",
                            "software Waypost", HasSubstr("time 2027-01-15T09:00:00"),
                            "commands groups help join language leave link list pause resume where",
                            "list completed", "language completed", "end"));
    gateway->alone([&] {
        ASSERT_EQ(gateway->office.accepted.size(), 2u);
        EXPECT_EQ(gateway->office.accepted[0].text, "*");
        EXPECT_EQ(gateway->office.accepted[1].text, "lang sw");
        EXPECT_EQ(gateway->people.attached.size(), 1u);
    });
}

TEST_P(PeopleTest, SomebodyOutsideIsShownNobody) {
    EXPECT_THAT(look("bob", "outsider"),
                ElementsAre("ben service-unavailable nobody service-unavailable",
                            "items " + at_gateway("news"), "fields FORM_TYPE code name",
                            "wrong code not-authorized", "end"));
}

TEST_P(PeopleTest, WhoAsksIsAnsweredWhenTheOtherHasConsented) {
    auto seen = std::async(std::launch::async, [&] { return look("carl", "wait"); });
    ASSERT_TRUE(eventually(
        [&] { return gateway->alone([&] { return !gateway->office.accepted.empty(); }); }));
    gateway->alone([&] {
        gateway->people.consents[{"ben", Address{"xmpp", "carl@" + server().domain()}}] =
            Consent::Given;
    });
    gateway->tick();
    EXPECT_THAT(seen.get(), ElementsAre("subscribed " + at_gateway("ben"),
                                        HasSubstr("presence - heard "), "end"));
}

}  // namespace
}  // namespace waypost::interop
