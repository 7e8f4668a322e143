// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/xmpp_transport.h"

#include <stdexcept>

#include "bridges/xmpp/contacts.h"
#include "bridges/xmpp/message/outgoing.h"
#include "bridges/xmpp/rooms/rooms.h"
#include "bridges/xmpp/services/services.h"
#include "gateway/base/log.h"

namespace waypost::xmpp {
namespace {

// Of deliveries in hand: as many as two round trips of a barrier carry, and not so many that a
// restart has much to say twice.
constexpr int kWindow = 200;
constexpr std::chrono::seconds kTick{1};
constexpr int kSlowTick = 5;  // ticks
constexpr char kStarting[] = "connecting to the XMPP server";

ComponentOptions component_options(const XmppOptions& options, const std::string& domain) {
    ComponentOptions component;
    component.host = options.host;
    component.port = options.port;
    component.session.domain = domain;
    component.session.secret = options.secret.reveal();
    return component;
}

}  // namespace

struct XmppTransport::Parts {
    Parts(XmppTransport& transport, Office& office, const XmppOptions& options,
          const std::string& domain)
        : names(office.domain(), domain, options.accounts),
          gate(make_gate(office, transport.id_, names, transport)),
          contacts(gate),
          services(gate, contacts),
          rooms(gate),
          outgoing(gate, transport),
          incoming(gate, options.incoming, [this](bool busy) { stream.pause(busy); }),
          stream(component_options(options, domain), transport, office.clock(), office.random()) {
        outgoing.set_rooms(
            [this](const Delivery& post, const WireId& id, const std::vector<Element>& as_chat) {
                return rooms.posts(post, id, as_chat);
            });
    }

    const Names names;
    Gate gate;
    Contacts contacts;
    Services services;
    Rooms rooms;
    Outgoing outgoing;
    Incoming incoming;
    ComponentStream stream;  // last: its thread ends first
};

XmppTransport::XmppTransport(TransportId id, XmppOptions options)
    : id_(std::move(id)), options_(std::move(options)), why_(kStarting) {}

XmppTransport::~XmppTransport() { stop(); }

const std::string& XmppTransport::network() const {
    static const std::string kNetwork = "xmpp";
    return kNetwork;
}

const std::string& XmppTransport::scheme() const { return network(); }

void XmppTransport::start(Office& office) {
    office_ = &office;
    const std::string domain = options_.domain.empty() ? office.domain() : options_.domain;
    const auto jid = make_jid({}, domain);
    if (!jid.ok()) throw std::runtime_error("domain: " + jid.error().text);
    parts_ = std::make_unique<Parts>(*this, office, options_, jid->domain());
    parts_->incoming.start();
    parts_->stream.start();
    ticker_.start(kTick, [this] { tick(); });
}

void XmppTransport::stop() {
    ticker_.stop();
    if (!parts_) return;
    parts_->stream.stop();
    parts_->incoming.stop();
}

void XmppTransport::give_back() {
    if (parts_) parts_->outgoing.give_back();
}

void XmppTransport::deliver(Delivery delivery) { parts_->outgoing.deliver(std::move(delivery)); }

Limits XmppTransport::limits() const { return {0, kWindow, false}; }

// Nobody at our own domain: he is reached by his own network.
std::optional<int> XmppTransport::reach(const Address& to) const {
    if (to.scheme != scheme() || (parts_ && to.domain() == parts_->names.component()))
        return std::nullopt;
    return 1;
}

Status XmppTransport::status() const {
    Status status;
    {
        const std::lock_guard lock(why_mutex_);
        status.up = up_;
        status.why = why_;
    }
    if (!parts_) return status;
    const OutgoingCounters out = parts_->outgoing.counters();
    const IncomingCounters in = parts_->incoming.counters();
    const ComponentCounters line = parts_->stream.counters();
    const Contacts::Counts contacts = parts_->contacts.counts();
    const auto number = [](auto value) { return std::to_string(value); };
    status.details = {{"domain", parts_->names.component()},
                      {"server", options_.host + ':' + std::to_string(options_.port)},
                      {"connected", number(line.connects) + " times"},
                      {"sent", number(out.sent)},
                      {"waiting", number(out.waiting)},
                      {"repeats", number(out.repeats)},
                      {"came back", number(out.bounced)},
                      {"receipts", number(out.receipts)},
                      {"taken", number(in.taken)},
                      {"refused", number(in.refused)},
                      {"encrypted", number(in.encrypted)},
                      {"files to fetch", number(in.files)},
                      {"not who they say", number(in.strange + out.strange)},
                      {"over the limit", number(line.passed_over)},
                      {"contacts", number(contacts.contacts)},
                      {"in rooms", number(parts_->rooms.sessions())}};
    status.metrics = {{"waiting", static_cast<double>(out.waiting)},
                      {"repeats", static_cast<double>(out.repeats)}};
    return status;
}

void XmppTransport::component_up() {
    {
        const std::lock_guard lock(why_mutex_);
        up_ = true;
        why_.clear();
    }
    log(Level::Info, "xmpp", "up", {{"transport", id_}, {"domain", parts_->names.component()}});
    send_waiting();
    {
        const std::lock_guard lock(turns_);
        parts_->contacts.stream_up();
        parts_->rooms.stream_up();
    }
    parts_->outgoing.stream_up();
    office_->wake(id_);
}

void XmppTransport::component_down(const Down& why, milliseconds) {
    bool was_up = false;
    {
        const std::lock_guard lock(why_mutex_);
        was_up = up_.exchange(false);
        if (was_up || why_ != why.text)
            log(why.kind == DownKind::Stopped ? Level::Info : Level::Warning, "xmpp", "down",
                {{"transport", id_}, {"why", why.text}});
        why_ = why.text;
    }
    {
        const std::lock_guard lock(line_mutex_);
        unsent_.stream_down();
    }
    parts_->outgoing.stream_down();
    {
        const std::lock_guard lock(turns_);
        parts_->contacts.stream_down();
        parts_->rooms.stream_down();
    }
    if (was_up) office_->wake(id_);
}

void XmppTransport::component_stanza(Element stanza) {
    const std::lock_guard lock(turns_);
    if (stanza.name() == "message") {
        message(stanza);
    } else if (stanza.name() == "iq") {
        iq(stanza);
    } else if (stanza.name() == "presence") {
        presence(stanza);
    }
}

void XmppTransport::presence(const Element& stanza) {
    if (!parts_->rooms.presence(stanza)) return parts_->contacts.presence(stanza);
    const auto from = parse_jid(stanza.get("from"));
    if (from.ok() && stanza.get("type").empty()) parts_->contacts.account_available(*from);
}

void XmppTransport::message(const Element& stanza) {
    const auto from = parse_jid(stanza.get("from"));
    const auto to = parse_jid(stanza.get("to"));
    if (!from.ok() || !to.ok()) {
        const Error& error = from.ok() ? to.error() : from.error();
        if (auto answer = error_to(stanza, {"modify", "jid-malformed", error.text}))
            send(std::move(*answer));
        return;
    }
    parts_->contacts.account_seen(*from);
    if (parts_->rooms.message(stanza)) return;
    Chat chat = read_chat(stanza);
    if (!chat.displayed.empty())
        chat.displayed = parts_->rooms.wire_ids(*from, *to, chat.displayed);
    if (parts_->outgoing.heard(*from, chat, stanza)) return;
    if (!chat.says_something()) return;
    if (chat.type == "groupchat") {
        if (auto answer = error_to(stanza, {"cancel", "service-unavailable", "this is no room"}))
            send(std::move(*answer));
        return;
    }
    parts_->incoming.message(stanza, std::move(chat), *from, *to);
}

void XmppTransport::iq(const Element& stanza) {
    if (const auto from = parse_jid(stanza.get("from")); from.ok())
        parts_->contacts.account_seen(*from);
    const std::string_view type = stanza.get("type");
    const bool answers = type == "result" || type == "error";
    if (answers && parts_->outgoing.answer(stanza)) return;
    if (!parts_->rooms.iq(stanza)) parts_->services.iq(stanza);
}

void XmppTransport::component_passed_over(StanzaHead head) {
    if (auto answer = answer_passed_over(head)) send(std::move(*answer));
}

// What had no room before goes first. What may be lost goes before letters, which wait in custody.
void XmppTransport::component_room() {
    if (send_waiting()) parts_->outgoing.room();
}

bool XmppTransport::send_waiting() {
    const std::lock_guard lock(line_mutex_);
    return unsent_.go_on([this](const Element& one) { return write(one); });
}

void XmppTransport::send(Element stanza) {
    const std::lock_guard lock(line_mutex_);
    const bool kept =
        unsent_.send(std::move(stanza), [this](const Element& one) { return write(one); });
    if (!kept && ++dropped_ == 1)
        log(Level::Warning, "xmpp", "answers-dropped", {{"transport", id_}});
}

Sent XmppTransport::write(const Element& stanza) { return parts_->stream.send(stanza); }

Sent XmppTransport::barrier(std::function<void(bool)> done) {
    return parts_->stream.barrier(std::move(done));
}

void XmppTransport::tick() {
    const bool slow = ++ticks_ % kSlowTick == 0;
    {
        const std::lock_guard lock(turns_);
        parts_->contacts.tick();
        if (slow) parts_->rooms.tick();
    }
    if (slow) parts_->outgoing.tick();
}

}  // namespace waypost::xmpp
