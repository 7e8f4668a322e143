// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/incoming.h"

#include <cstdlib>
#include <utility>

#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/message/wire_id.h"
#include "gateway/base/encoding.h"
#include "gateway/base/log.h"

namespace waypost::xmpp {
namespace {

constexpr char kTold[] = "encrypted/";  // pairs that were told
constexpr std::int64_t kToldForMs = std::int64_t{90} * 24 * 3600 * 1000;
constexpr BucketSize kExplanations{2, 6};  // at once, an hour; to one account
constexpr BucketSize kSealedTold{20, 1};   // the same, of encrypted chats, to all of a domain
const StanzaError kTooBusy{"wait", "resource-constraint", "too much waits here: try again later"};
const StanzaError kSealed{"modify", "not-acceptable",
                          "encrypted: this post office cannot read it; write without encryption"};
const StanzaError kNobody{"cancel", "item-not-found", "this is no address here"};
const StanzaError kCommandsAreOurs{"auth", "forbidden", "write to a person here, or to a group"};

Element receipt_for(const Element& head) {
    return Element("message")
        .set("type", "chat")
        .set("from", head.get("to"))
        .set("to", head.get("from"))
        .add(Element("received", space::kReceipts).set("id", head.get("id")));
}

}  // namespace

struct Incoming::Open {
    Open(StanzaOut& out, Busy on_busy, std::size_t the_most)
        : outlet(out), busy(std::move(on_busy)), most(the_most) {}

    // From the limit on nothing is read until half of it is done.
    void add() {
        if (++count >= most) look();
    }
    void done() {
        if (--count <= most / 2 && paused) look();
    }
    // By the count of now, whoever comes first.
    void look() {
        const std::lock_guard lock(mutex);
        const bool full = paused ? count > most / 2 : count >= most;
        if (!closed && paused.exchange(full) != full) busy(full);
    }

    Outlet outlet;
    std::atomic<std::size_t> count{0};
    std::atomic<std::uint64_t> taken{0}, refused{0}, encrypted{0}, strange{0};
    std::mutex mutex;  // of `busy`, which is called under it, and `closed`
    const Busy busy;
    std::atomic<bool> paused{false};
    bool closed = false;
    const std::size_t most;
    std::mutex alive;  // held by callbacks that use the Incoming itself
    bool gone = false;
};

Incoming::Incoming(const Gate& gate, IncomingOptions options, Busy busy)
    : gate_(gate),
      options_(std::move(options)),
      open_(std::make_shared<Open>(gate.out, std::move(busy), options_.most_open)),
      files_(gate, options_.files,
             [this](Said said, const FetchedFile* file, std::function<void()> done) {
                 hand(std::move(said), file, std::move(done));
             }),
      explained_(kExplanations),
      sealed_(kSealedTold) {}

Incoming::~Incoming() { stop(); }

void Incoming::start() {
    forget_old_answers();
    files_.start();
}

void Incoming::forget_old_answers() {
    const std::int64_t now_ms = to_ms(gate_.office.clock().wall());
    for (const auto& [key, told] : gate_.state.with_prefix(kTold)) {
        const std::int64_t told_ms = std::strtoll(told.c_str(), nullptr, 10);
        if (now_ms - told_ms >= kToldForMs) gate_.state.erase(key);
    }
}

void Incoming::stop() {
    files_.stop();
    open_->outlet.close();
    {
        const std::lock_guard lock(open_->mutex);
        open_->closed = true;
    }
    const std::lock_guard lock(open_->alive);
    open_->gone = true;
}

void Incoming::refuse(const Element& stanza, const StanzaError& error) {
    ++open_->refused;
    if (auto answer = error_to(stanza, error)) open_->outlet.send(std::move(*answer));
}

void Incoming::refuse(const Asker& asker, const Element& stanza, const StanzaError& error,
                      const char* letter) {
    refuse(stanza, said_in(words_for(gate_, asker, stanza.lang()), error, letter));
}

// The server stamps the sender and knows whom we are: what says otherwise is a lie or a loop, and
// an answer would come back here.
bool Incoming::strange(const Jid& from, const Jid& to) {
    if (!from.empty() && !gate_.names.is_ours(from) && gate_.names.is_ours(to)) return false;
    if (++open_->strange == 1)
        log(Level::Warning, "xmpp", "strange-sender", {{"from", shorten(from.text())}});
    return true;
}

void Incoming::message(const Element& stanza, Chat chat, const Jid& from, const Jid& to) {
    if (strange(from, to)) return;
    const Asker asker = asker_of(gate_, from);
    Said said{stanza, std::move(chat), from, to};
    if (said.chat.encrypted) return answer_encrypted(said, asker);
    const Target target = target_of(gate_.names, to);
    if (target.kind == Target::Kind::Nobody) return refuse(stanza, kNobody);
    if (target.kind == Target::Kind::Gateway && !asker.resident()) return answer_front(said, asker);
    if (!attach_first(said, asker)) {
        const bool fetch = files_.wants(said.chat) && files_.may_fetch(said);
        to_custody(std::move(said), fetch);
    }
}

// A person's own account that the gateway has not seen before: what it says counts as his from the
// first word.
bool Incoming::attach_first(Said& said, const Asker& asker) {
    const std::string account = said.from.bare_text();
    {
        const std::lock_guard lock(mutex_);
        const bool waits = attaching_.count(account) > 0;
        if (!waits && (!asker.resident() || gate_.names.handle_of_account(said.from).empty() ||
                       !gate_.people.handle_of(asker.address()).empty()))
            return false;
        open_->add();  // each of them, until it is passed on
        attaching_[account].push_back(std::move(said));
        if (waits) return true;
    }
    gate_.people.attach(asker.handle, asker.address(),
                        [this, open = open_, account](const Result<void>&) {
                            const std::lock_guard lock(open->alive);
                            if (!open->gone) attached(account);
                        });
    return true;
}

// It is his now, or the gateway says that it is somebody else's and treats it so. What comes
// meanwhile still goes behind what waits. On the store's writer thread, which reads no disk: what a
// stranger may have fetched is looked at later.
void Incoming::attached(const std::string& account) {
    for (;;) {
        std::vector<Said> all;
        {
            const std::lock_guard lock(mutex_);
            const auto waits = attaching_.find(account);
            if (waits == attaching_.end()) return;
            if (waits->second.empty()) {
                attaching_.erase(waits);
                return;
            }
            all.swap(waits->second);
        }
        for (Said& said : all) {
            const bool fetch = files_.wants(said.chat);
            to_custody(std::move(said), fetch);
            open_->done();
        }
    }
}

void Incoming::to_custody(Said said, bool fetch) {
    const bool waits = fetch || files_.holds(said.from);
    if (!waits) return hand(std::move(said), nullptr, {});
    const Element head = head_of(said.stanza);
    const Asker asker = asker_of(gate_, said.from);
    if (!files_.take(std::move(said))) refuse(asker, head, kTooBusy, "chat_error_later");
}

void Incoming::hand(Said said, const FetchedFile* file, std::function<void()> done) {
    const Asker asker = asker_of(gate_, said.from);
    const Target target = target_of(gate_.names, said.to);
    Message message = message_of(gate_, asker, said, target, file);
    if (target.kind != Target::Kind::Gateway) message.to = {target.address};
    const Catalogue& words = words_for(gate_, asker, said.stanza.lang());
    // What is said to the gateway has arrived; of everything else its recipient's machine tells.
    const bool receipt = target.kind == Target::Kind::Gateway && said.chat.wants_receipt;
    open_->add();
    gate_.office.accept(std::move(message),
                        [open = open_, head = head_of(said.stanza), receipt, &words,
                         done = std::move(done)](const std::vector<Verdict>& verdicts) {
                            for (const Verdict& verdict : verdicts) {
                                if (verdict.kept()) {
                                    ++open->taken;
                                    if (receipt) open->outlet.send(receipt_for(head));
                                    continue;
                                }
                                ++open->refused;
                                if (auto answer = error_to(head, stanza_error(verdict, words)))
                                    open->outlet.send(std::move(*answer));
                            }
                            if (done) done();
                            open->done();
                        });
}

// Nothing of it goes on. His program marks each as not sent; in words he is told once, by those who
// are here.
void Incoming::answer_encrypted(const Said& said, const Asker& asker) {
    ++open_->encrypted;
    refuse(asker, said.stanza, kSealed, "chat_error_sealed");
    const Target target = target_of(gate_.names, said.to);
    const bool person = target.kind == Target::Kind::Person;
    const bool here = person ? gate_.people.resident(target.handle).has_value() ||
                                   gate_.people.group(target.handle).has_value()
                             : target.kind == Target::Kind::Gateway;
    if (!here) return;
    const std::string key = kTold + short_hash(said.from.bare_text() + '\n' + said.to.bare_text());
    const BoxTime now = gate_.office.clock().box();
    if (gate_.state.get(key) || !explained_.may_ask(said.from.bare_text(), now) ||
        !sealed_.may_ask(said.from.domain(), now))
        return;
    gate_.state.put(key, std::to_string(to_ms(gate_.office.clock().wall())));
    const std::string who = person ? target.handle : said.to.bare_text();
    const Catalogue& words = words_for(gate_, asker, said.stanza.lang());
    open_->outlet.send(
        Element("message")
            .set("type", "chat")
            .set("from", said.to.bare_text())
            .set("to", said.from.bare_text())
            .set("id", new_wire_id(said.from, gate_.office.clock().wall(), gate_.office.random()))
            .add(Element("body").set_text(words.letter("chat_encrypted", {{"who", who}})))
            .add(Element("store", space::kHints)));
}

void Incoming::answer_front(const Said& said, const Asker& asker) {
    if (!explained_.may_ask(said.from.bare_text(), gate_.office.clock().box()))
        return refuse(asker, said.stanza, kCommandsAreOurs, "chat_error_here");
    const Catalogue& words = words_for(gate_, asker, said.stanza.lang());
    open_->outlet.send(
        Element("message")
            .set("type", "chat")
            .set("from", said.to.bare_text())
            .set("to", said.from.bare_text())
            .set("id", new_wire_id(said.from, gate_.office.clock().wall(), gate_.office.random()))
            .add(Element("body").set_text(words.letter(
                "chat_front",
                {{"village", gate_.office.village()}, {"domain", gate_.names.component()}}))));
}

IncomingCounters Incoming::counters() const {
    return {open_->taken,   open_->refused, open_->encrypted,
            open_->strange, open_->count,   files_.waiting()};
}

std::size_t Incoming::open() const { return open_->count; }

}  // namespace waypost::xmpp
