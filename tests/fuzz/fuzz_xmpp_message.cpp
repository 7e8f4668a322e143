// SPDX-License-Identifier: Apache-2.0
// Whatever comes as a message: what goes on is text, and no error is answered with an error.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "bridges/xmpp/message/envelope.h"
#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/message/incoming.h"
#include "bridges/xmpp/message/outgoing.h"
#include "bridges/xmpp/stream/stream_parser.h"
#include "gateway/message/text.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace {

namespace xmpp = waypost::xmpp;

void check(bool right) {
    if (!right) std::abort();
}

xmpp::IncomingOptions without_files() {
    xmpp::IncomingOptions options;
    options.files.fetch.most_bytes = 0;
    return options;
}

struct Gateway final : xmpp::StreamEvents, xmpp::StanzaOut, xmpp::StanzaLine {
    Gateway() {
        people.add("ana").language = "sw";
        outgoing.stream_up();
    }
    void send(xmpp::Element stanza) override {
        const auto from = xmpp::parse_jid(stanza.get("from"));
        check(from.ok() && names.is_ours(*from) && may_refuse);
    }
    xmpp::Sent write(const xmpp::Element&) override { return xmpp::Sent::Queued; }
    xmpp::Sent barrier(std::function<void(bool)>) override { return xmpp::Sent::Queued; }

    void stream_opened(const xmpp::Element&) override {}
    void stream_stanza(xmpp::Element stanza) override {
        const xmpp::Chat chat = xmpp::read_chat(stanza);
        check(waypost::is_utf8(chat.body) && waypost::is_utf8(chat.id));
        check(chat.received.size() <= 32 && chat.reactions.size() <= xmpp::kMostReactions);
        (void)outgoing.answer(stanza);
        const auto from = xmpp::parse_jid(stanza.get("from"));
        const auto to = xmpp::parse_jid(stanza.get("to"));
        if (!from.ok() || !to.ok()) return;
        outgoing.received(*from, chat.received);
        outgoing.displayed(*from, chat.displayed);
        outgoing.error(*from, chat.id, xmpp::read_error(stanza));
        may_refuse = chat.type != "error";
        if (chat.says_something()) incoming.message(stanza, chat, *from, *to);
        may_refuse = true;
        // What was said goes out again.
        for (const waypost::Message& message : office.accepted) {
            check(waypost::is_utf8(message.text) && message.to.size() <= 1);
            (void)xmpp::read_envelope(message.envelope_id);
            waypost::Delivery delivery;
            delivery.to = message.from;
            delivery.from = waypost::mailto("ana", "hill.example");
            delivery.text = message.text;
            delivery.subject = message.subject;
            delivery.references = message.references;
            outgoing.deliver(delivery);
        }
        office.accepted.clear();
    }
    void stream_passed_over(xmpp::StanzaHead) override {}
    void stream_closed() override {}
    void stream_failed(xmpp::StreamError) override {}

    waypost::FakeOffice office;
    waypost::FakePeople people;
    const xmpp::Names names{"hill.example", "gw.example", "hill.example"};
    xmpp::Gate gate{office, people, office.state("xmpp"), names, *this, "xmpp"};
    bool may_refuse = true;
    xmpp::Outgoing outgoing{gate, *this};
    xmpp::Incoming incoming{gate, without_files(), [](bool) {}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)xmpp::read_stamp(bytes);
    if (auto file =
            xmpp::open_file_original(std::make_unique<std::istringstream>(std::string(bytes)), 1);
        file.ok()) {
        std::ostringstream out;
        check((*file)->copy_to(out).ok() && out.str().size() == (*file)->about().bytes);
    }
    Gateway gateway;
    xmpp::StreamParser parser(gateway);
    parser.feed(
        "<s:stream xmlns='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams'>");
    parser.feed(bytes);
    return 0;
}
