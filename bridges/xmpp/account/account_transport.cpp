// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/account_transport.h"

#include "bridges/xmpp/account/catch_up.h"
#include "bridges/xmpp/account/dress.h"
#include "bridges/xmpp/account/for_whom.h"
#include "bridges/xmpp/account/talks.h"
#include "bridges/xmpp/message/outgoing.h"
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/message/wire_id.h"
#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/request.h"
#include "gateway/base/log.h"

namespace waypost::xmpp {
namespace {

constexpr int kWindow = 100;     // deliveries in hand
constexpr int kSharedReach = 0;  // a component's is 1
constexpr int kOwnReach = 2;
constexpr std::size_t kMostOpen = 256;  // messages without a verdict; then nothing is read
constexpr std::chrono::seconds kTick{5};
constexpr char kResource[] = "resource";
constexpr std::size_t kResourceBytes = 4;
constexpr char kStarting[] = "signing in";
const StanzaError kForWhom{"modify", "not-acceptable",
                           "this account is shared: begin with @NAME of the person it is for"};
const StanzaError kNoService{"cancel", "service-unavailable", {}};

// Made once. The server ends what it still holds of a session of ours when we come back by the
// name of then, and brings at once what we did not acknowledge.
std::string resource_of(TransportState& state, Random& random) {
    if (auto kept = state.get(kResource)) return *kept;
    const std::string made = "waypost-" + random.hex(kResourceBytes);
    state.put(kResource, made);
    return made;
}

AccountOptions with_resource(AccountOptions options, TransportState& state, Random& random) {
    options.resource = resource_of(state, random);
    return options;
}

// The same, to this person and with the text that is hers alone.
Element for_person(const Element& stanza, const Chat& chat, const Jid& person, bool cut) {
    Element to = stanza;
    to.set("to", person.text());
    if (!cut) return to;
    auto& children = to.children();
    // Its counts are of the text as it was.
    std::erase_if(children, [](const Element& each) { return each.name() == "fallback"; });
    for (Element& child : children)
        if (child.name() == "body") child.set_text(chat.body);
    return to;
}

}  // namespace

struct AccountTransport::Parts {
    Parts(AccountTransport& transport, Office& office, AccountTransportOptions& options)
        : names(office.domain(), office.domain()),
          gate(make_gate(office, transport.id_, names, transport)),
          account(options.stream.account),
          talks(gate.state, options.talk),
          dress(names, gate.people, account, options.person),
          catch_up(gate.state, office.random(), office.clock(), account,
                   [&transport](Element iq) { transport.send(std::move(iq)); }),
          outgoing(gate, transport),
          incoming(gate, with_signal(options.incoming),
                   [&transport](bool open) {
                       const std::lock_guard lock(transport.wait_mutex_);
                       transport.open_ = open;
                       transport.wait_changed_.notify_all();
                   }),
          stream(new_account_stream(
              with_resource(std::move(options.stream), gate.state, office.random()), transport,
              office.clock(), office.random())) {}

    // With one as the most, it says when the first is open and when none is any more.
    static IncomingOptions with_signal(IncomingOptions options) {
        options.most_open = 1;
        return options;
    }

    const Names names;
    Gate gate;
    const Jid account;
    Talks talks;
    const Dress dress;
    CatchUp catch_up;
    Outgoing outgoing;
    Incoming incoming;
    std::unique_ptr<AccountStream> stream;  // last: its thread ends first
};

AccountTransport::AccountTransport(TransportId id, AccountTransportOptions options)
    : id_(std::move(id)), options_(std::move(options)), why_(kStarting) {}

AccountTransport::~AccountTransport() { stop(); }

const std::string& AccountTransport::network() const {
    static const std::string kNetwork = "xmpp";
    return kNetwork;
}

const std::string& AccountTransport::scheme() const { return network(); }

void AccountTransport::start(Office& office) {
    office_ = &office;
    parts_ = std::make_unique<Parts>(*this, office, options_);
    parts_->incoming.start();
    parts_->stream->start();
    ticker_.start(kTick, [this] { parts_->outgoing.tick(); });
}

void AccountTransport::stop() {
    {
        const std::lock_guard lock(wait_mutex_);
        stopping_ = true;
    }
    wait_changed_.notify_all();
    ticker_.stop();
    if (!parts_) return;
    parts_->stream->stop();
    parts_->incoming.stop();
}

void AccountTransport::give_back() {
    if (parts_) parts_->outgoing.give_back();
}

void AccountTransport::deliver(Delivery delivery) { parts_->outgoing.deliver(std::move(delivery)); }

Limits AccountTransport::limits() const { return {0, kWindow, false}; }

std::optional<int> AccountTransport::reach(const Address& to) const { return reach_from({}, to); }

std::optional<int> AccountTransport::reach_from(const std::string& sender,
                                                const Address& to) const {
    if (to.scheme != scheme()) return std::nullopt;
    if (shared()) return kSharedReach;
    return sender == options_.person ? std::optional<int>(kOwnReach) : std::nullopt;
}

Status AccountTransport::status() const {
    Status status;
    {
        const std::lock_guard lock(why_mutex_);
        status.up = up_;
        status.why = why_;
    }
    if (!parts_) return status;
    const OutgoingCounters out = parts_->outgoing.counters();
    const IncomingCounters in = parts_->incoming.counters();
    const AccountCounters line = parts_->stream->counters();
    const auto number = [](auto value) { return std::to_string(value); };
    status.details = {{"account", parts_->account.text()},
                      {"signed in", number(line.sessions) + " times"},
                      {"resumed", number(line.resumed) + " times"},
                      {"sent", number(out.sent)},
                      {"waiting", number(out.waiting)},
                      {"repeats", number(out.repeats + line.repeated)},
                      {"came back", number(out.bounced)},
                      {"receipts", number(out.receipts)},
                      {"taken", number(in.taken)},
                      {"refused", number(in.refused)},
                      {"for nobody", number(for_nobody_.load())},
                      {"encrypted", number(in.encrypted)},
                      {"files to fetch", number(in.files)},
                      {"not who they say", number(in.strange + out.strange)},
                      {"over the limit", number(line.passed_over)}};
    status.metrics = {{"waiting", static_cast<double>(out.waiting)},
                      {"repeats", static_cast<double>(out.repeats + line.repeated)}};
    return status;
}

void AccountTransport::say_status(bool up, const std::string& why) {
    bool changed = false;
    {
        const std::lock_guard lock(why_mutex_);
        changed = up_ != up || why_ != why;
        up_ = up;
        why_ = why;
    }
    if (!changed) return;
    log(up || why == "stopped" ? Level::Info : Level::Warning, "xmpp", up ? "up" : "down",
        {{"transport", id_}, {"account", shorten(parts_->account.text())}, {"why", why}});
    office_->wake(id_);
}

void AccountTransport::account_up(bool resumed, const Jid& own) {
    if (!resumed) {
        parts_->gate.state.put(kResource, own.resource());
        show_presence();
        parts_->catch_up.start();
        parts_->outgoing.stream_up();
    }
    say_status(true, {});
}

void AccountTransport::account_down(const Down& why, milliseconds) { say_status(false, why.text); }

void AccountTransport::account_lost() { parts_->outgoing.stream_down(); }

void AccountTransport::account_room() { parts_->outgoing.room(); }

// RFC 6121 8.5.2.1: who writes to the account and not to one of its programs reaches those that
// have a priority of 0 or more, and of these the highest only, or all of them. At 0 the box shares
// with the phone of the account's person, which has 0 too unless its owner wants otherwise.
void AccountTransport::show_presence() {
    const auto owner = shared() ? std::nullopt : parts_->gate.people.resident(options_.person);
    const Catalogue& words = catalogue(owner ? owner->language : std::string());
    const std::string status = words.letter(shared() ? "chat_shared_status" : "chat_own_status",
                                            {{"village", office_->village()}});
    send(Element("presence")
             .add(Element("priority").set_text("0"))
             .add(Element("status").set_text(status)));
}

bool AccountTransport::account_settle() {
    std::unique_lock lock(wait_mutex_);
    for (;;) {
        wait_changed_.wait(lock, [this] { return stopping_ || !open_; });
        if (stopping_) return false;
        lock.unlock();
        // What waits for a file is in the state of the transport.
        if (parts_->gate.state.wait_durable()) return true;
        lock.lock();
        wait_changed_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; });
    }
}

void AccountTransport::account_stanza(Element stanza) {
    if (stanza.name() == "message") {
        if (CatchUp::is_archived(stanza)) {
            const auto then = parts_->catch_up.archived(stanza);
            if (then) message(*then);
        } else if (const std::string id = parts_->catch_up.id_of(stanza);
                   parts_->catch_up.is_new(id)) {
            message(stanza);
            parts_->catch_up.took(id);  // on record with it, or after it
        }
    } else if (stanza.name() == "iq") {
        iq(stanza);
    } else if (stanza.name() == "presence") {
        presence(stanza);
    }
    if (parts_->incoming.open() >= kMostOpen) account_settle();
}

void AccountTransport::message(const Element& stanza) {
    const auto from = parse_jid(stanza.get("from"));
    // Our own words, come back from the archive or by another program of the account.
    if (!from.ok() || from->bare() == parts_->account || from->local().empty()) return;
    Chat chat = read_chat(stanza);
    if (parts_->outgoing.heard(*from, chat, stanza)) return;
    if (!chat.says_something() || chat.type == "groupchat") return;
    letter(stanza, std::move(chat), *from, parts_->catch_up.id_of(stanza));
}

void AccountTransport::letter(const Element& stanza, Chat chat, const Jid& from,
                              const std::string& archive_id) {
    const WallTime now = office_->clock().wall();
    const std::size_t before = chat.body.size();
    std::string handle = options_.person;
    if (shared() && parts_->gate.people.handle_of(Names::address_of_foreign(from)).empty()) {
        handle = for_whom(chat, from, parts_->talks, now);
        if (handle.empty()) return tell_how(stanza, from);
        if (!chat.encrypted && chat.says_something()) parts_->talks.heard(from, handle, now);
    }
    const bool cut = chat.body.size() != before;
    // Of our people what comes to a shared account is said to the gateway, as from a radio.
    const Address address = handle.empty() ? mailto("postmaster", parts_->names.box())
                                           : mailto(handle, parts_->names.box());
    const Jid to = parts_->names.jid_of(address);
    // Where his program names nothing that lasts, the archive does.
    if (chat.origin_id.empty() && chat.id.size() < kShortestUniqueId) chat.origin_id = archive_id;
    const Element hers = for_person(stanza, chat, to, cut);
    parts_->incoming.message(hers, std::move(chat), from, to);
}

void AccountTransport::tell_how(const Element& stanza, const Jid& from) {
    ++for_nobody_;
    const Asker asker{from, {}};
    const Catalogue& words = words_for(parts_->gate, asker, stanza.lang());
    if (auto error = error_to(stanza, said_in(words, kForWhom, "chat_error_for_whom")))
        send(std::move(*error));
    if (!parts_->talks.may_tell(from, office_->clock().wall())) return;
    send(Element("message")
             .set("type", "chat")
             .set("to", from.bare_text())
             .set("id", new_wire_id(from, office_->clock().wall(), office_->random()))
             .add(Element("body").set_text(
                 words.letter("chat_for_whom", {{"village", office_->village()}})))
             .add(Element("store", space::kHints)));
}

void AccountTransport::presence(const Element& stanza) {
    if (!shared() || stanza.get("type") != "subscribe") return;
    // That the village's account is there is no secret from who talks with somebody here. All
    // others wait for its operator, who sees them in any chat program.
    const auto from = parse_jid(stanza.get("from"));
    if (!from.ok() || !parts_->talks.knows(*from)) return;
    send(Element("presence").set("type", "subscribed").set("to", from->bare_text()));
}

void AccountTransport::iq(const Element& stanza) {
    const std::string_view type = stanza.get("type");
    if (type == "result" || type == "error") {
        if (!parts_->catch_up.answer(stanza)) parts_->outgoing.answer(stanza);
        return;
    }
    if (type == "get" && stanza.find("ping", space::kPing) != nullptr)
        return send(result_of(stanza));
    if (type == "get" && stanza.find("query", kDiscoInfo) != nullptr) {
        Element query("query", kDiscoInfo);
        query.add(Element("identity").set("category", "client").set("type", "handheld"));
        for (const std::string_view feature :
             {kDiscoInfo, space::kPing, space::kReceipts, space::kMarkers, space::kCorrect})
            query.add(Element("feature").set("var", feature));
        return send(result_of(stanza, std::move(query)));
    }
    if (auto error = error_to(stanza, kNoService)) send(std::move(*error));
}

void AccountTransport::account_passed_over(StanzaHead head) {
    if (auto answer = answer_passed_over(head)) send(std::move(*answer));
}

void AccountTransport::send(Element stanza) {
    (void)parts_->stream->send(parts_->dress.of_account(std::move(stanza)));
}

// Who said it is remembered before the first answer can come.
Sent AccountTransport::write(const Element& stanza) {
    const auto to = parse_jid(stanza.get("to"));
    const std::string handle = shared() ? parts_->dress.speaker(stanza) : std::string();
    if (to.ok() && !handle.empty() && parts_->gate.people.resident(handle))
        parts_->talks.sent(std::string(stanza.get("id")), handle, *to, office_->clock().wall());
    return parts_->stream->send(parts_->dress.of_account(stanza));
}

Sent AccountTransport::barrier(std::function<void(bool)> done) {
    return parts_->stream->barrier(std::move(done));
}

}  // namespace waypost::xmpp
