// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/services/services.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace {

namespace xmpp = waypost::xmpp;
using waypost::Address;

// Whatever is said to them, what they say is from our domain and to somebody.
struct Gateway final : xmpp::StreamEvents, xmpp::StanzaOut {
    Gateway() {
        people.add("ana").language = "sw";
        people.add("ben").has_radio = true;
        people.add_group("news");
        people.operator_ = "ana";
        people.consents[{"ben", Address{"xmpp", "bob@x.org"}}] = waypost::Consent::Given;
        contacts.stream_up();
    }
    void send(xmpp::Element stanza) override {
        const auto from = xmpp::parse_jid(stanza.get("from"));
        if (!from.ok() || !names.is_ours(*from) || stanza.get("to").empty() || !may_answer)
            std::abort();
        (void)to_xml(stanza, xmpp::kComponentSpace);
    }
    void stream_opened(const xmpp::Element&) override {}
    void stream_stanza(xmpp::Element stanza) override {
        const std::string_view type = stanza.get("type");
        may_answer = type != "error" && type != "result";
        if (stanza.name() == "presence") contacts.presence(stanza);
        if (stanza.name() == "iq") services.iq(stanza);
        may_answer = true;
        contacts.tick();
    }
    void stream_passed_over(xmpp::StanzaHead) override {}
    void stream_closed() override {}
    void stream_failed(xmpp::StreamError) override {}

    waypost::FakeOffice office;
    waypost::FakePeople people;
    const xmpp::Names names{"hill.example", "gw.example", "hill.example"};
    xmpp::Gate gate{office, people, office.state("xmpp"), names, *this, "xmpp"};
    bool may_answer = true;
    xmpp::Contacts contacts{gate};
    xmpp::Services services{gate, contacts};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Gateway gateway;
    // A record of any form is read, or dropped.
    gateway.office.kept()["roster/" + std::string(data, data + size / 2)] =
        std::string(data + size / 2, data + size);
    gateway.office.kept()["roster/ben/bob@x.org"] = std::string(data, data + size);
    xmpp::Contacts read(gateway.gate);
    read.stream_up();
    read.tick();
    xmpp::StreamParser parser(gateway);
    parser.feed(
        "<s:stream xmlns='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams'>");
    parser.feed({reinterpret_cast<const char*>(data), size});
    return 0;
}
