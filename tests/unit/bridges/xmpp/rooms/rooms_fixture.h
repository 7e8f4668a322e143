// SPDX-License-Identifier: Apache-2.0
// A village with a group, and stanzas as its server writes them.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "bridges/xmpp/rooms/muc.h"
#include "bridges/xmpp/rooms/rooms.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace waypost::xmpp {

// The stanzas in this text, through the parser that a server's bytes go through.
inline std::vector<Element> parsed(const std::string& text) {
    struct Reader : StreamEvents {
        void stream_opened(const Element&) override {}
        void stream_stanza(Element stanza) override { all.push_back(std::move(stanza)); }
        void stream_passed_over(StanzaHead head) override { ADD_FAILURE() << head.why; }
        void stream_closed() override {}
        void stream_failed(StreamError error) override { ADD_FAILURE() << error.text; }
        std::vector<Element> all;
    };
    Reader reader;
    StreamParser parser(reader);
    parser.feed(
        "<stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='1'>");
    parser.feed(text);
    return reader.all;
}

class SentStanzas final : public StanzaOut {
  public:
    void send(Element stanza) override {
        // As it goes over the wire: with the namespaces that it has there.
        for (Element& each : parsed(to_xml(stanza, kComponentSpace)))
            all.push_back(std::move(each));
    }
    std::vector<Element> take() { return std::exchange(all, {}); }
    std::vector<Element> all;
};

// One line for each: "presence ana -> bob@x.org/phone: member/participant xa by radio 110".
inline std::string told(const Element& stanza) {
    const auto from = parse_jid(stanza.get("from"));
    const std::string place = !from.ok()                 ? "?"
                              : from->resource().empty() ? from->text()
                                                         : from->resource();
    std::string line = stanza.name() + ' ' + place + " -> " + std::string(stanza.get("to")) + ':';
    const auto add = [&](std::string_view text) {
        if (!text.empty()) line += ' ' + std::string(text);
    };
    add(stanza.get("type"));
    if (const Element* error = stanza.find("error")) {
        for (const Element& each : error->children())
            if (each.name() != "text") add(each.name());
    }
    const Element* x = stanza.find("x", kMucUserSpace);
    if (const Element* item = x ? x->find("item") : nullptr) {
        add(std::string(item->get("affiliation")) + '/' + std::string(item->get("role")));
        add(item->get("jid"));
        if (!item->get("nick").empty()) add("now " + std::string(item->get("nick")));
    }
    add(stanza.child_text("show"));
    add(stanza.child_text("status"));
    if (x != nullptr) {
        for (const Element& each : x->children())
            if (each.name() == "status") add(each.get("code"));
    }
    if (stanza.find("subject") != nullptr) add("subject");
    add(stanza.child_text("body"));
    return line;
}

inline std::vector<std::string> told(const std::vector<Element>& stanzas) {
    std::vector<std::string> lines;
    for (const Element& each : stanzas) lines.push_back(told(each));
    return lines;
}

class RoomsTest : public ::testing::Test {
  protected:
    RoomsTest() {
        people.add("ana", "Ana Mwale").has_radio = true;
        people.add("ben", "Ben");
        people.addresses[{"xmpp", "ben@far.example"}] = "ben";
        people.add_group("news", "News of the hill");
        people.group_members["news"] = {{person("ana"), "Ana Mwale", false},
                                        {person("ben"), "Ben", true}};
        open();
    }
    void open(RoomBounds bounds = {}) {
        rooms.emplace(gate, bounds);
        out.all.clear();
    }

    using Lines = std::vector<std::string>;
    Lines presence(const std::string& from, const std::string& to, const std::string& rest = {},
                   const std::string& type = {}) {
        const std::string kind = type.empty() ? "" : " type='" + type + "'";
        return one("<presence from='" + from + "' to='" + to + "'" + kind + " id='p'>" + rest +
                       "</presence>",
                   [&](const Element& s) { return rooms->presence(s); });
    }
    Lines join(const std::string& from, const std::string& nick, const std::string& rest = {}) {
        return presence(from, "news@chat.hill.example/" + nick,
                        "<x xmlns='http://jabber.org/protocol/muc'/>" + rest);
    }
    Lines say(const std::string& from, const std::string& rest, const std::string& id = "m1") {
        return message("<message type='groupchat' from='" + from +
                       "' to='news@chat.hill.example' id='" + id + "'>" + rest + "</message>");
    }
    Lines message(const std::string& xml) {
        return one(xml, [&](const Element& s) { return rooms->message(s); });
    }
    // The answer, as it goes over the wire.
    Element iq(const std::string& from, const std::string& to, const std::string& payload,
               const std::string& type = "get") {
        one("<iq type='" + type + "' from='" + from + "' to='" + to + "' id='q'>" + payload +
                "</iq>",
            [&](const Element& s) { return rooms->iq(s); });
        if (out.all.size() != 1) {
            ADD_FAILURE() << out.all.size() << " answers";
            return {};
        }
        return out.all.front();
    }
    // What went out meanwhile. `taken` is what the rooms said.
    template <class Do>
    Lines one(const std::string& xml, Do&& handle) {
        out.all.clear();
        const auto stanzas = parsed(xml);
        if (stanzas.size() != 1) ADD_FAILURE() << "no stanza: " << xml;
        taken = !stanzas.empty() && handle(stanzas.front());
        return told(out.all);
    }
    static std::string error_text(const Element& stanza) {
        const Element* error = stanza.find("error");
        return error ? std::string(error->child_text("text", kStanzaErrorSpace)) : std::string();
    }
    // A post as the core hands it over for a member's account.
    Delivery delivery(const std::string& author, const std::string& text) {
        Delivery d;
        d.attempt = {7, 1};
        d.message = 7;
        d.to = {"xmpp", "bob@x.org"};
        d.from = mailto(author, "hill.example");
        d.from_name = author;
        d.author = author;
        d.text = text;
        d.message_id = "<1.2@hill.example>";
        d.written = office.clock().wall();
        d.list = ListPost{mailto("news", "hill.example"), "News of the hill", {}, false};
        return d;
    }
    std::vector<Element> posts(const Delivery& post, const std::string& bare = "bob@x.org") {
        std::vector<Element> chat;
        chat.push_back(Element("message")
                           .set("type", "chat")
                           .set("from", "news@chat.hill.example")
                           .set("to", bare)
                           .set("id", "w1")
                           .add(Element("body").set_text(post.from_name + ": " + post.text)));
        return rooms->posts(post, "w1", chat);
    }

    FakeOffice office;
    FakePeople people;
    const Names names{"hill.example", "chat.hill.example", "hill.example"};
    SentStanzas out;
    const Gate gate{office, people, office.state("xmpp"), names, out, "xmpp"};
    std::optional<Rooms> rooms;
    bool taken = false;

    static constexpr char kBob[] = "bob@x.org/phone";
    static constexpr char kAna[] = "ana@hill.example/tablet";
    static constexpr char kBen[] = "ben@far.example/home";
    static constexpr char kRoom[] = "news@chat.hill.example";
};

}  // namespace waypost::xmpp
