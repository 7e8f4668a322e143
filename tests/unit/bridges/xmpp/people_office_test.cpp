// SPDX-License-Identifier: Apache-2.0
// Presence and services on the real gateway: what a subscription costs a person, and what a code
// does.
#include <gmock/gmock.h>

#include <algorithm>
#include <regex>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/services/services.h"
#include "tests/unit/gateway/delivery/persons.h"

namespace waypost {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using xmpp::Element;

constexpr char kBob[] = "bob@x.example";
constexpr char kForm[] = "jabber:iq:register";

class PeopleOfOffice : public Persons, private xmpp::StanzaOut {
  protected:
    PeopleOfOffice() {
        box_->router.carries("xmpp", "xmpp", false);
        chat_->start(*office_);
        office_->transports().add(chat_);
        name("ana", kAna);
        parts_ = std::make_unique<Parts>(*this);
        parts_->contacts.stream_up();
    }
    void send(Element stanza) override { sent_.push_back(to_xml(stanza)); }
    std::vector<std::string> said() { return std::exchange(sent_, {}); }

    void subscribe() {
        parts_->contacts.presence(Element("presence")
                                      .set("type", "subscribe")
                                      .set("from", kBob)
                                      .set("to", "ana@gw.example"));
        settle();
    }
    void tick() {
        for (int i = 0; i < 3; ++i) {
            parts_->contacts.tick();
            settle();
        }
    }
    void link(const std::string& code) {
        Element query("query", kForm);
        query.add(Element("username").set_text("ana")).add(Element("password").set_text(code));
        parts_->services.iq(Element("iq")
                                .set("type", "set")
                                .set("id", "1")
                                .set("from", std::string(kBob) + "/desk")
                                .set("to", "gw.example")
                                .add(query));
        settle();
    }
    std::string code() {
        const std::string line = answer(kAna, "code");
        std::smatch found;
        return std::regex_search(line, found, std::regex("[0-9]{8}")) ? found.str() : std::string();
    }
    std::string handle_of_bob() { return office_->people()->handle_of({"xmpp", kBob}); }

    struct Parts {
        explicit Parts(PeopleOfOffice& test, const std::string& accounts = {})
            : names("hill.example", "gw.example", accounts),
              gate{*test.office_,
                   *test.office_->people(),
                   test.office_->state("xmpp.prosody"),
                   names,
                   test,
                   "xmpp.prosody"},
              contacts(gate),
              services(gate, contacts) {}
        const xmpp::Names names;
        xmpp::Gate gate;
        xmpp::Contacts contacts;
        xmpp::Services services;
    };
    std::shared_ptr<FakeTransport> chat_ =
        std::make_shared<FakeTransport>("xmpp.prosody", "xmpp", "xmpp", Limits{0, 10, false});
    std::vector<std::string> sent_;
    std::unique_ptr<Parts> parts_;
};

TEST_F(PeopleOfOffice, APersonIsAskedOnTheRadioByOneLineAndSaysYes) {
    hear(kAna);
    const auto lines = news(kAna, [&] {
        subscribe();
        subscribe();
        tick();
    });
    EXPECT_THAT(lines, ElementsAre(HasSubstr("Mail held from bob@x.example"))) << "and once";
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_THAT(chat_->sent, IsEmpty()) << "who asks by presence gets no message";
    std::smatch item;
    ASSERT_TRUE(std::regex_search(lines.front(), item, std::regex("@\\+([0-9]+)")));
    dm(kAna, "@+" + item[1].str());
    EXPECT_THAT(all_shown(kAna), Contains(HasSubstr("asks to be your contact on XMPP")));
    tick();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("type='subscribed'"), HasSubstr("<status>heard ")));
}

TEST_F(PeopleOfOffice, APersonSaysNo) {
    subscribe();
    std::smatch item;
    const std::string line = last(kAna);
    ASSERT_TRUE(std::regex_search(line, item, std::regex("@-([0-9]+)"))) << line;
    dm(kAna, "@-" + item[1].str());
    tick();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("type='unsubscribed'")));
    subscribe();
    EXPECT_THAT(said(), ElementsAre(HasSubstr("type='unsubscribed'")));
}

TEST_F(PeopleOfOffice, WhomSheWroteToIsLetInAtOnce) {
    dm(kAna, "xmpp:bob@x.example hello");
    chat_->sent.clear();
    const auto lines = news(kAna, [&] { subscribe(); });
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_THAT(said(), Contains(HasSubstr("type='subscribed'")));
}

TEST_F(PeopleOfOffice, ACodeMakesAnAccountHersAndOnlyThenIsItSaid) {
    link("00000000");
    EXPECT_THAT(said(), ElementsAre(HasSubstr("<not-authorized")));
    EXPECT_EQ(handle_of_bob(), "");
    ASSERT_FALSE(chat_->sent.empty());
    EXPECT_THAT(chat_->sent.back().text, HasSubstr("code is wrong"));
    link(code());
    EXPECT_THAT(said(), ElementsAre(HasSubstr("<iq type='result'")));
    EXPECT_EQ(handle_of_bob(), "ana");
    EXPECT_THAT(chat_->sent.back().text, HasSubstr("You are ana@hill.example now"));
}

TEST_F(PeopleOfOffice, LostRadioShutsOutAnAccountThatBearsHerName) {
    parts_ = std::make_unique<Parts>(*this, "hill.example");
    const auto account = xmpp::parse_jid("ana@hill.example/phone");
    const Address address{"xmpp", "ana@hill.example"};
    const auto handle = [&] { return xmpp::asker_of(parts_->gate, *account).handle; };
    EXPECT_EQ(handle(), "ana") << "by its name";
    EXPECT_FALSE(office_->people()->on_record(address));
    office_->people()->attach("ana", address, {});
    settle();
    EXPECT_EQ(handle(), "ana");
    EXPECT_THAT(answer(kAna, "lost radio"), HasSubstr("other radios (1)"));
    dm(kAna, "1");
    settle();
    EXPECT_TRUE(office_->people()->on_record(address));
    EXPECT_EQ(handle(), "");
    EXPECT_FALSE(xmpp::message_from(parts_->gate, {*account, {}}).verified_sender);
    const std::string fresh = code();
    xmpp::Element query("query", kForm);
    query.add(Element("username").set_text("ana")).add(Element("password").set_text(fresh));
    parts_->services.iq(Element("iq")
                            .set("type", "set")
                            .set("id", "1")
                            .set("from", account->text())
                            .set("to", "gw.example")
                            .add(query));
    settle();
    EXPECT_EQ(handle(), "ana") << "who has a code has the account again";
}

}  // namespace
}  // namespace waypost
