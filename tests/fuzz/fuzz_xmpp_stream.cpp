// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "bridges/xmpp/stream/stream_parser.h"

namespace {

namespace xmpp = waypost::xmpp;

constexpr std::string_view kHeader =
    "<s:stream xmlns='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams'>";

struct Again final : xmpp::StreamEvents {
    void stream_opened(const xmpp::Element&) override {}
    void stream_stanza(xmpp::Element stanza) override {
        last = std::move(stanza);
        ++stanzas;
    }
    void stream_passed_over(xmpp::StanzaHead) override { std::abort(); }
    void stream_closed() override { std::abort(); }
    void stream_failed(xmpp::StreamError) override { std::abort(); }
    xmpp::Element last;
    int stanzas = 0;
};

// What has no namespace takes its parent's when it is written.
bool named(const xmpp::Element& element) {
    return !element.space().empty() &&
           std::all_of(element.children().begin(), element.children().end(), named);
}

// Any bytes may be a value: what comes out is one stanza.
void as_value(std::string_view bytes) {
    Again again;
    xmpp::StreamParser parser(again);
    parser.feed(kHeader);
    parser.feed(xmpp::to_xml(xmpp::Element("message", xmpp::kComponentSpace)
                                 .set("id", bytes)
                                 .add(xmpp::Element("body").set_text(bytes)),
                             xmpp::kComponentSpace));
    if (again.stanzas != 1) std::abort();
}

// What was read can be written to the stream of everybody, and is read as it was.
void written(const xmpp::Element& stanza) {
    Again again;
    xmpp::StreamParser parser(again);
    parser.feed(kHeader);
    parser.feed(xmpp::to_xml(stanza, xmpp::kComponentSpace));
    if (again.stanzas != 1 || (named(stanza) && again.last != stanza)) std::abort();
}

struct Events final : xmpp::StreamEvents {
    void stream_opened(const xmpp::Element&) override {
        if (opened || over) std::abort();
        opened = true;
    }
    void stream_stanza(xmpp::Element stanza) override {
        if (!opened || over) std::abort();
        written(stanza);
    }
    void stream_passed_over(xmpp::StanzaHead head) override {
        if (!opened || over || head.why.empty()) std::abort();
    }
    void stream_closed() override { end(); }
    void stream_failed(xmpp::StreamError error) override {
        if (error.condition.empty() || error.text.empty()) std::abort();
        end();
    }
    void end() {
        if (over) std::abort();
        over = true;
    }
    bool opened = false;
    bool over = false;
};

}  // namespace

// The first byte says in what pieces the rest arrives, and whether a header is before it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    xmpp::StreamLimits limits;
    limits.stanza_bytes = 2048;
    limits.header_bytes = 512;
    limits.depth = 6;
    limits.elements = 24;
    limits.attributes = 6;
    limits.name_bytes = 80;
    limits.kept_bytes = 16'384;
    const std::size_t piece = 1 + (data[0] & 0x7f);
    Events events;
    xmpp::StreamParser parser(events, limits);
    if ((data[0] & 0x80) == 0) parser.feed(kHeader);
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    as_value(rest);
    while (!rest.empty()) {
        if (parser.feed(rest.substr(0, piece)) == events.over) std::abort();
        rest.remove_prefix(std::min(piece, rest.size()));
    }
    return 0;
}
