// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/outgoing.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "bridges/xmpp/message/chat.h"
#include "bridges/xmpp/message/delivery_stanzas.h"
#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/message/in_hand.h"
#include "bridges/xmpp/message/wire_id.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

using std::chrono::seconds;

// After so many letters without one there is a barrier, though another is still to be answered: a
// stream that dies again and again gets on by as many each time.
constexpr std::size_t kBatch = 32;
constexpr std::size_t kMostAhead = 4096;
constexpr std::size_t kMostIntroduced = 4096;  // pairs; after that it begins anew

// The server, or his, refused it before anything was reported.
Outcome refused(const StanzaError& error) {
    const bool later = error.type == "wait" || Far::is_unreachable(error.condition);
    return outcome(later ? Outcome::Kind::Retry : Outcome::Kind::Failed, error.condition,
                   error.text);
}

}  // namespace

struct Outgoing::State : std::enable_shared_from_this<State> {
    State(const Gate& the_gate, StanzaLine& the_line, FarOptions options)
        : gate(the_gate),
          office(the_gate.office),
          line(the_line),
          far(the_gate.names, options, the_gate.office.random()) {}

    // Outcomes and proofs are told with the mutex free.
    using Told = std::vector<std::function<void()>>;
    static void tell(const Told& told) {
        for (const auto& each : told) each();
    }
    void report(Told& told, const Letter& letter, Outcome how) {
        if (how.kind == Outcome::Kind::Sent || how.kind == Outcome::Kind::Delivered)
            ++counters.sent;
        told.push_back([&to = office, attempt = letter.delivery.attempt, how = std::move(how)] {
            to.report(attempt, how);
        });
    }

    void begin(std::uint64_t number, AttemptId attempt, const WireId& id);
    void begun(std::uint64_t number, bool go);
    void write_ready();
    Sent write(std::uint64_t number, Letter& letter);
    std::vector<Element> stanzas(const Letter& letter);
    void ask();
    struct Behind {
        std::uint64_t number = 0;  // of the last letter before it
        std::uint64_t wrote = 0;
        std::uint64_t stream = 0;
    };
    void confirmed(const Behind& behind, bool ok);
    void new_stream();
    void ask_far();
    void reached(Told& told, const Far::Answer& answer);
    void silent(Told& told, const Far::Answer& answer);
    void settle(Told& told, std::uint64_t number, Outcome how);
    void unreachable(Told& told, const std::string& domain, std::uint64_t number,
                     const std::string& condition);
    BoxTime now() const { return office.clock().box(); }

    const Gate& gate;
    Office& office;
    StanzaLine& line;
    ToRoom to_room;

    mutable std::mutex mutex;  // of all below
    Far far;
    InHand letters;
    std::set<std::string> far_domains;  // written to since they were last asked
    std::set<std::string> introduced;
    OutgoingCounters counters;
    std::uint64_t streams = 0;  // how many there were, with this one
    std::size_t barriers = 0;   // on their way in this one
    std::size_t unasked = 0;    // letters written since the last of them
    // A stream begins slowly, or one that dies early would carry all that may be on its way and
    // learn of none of it, again and again.
    std::uint64_t wrote = 0,
                  taken = 0;     // letters in this stream, and those behind which it answered
    std::size_t ahead = kBatch;  // letters beyond these; twice as many after each answer
    bool up = false;
    bool full = false;
    bool closed = false;  // gone: nothing is written or begun any more
};

Outgoing::Outgoing(const Gate& gate, StanzaLine& line, FarOptions far)
    : state_(std::make_shared<State>(gate, line, far)) {}

Outgoing::~Outgoing() {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
}

void Outgoing::set_rooms(ToRoom to_room) { state_->to_room = std::move(to_room); }

void Outgoing::deliver(Delivery delivery) {
    State& s = *state_;
    const AttemptId attempt = delivery.attempt;
    const auto turn_away = [&](Outcome how) { s.office.report(attempt, std::move(how)); };
    auto to = Names::jid_of_foreign(delivery.to);
    if (!to.ok())
        return turn_away(outcome(Outcome::Kind::Failed, "jid-malformed", to.error().text));
    if (speaker_of(delivery, s.gate.names).empty())
        return turn_away(outcome(Outcome::Kind::Failed, "jid-malformed",
                                 "the sender's address cannot be written in XMPP"));
    Letter letter;
    letter.to = to->bare();
    letter.far = s.far.is_far(letter.to.domain());
    letter.id = delivery.wire_id && is_wire_id_for(*delivery.wire_id, letter.to)
                    ? *delivery.wire_id
                    : new_wire_id(letter.to, s.office.clock().wall(), s.office.random());
    // May have left before, by an attempt that nobody answered.
    letter.written = delivery.wire_id && letter.id == *delivery.wire_id;
    if (delivery.text.empty() && delivery.body_network == "xmpp")
        letter.link = link_of_original(s.office, delivery.body);
    letter.delivery = std::move(delivery);
    const WireId id = letter.id;
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(s.mutex);
        const auto pause = s.far.pause(letter.to.domain(), s.now());
        if (s.closed || pause) {
            Outcome not_yet = outcome(Outcome::Kind::NotTried, s.closed ? "closed" : "no-server",
                                      s.closed ? "" : letter.to.domain() + " is not reached");
            not_yet.retry_after = pause;
            return turn_away(std::move(not_yet));
        }
        number = s.letters.add(std::move(letter));
        if (!s.up) return;  // begun when there is a stream, so that it can still be called off
        s.letters.find(number)->state = Letter::State::Beginning;
    }
    s.begin(number, attempt, id);
}

// On record before the first byte. The office answers in the order of the questions.
void Outgoing::State::begin(std::uint64_t number, AttemptId attempt, const WireId& id) {
    office.begin(attempt, id,
                 [self = shared_from_this(), number](bool go) { self->begun(number, go); });
}

void Outgoing::State::begun(std::uint64_t number, bool go) {
    const std::lock_guard lock(mutex);
    Letter* letter = letters.find(number);
    if (letter == nullptr) return;
    if (go) {
        letter->state = Letter::State::Ready;
    } else {
        letters.erase(number);
    }
    write_ready();
}

// With the mutex, as all below. In their order: one that is not begun yet holds up those behind it.
void Outgoing::State::write_ready() {
    if (!up || full || closed) return;
    bool any = false;
    while (wrote - taken < ahead) {
        const auto number = letters.next_to_write();
        if (!number) break;
        Letter& letter = *letters.find(*number);
        if (letter.state != Letter::State::Ready) break;
        const Sent sent = write(*number, letter);
        full = sent == Sent::Full;
        if (sent != Sent::Queued) break;
        any = true;
        ++wrote;
        if (++unasked >= kBatch) ask();
    }
    if (!any) return;
    if (barriers == 0) ask();
    ask_far();
}

Sent Outgoing::State::write(std::uint64_t number, Letter& letter) {
    bool begins = letter.rest.empty();
    if (begins) {
        auto all = stanzas(letter);
        letter.rest.assign(std::make_move_iterator(all.begin()),
                           std::make_move_iterator(all.end()));
    }
    while (!letter.rest.empty()) {
        const Sent sent = line.write(letter.rest.front());
        if (sent != Sent::Queued) {
            if (begins) letter.rest.clear();
            return sent;
        }
        letter.rest.pop_front();
        if (std::exchange(begins, false) && std::exchange(letter.written, true)) ++counters.repeats;
    }
    letter.state = Letter::State::Written;
    letters.wrote(number);
    if (letter.far) far_domains.insert(letter.to.domain());
    return Sent::Queued;
}

std::vector<Element> Outgoing::State::stanzas(const Letter& letter) {
    const Delivery& delivery = letter.delivery;
    bool introduce = false;
    if (!delivery.automatic && !delivery.report && !delivery.list) {
        if (introduced.size() >= kMostIntroduced) introduced.clear();
        introduce =
            introduced.insert(short_hash(delivery.from.uri() + '\n' + letter.to.bare_text()))
                .second;
    }
    auto all = stanzas_of({delivery, letter.id, letter.to, letter.link, introduce}, gate.names,
                          office.clock().wall());
    if (!delivery.list || !to_room) return all;
    auto in_room = to_room(delivery, letter.id, all);
    return in_room.empty() ? all : in_room;
}

void Outgoing::State::ask() {
    const Behind behind{letters.last_written(), wrote, streams};
    const Sent asked =
        line.barrier([self = shared_from_this(), behind](bool ok) { self->confirmed(behind, ok); });
    if (asked != Sent::Queued) return;  // stream_down() comes next
    ++barriers;
    unasked = 0;
}

// On the stream's thread.
void Outgoing::State::confirmed(const Behind& behind, bool ok) {
    Told told;
    {
        const std::lock_guard lock(mutex);
        if (!ok || behind.stream != streams) return;  // that stream is gone
        --barriers;
        taken = std::max(taken, behind.wrote);
        ahead = std::min(2 * ahead, kMostAhead);
        for (const std::uint64_t number : letters.written_up_to(behind.number)) {
            Letter& letter = *letters.find(number);
            if (letter.far && !letter.refused) {
                letter.state = Letter::State::Taken;
                continue;
            }
            settle(told, number, outcome(Outcome::Kind::Sent, "taken"));
        }
        if (barriers == 0 && unasked > 0) ask();
        write_ready();
    }
    tell(told);
}

void Outgoing::State::new_stream() {
    full = false;
    ++streams;
    barriers = unasked = 0;
    wrote = taken = 0;
    ahead = kBatch;
}

void Outgoing::State::settle(Told& told, std::uint64_t number, Outcome how) {
    const Letter& letter = *letters.find(number);
    report(told, letter, letter.refused ? refused(*letter.refused) : std::move(how));
    letters.erase(number);
}

void Outgoing::State::ask_far() {
    for (auto domain = far_domains.begin(); domain != far_domains.end();) {
        const auto ping = far.ask(*domain, letters.last_written(), now());
        if (ping) line.write(*ping);  // if it is lost, silent() says so
        domain = ping ? far_domains.erase(domain) : std::next(domain);
    }
}

void Outgoing::State::reached(Told& told, const Far::Answer& answer) {
    for (const std::uint64_t number : letters.on_the_way_to(answer.domain, answer.number))
        settle(told, number, outcome(Outcome::Kind::Sent, "taken", "his server answers"));
}

void Outgoing::State::unreachable(Told& told, const std::string& domain, std::uint64_t number,
                                  const std::string& condition) {
    for (const std::uint64_t each : letters.on_the_way_to(domain, number)) {
        Outcome again = outcome(Outcome::Kind::Retry, condition, domain + " is not reached");
        again.retry_after = far.pause(domain, now());
        settle(told, each, std::move(again));
    }
}

// Our server has them and has not said that they failed.
void Outgoing::State::silent(Told& told, const Far::Answer& answer) {
    for (const std::uint64_t number : letters.on_the_way_to(answer.domain, answer.number)) {
        if (letters.find(number)->state == Letter::State::Taken)
            settle(told, number,
                   outcome(Outcome::Kind::Sent, "taken", "his server has not answered"));
    }
}

void Outgoing::stream_up() {
    State& s = *state_;
    std::vector<std::tuple<std::uint64_t, AttemptId, WireId>> fresh;
    {
        const std::lock_guard lock(s.mutex);
        s.up = true;
        s.new_stream();
        for (const std::string& domain : s.letters.domains_of_taken()) s.far_domains.insert(domain);
        s.write_ready();
        s.ask_far();
        for (const std::uint64_t number : s.letters.not_begun()) {
            Letter& letter = *s.letters.find(number);
            letter.state = Letter::State::Beginning;
            fresh.emplace_back(number, letter.delivery.attempt, letter.id);
        }
    }
    for (const auto& [number, attempt, id] : fresh) s.begin(number, attempt, id);
}

void Outgoing::stream_down() {
    const std::lock_guard lock(state_->mutex);
    state_->up = false;
    state_->new_stream();
    state_->far.forget_pings();
    state_->letters.write_again();
}

void Outgoing::room() {
    const std::lock_guard lock(state_->mutex);
    state_->full = false;
    state_->write_ready();
}

void Outgoing::tick() {
    State& s = *state_;
    State::Told told;
    {
        const std::lock_guard lock(s.mutex);
        for (const Far::Answer& answer : s.far.silent(s.now())) s.silent(told, answer);
        if (s.up) s.ask_far();
    }
    State::tell(told);
}

bool Outgoing::heard(const Jid& from, const Chat& chat, const Element& stanza) {
    if (chat.type == "error") {
        error(from, chat.id, read_error(stanza));
        return true;
    }
    if (!chat.received.empty()) received(from, chat.received);
    if (!chat.displayed.empty()) displayed(from, chat.displayed);
    return false;
}

bool Outgoing::error(const Jid& from, const std::string& id, const StanzaError& error) {
    State& s = *state_;
    if (!is_wire_id_for(id, from)) {
        const std::lock_guard lock(s.mutex);
        ++s.counters.strange;
        return false;
    }
    State::Told told;
    {
        const std::lock_guard lock(s.mutex);
        ++s.counters.bounced;
        const auto number = s.letters.number_of(id);
        Letter* letter = number ? s.letters.find(*number) : nullptr;
        if (letter != nullptr && letter->far && Far::is_unreachable(error.condition)) {
            s.far.failed(from.domain(), s.now());
            s.unreachable(told, from.domain(), *number, error.condition);
        } else if (letter != nullptr) {
            letter->refused = error;
            if (letter->state == Letter::State::Taken) s.settle(told, *number, {});
        } else {
            told.push_back([&] {
                s.office.proof(
                    s.gate.transport, id,
                    {Proof::Kind::Bounced, ProofClass::Reported, error.condition, error.text, {}});
            });
        }
    }
    State::tell(told);
    return true;
}

void Outgoing::received(const Jid& from, const std::vector<std::string>& ids) {
    mark(from, ids, Proof::Kind::Delivered);
}

void Outgoing::displayed(const Jid& from, const std::vector<std::string>& ids) {
    mark(from, ids, Proof::Kind::Read);
}

// He has it, which is more than a server's word.
void Outgoing::mark(const Jid& from, const std::vector<std::string>& ids, Proof::Kind kind) {
    State& s = *state_;
    State::Told told;
    {
        const std::lock_guard lock(s.mutex);
        for (const std::string& id : ids) {
            if (!is_wire_id_for(id, from)) {
                ++s.counters.strange;
                continue;
            }
            ++s.counters.receipts;
            const auto number = s.letters.number_of(id);
            // Of one that is half written the rest still goes.
            if (number && s.letters.find(*number)->rest.empty()) {
                s.letters.find(*number)->refused.reset();
                s.settle(told, *number, outcome(Outcome::Kind::Delivered, "receipt"));
                if (kind == Proof::Kind::Delivered) continue;
            }
            told.push_back([&s, id, kind] {
                s.office.proof(s.gate.transport, id,
                               {kind, ProofClass::Reported, "receipt", {}, {}});
            });
        }
    }
    State::tell(told);
}

bool Outgoing::answer(const Element& iq) {
    State& s = *state_;
    State::Told told;
    {
        const std::lock_guard lock(s.mutex);
        const auto answer = s.far.answer(iq, s.now());
        if (!answer) return false;
        if (answer->reached) {
            s.reached(told, *answer);
        } else {
            s.unreachable(told, answer->domain, answer->number, answer->condition);
        }
        s.ask_far();
    }
    State::tell(told);
    return true;
}

void Outgoing::give_back() {
    State& s = *state_;
    State::Told told;
    {
        const std::lock_guard lock(s.mutex);
        s.closed = true;
        for (const std::uint64_t number : s.letters.all()) {
            const Letter& letter = *s.letters.find(number);
            const bool taken = letter.state == Letter::State::Taken;
            const auto kind = taken            ? Outcome::Kind::Sent
                              : letter.written ? Outcome::Kind::Unknown
                                               : Outcome::Kind::NotTried;
            s.report(told, letter, outcome(kind, taken ? "taken" : "closed"));
            s.letters.erase(number);
        }
    }
    State::tell(told);
}

OutgoingCounters Outgoing::counters() const {
    const std::lock_guard lock(state_->mutex);
    OutgoingCounters counters = state_->counters;
    counters.waiting = state_->letters.size();
    return counters;
}

}  // namespace waypost::xmpp
