// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/component_session.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "bridges/xmpp/sha1.h"
#include "bridges/xmpp/stream/xml_text.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMarkBytes = 12;
constexpr std::uint64_t kProbe = 0;  // numbers of barriers begin with 1

struct Meaning {
    std::string_view condition;
    DownKind kind;
};
constexpr std::array<Meaning, 8> kMeanings = {{{"not-authorized", DownKind::Secret},
                                               {"host-unknown", DownKind::Secret},
                                               {"host-gone", DownKind::Secret},
                                               {"improper-addressing", DownKind::Secret},
                                               {"conflict", DownKind::Conflict},
                                               {"system-shutdown", DownKind::Closed},
                                               {"reset", DownKind::Closed},
                                               {"connection-timeout", DownKind::Silent}}};

DownKind meaning_of(std::string_view condition) {
    for (const Meaning& each : kMeanings) {
        if (each.condition == condition) return each.kind;
    }
    return DownKind::Protocol;
}

std::string sentence(DownKind kind, const std::string& domain, const std::string& said) {
    switch (kind) {
        case DownKind::Secret:
            return "the XMPP server refuses " + domain +
                   ": name and secret must be the same in its settings and in ours (" + said + ')';
        case DownKind::Conflict:
            return "somebody else is connected to the XMPP server as " + domain +
                   ": is another box running with the same name?";
        case DownKind::Closed:
            return "the XMPP server stops or starts anew (" + said + ')';
        default:
            return "the XMPP server ended the stream: " + said;
    }
}

Element stream_error(const StreamError& error) {
    return Element("error", kStreamSpace)
        .add(Element(error.condition, kStreamErrorSpace))
        .add(Element("text", kStreamErrorSpace).set_text(error.text));
}

}  // namespace

const char* to_string(DownKind kind) {
    switch (kind) {
        case DownKind::Network:
            return "network";
        case DownKind::Secret:
            return "secret";
        case DownKind::Conflict:
            return "conflict";
        case DownKind::Closed:
            return "closed";
        case DownKind::Protocol:
            return "protocol";
        case DownKind::Silent:
            return "silent";
        case DownKind::Stopped:
            return "stopped";
    }
    return "?";
}

std::string handshake_digest(std::string_view id, std::string_view secret) {
    return to_hex(sha1(std::string(id).append(secret)));
}

Pings::Pings(std::string_view domain, std::string mark) : mark_(std::move(mark)) {
    before_ = "<iq type='get' from='";
    append_xml_value(before_, domain);
    before_ += "' to='";
    append_xml_value(before_, domain);
    before_ += "' id='" + mark_;
    after_ = "'><ping xmlns='urn:xmpp:ping'/></iq>";
}

void Pings::write(std::string& out, std::uint64_t number) const {
    out.append(before_).append(std::to_string(number)).append(after_);
}

bool Pings::read(const Element& stanza, std::uint64_t& number) const {
    if (stanza.name() != "iq") return false;
    const std::string_view id = stanza.get("id");
    if (!id.starts_with(mark_)) return false;
    const auto read = std::from_chars(id.data() + mark_.size(), id.data() + id.size(), number);
    return read.ec == std::errc() && read.ptr == id.data() + id.size();
}

ComponentSession::ComponentSession(const SessionOptions& options, SessionEvents& events,
                                   Random& random, BoxTime now)
    : options_(options),
      events_(events),
      parser_(*this, options.limits),
      pings_(options.domain, "wp-" + random.hex(kMarkBytes) + '-'),
      open_until_(now + options.opening),
      heard_(now) {
    out_ = "<?xml version='1.0'?><stream:stream xmlns='";
    out_.append(kComponentSpace).append("' xmlns:stream='").append(kStreamSpace).append("' to='");
    append_xml_value(out_, options_.domain);
    out_ += "'>";
}

bool ComponentSession::feed(std::string_view bytes, BoxTime now) {
    heard_ = now;
    probing_ = false;
    if (phase_ != Phase::Over) parser_.feed(bytes);
    return phase_ != Phase::Over;
}

void ComponentSession::pinged(std::uint64_t number, BoxTime now) {
    if (!unanswered()) asked_at_ = now;
    asked_ = number;
}

BoxTime ComponentSession::next_tick() const {
    if (phase_ != Phase::Up) return open_until_;
    if (unanswered()) return std::max(asked_at_, heard_) + options_.answer;
    return heard_ + options_.silence;
}

bool ComponentSession::tick(BoxTime now) {
    if (phase_ == Phase::Over) return false;
    if (now < next_tick()) return true;
    if (phase_ == Phase::Up && !unanswered()) {
        pings_.write(out_, kProbe);
        asked_at_ = now;
        probing_ = true;
        return true;
    }
    end({DownKind::Silent, "the XMPP server does not answer; is it running, or too busy?"});
    return false;
}

void ComponentSession::end(const Down& why) {
    if (phase_ == Phase::Over) return;
    phase_ = Phase::Over;
    out_ += "</stream:stream>";
    events_.session_down(why);
}

void ComponentSession::stream_opened(const Element& header) {
    const std::string_view id = header.get("id");
    if (id.empty()) {
        end({DownKind::Protocol,
             "what answers is no XMPP server for components: is the port that "
             "of its component listener?"});
        return;
    }
    phase_ = Phase::Handshaking;
    out_ += "<handshake>" + handshake_digest(id, options_.secret) + "</handshake>";
}

void ComponentSession::stream_stanza(Element stanza) {
    if (phase_ == Phase::Over) return;
    if (stanza.is("error", kStreamSpace)) return peer_error(stanza);
    if (phase_ == Phase::Handshaking) return handshake_answer(stanza);
    std::uint64_t number = 0;
    if (pings_.read(stanza, number)) {
        // Only what was asked; a server cannot answer ahead.
        if (number <= asked_) answered_ = std::max(answered_, number);
        return;
    }
    events_.session_stanza(std::move(stanza));
}

void ComponentSession::handshake_answer(const Element& element) {
    if (!element.is("handshake", kComponentSpace)) {
        end({DownKind::Protocol, "the XMPP server answered the handshake with " + element.name() +
                                     ": is the port that of its component listener?"});
        return;
    }
    phase_ = Phase::Up;
    events_.session_up();
}

void ComponentSession::stream_passed_over(StanzaHead head) {
    if (phase_ == Phase::Up) events_.session_passed_over(std::move(head));
}

void ComponentSession::stream_closed() {
    end({DownKind::Closed, "the XMPP server closed the stream"});
}

void ComponentSession::stream_failed(StreamError error) {
    if (phase_ == Phase::Over) return;
    write_xml(out_, stream_error(error), kComponentSpace);
    end({DownKind::Protocol, "cannot read what the XMPP server sent: " + error.text,
         error.condition});
}

void ComponentSession::peer_error(const Element& error) {
    std::string condition = "undefined-condition";
    for (const Element& each : error.children()) {
        if (each.space() == kStreamErrorSpace && each.name() != "text") condition = each.name();
    }
    const std::string text(error.child_text("text", kStreamErrorSpace));
    const DownKind kind = meaning_of(condition);
    end({kind, sentence(kind, options_.domain, text.empty() ? condition : condition + ": " + text),
         condition});
}

}  // namespace waypost::xmpp
