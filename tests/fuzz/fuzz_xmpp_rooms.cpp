// SPDX-License-Identifier: Apache-2.0
// Any stanzas of anybody, to a group's room. Whatever comes, what leaves bears our own domain as
// sender, or the server would end everybody's stream; errors are not answered; bounds hold.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "bridges/xmpp/rooms/rooms.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace {

namespace xmpp = waypost::xmpp;

constexpr std::string_view kHeader =
    "<s:stream xmlns='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams'>";
constexpr std::size_t kSessions = 4;

struct Checked final : xmpp::StanzaOut {
    void send(xmpp::Element stanza) override {
        const auto from = xmpp::parse_jid(stanza.get("from"));
        if (!from.ok() || from->domain() != "chat.hill.example") std::abort();
        const auto to = xmpp::parse_jid(stanza.get("to"));
        if (!to.ok() || to->domain() == "chat.hill.example") std::abort();
        errors += stanza.get("type") == "error" ? 1 : 0;
    }
    std::size_t errors = 0;
};

struct Village final : xmpp::StreamEvents {
    Village() {
        people.add("ana", "Ana").has_radio = true;
        people.add_group("news");
        people.group_members["news"] = {{waypost::person("ana"), "Ana", true}};
    }
    void stream_opened(const xmpp::Element&) override {}
    void stream_passed_over(xmpp::StanzaHead) override {}
    void stream_closed() override {}
    void stream_failed(xmpp::StreamError) override {}
    void stream_stanza(xmpp::Element stanza) override {
        const std::size_t errors = out.errors;
        const bool known = (stanza.name() == "presence" && rooms.presence(stanza)) ||
                           (stanza.name() == "message" && rooms.message(stanza)) ||
                           (stanza.name() == "iq" && rooms.iq(stanza));
        if (known && stanza.get("type") == "error" && out.errors != errors) std::abort();
        if (rooms.sessions() > kSessions) std::abort();
        post(std::string(stanza.get("from")), std::string(stanza.child_text("body")));
        office.time().advance(std::chrono::minutes(1));
        rooms.tick();
    }
    // Of somebody outside, under a name of his own choice, to whoever may be in the room.
    void post(const std::string& to, const std::string& name) {
        const auto member = xmpp::parse_jid(to);
        if (!member.ok()) return;
        waypost::Delivery post;
        post.from = waypost::mailto("news", "hill.example");
        post.from_name = name + " via news";
        post.text = name + " ";
        post.message_id = "<1@hill.example>";
        post.list = waypost::ListPost{post.from, {}, {}, true};
        std::vector<xmpp::Element> chat;
        chat.push_back(xmpp::Element("message")
                           .set("from", "news@chat.hill.example")
                           .set("to", member->bare_text()));
        for (const xmpp::Element& each : rooms.posts(post, "w", chat)) {
            const auto from = xmpp::parse_jid(each.get("from"));
            if (!from.ok() || from->bare_text() != "news@chat.hill.example") std::abort();
        }
    }

    static xmpp::RoomBounds bounds() {
        xmpp::RoomBounds all;
        all.sessions = kSessions;
        return all;
    }

    waypost::FakeOffice office;
    waypost::FakePeople people;
    const xmpp::Names names{"hill.example", "chat.hill.example", "hill.example"};
    Checked out;
    const xmpp::Gate gate{office, people, office.state("xmpp"), names, out, "xmpp"};
    xmpp::Rooms rooms{gate, bounds()};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Village village;
    xmpp::StreamParser parser(village);
    parser.feed(kHeader);
    parser.feed({reinterpret_cast<const char*>(data), size});
    return 0;
}
