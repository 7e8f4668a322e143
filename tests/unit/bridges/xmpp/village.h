// SPDX-License-Identifier: Apache-2.0
// A village at gw.example, with accounts at hill.example: stanzas are fed in as a server writes
// them, and what comes out is read as it would be written.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "gateway/base/local_time.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace waypost::xmpp {

// One stanza of a component stream.
inline Element stanza(const std::string& xml) {
    struct Events final : StreamEvents {
        void stream_opened(const Element&) override {}
        void stream_stanza(Element one) override { last = std::move(one); }
        void stream_passed_over(StanzaHead head) override { ADD_FAILURE() << head.why; }
        void stream_closed() override {}
        void stream_failed(StreamError error) override { ADD_FAILURE() << error.text; }
        Element last;
    };
    Events events;
    StreamParser parser(events);
    parser.feed(
        "<stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='1'>" +
        xml);
    return events.last;
}

class Village : public testing::Test, protected StanzaOut {
  protected:
    Village() {
        EXPECT_TRUE(use_timezone("Etc/UTC").ok());
        office.people_view = &people;
        people.add("ana", "Ana Mwangi");
        Resident& ben = people.add("ben", "Ben");
        ben.has_radio = true;
        ben.heard_at = now_s();
    }
    void send(Element one) override { sent.push_back(std::move(one)); }

    // What was sent since the last look, as text.
    std::vector<std::string> said() {
        std::vector<std::string> all;
        for (const Element& one : sent) all.push_back(to_xml(one, kComponentSpace));
        sent.clear();
        return all;
    }
    // What was said last, as it is; nothing if nothing was.
    Element last() {
        const Element one = sent.empty() ? Element("nothing") : sent.back();
        sent.clear();
        return one;
    }
    std::int64_t now_s() const { return to_ms(office.clock().wall()) / 1000; }
    void pass(milliseconds time) { office.time().advance(time); }
    static Address outside(const std::string& jid) { return {"xmpp", jid}; }

    FakeOffice office;
    FakePeople people;
    Names names{"hill.example", "gw.example", "hill.example"};
    Gate gate{office, people, office.state("xmpp.home"), names, *this, "xmpp.home"};
    std::vector<Element> sent;
};

}  // namespace waypost::xmpp
