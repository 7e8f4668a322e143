// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/office.h"

#include <algorithm>

#include "gateway/base/crash_point.h"
#include "gateway/base/log.h"
#include "gateway/conversation/executor.h"
#include "gateway/conversation/forget_outsider.h"
#include "gateway/custody/attempts.h"
#include "gateway/custody/check_in.h"
#include "gateway/custody/neighbour_alarm.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/retract.h"
#include "gateway/custody/return_path.h"
#include "gateway/custody/stolen.h"
#include "gateway/delivery/care_door.h"
#include "gateway/delivery/on_record.h"
#include "gateway/message/care_text.h"
#include "gateway/message/text.h"
#include "gateway/people/reply_token.h"

namespace waypost {

// One hand-over on its way through the writer; its job may run twice and starts afresh each time.
struct GatewayOffice::Work {
    Letter letter;
    std::vector<Verdict> looked;  // per recipient, from the caller's thread
    std::vector<Verdict> verdicts;
    Effects effects;
    bool room = true;     // on the disk, for something new
    bool letters = true;  // false: it was only a report, and is on record as one

    bool said_to_us() const { return letter.message.to.empty(); }
    bool took_the_body() const {
        return letters && std::any_of(verdicts.begin(), verdicts.end(), [](const Verdict& v) {
                   return v.kind == Verdict::Kind::Accepted;
               });
    }

    void run(store::Tables& tables, const Box& box) {
        effects = {};
        Ledger ledger(tables, box, effects);
        if (const auto refused = from_stolen(ledger, letter.message)) {
            verdicts.assign(std::max<std::size_t>(letter.message.to.size(), 1), *refused);
            letters = false;
            return;
        }
        if (said_to_us()) {
            verdicts = {Executor(ledger, letter.message, room).run()};
            return;
        }
        // A mail that he wrote himself: he is alive.
        if (!letter.owner.empty() && !letter.message.automatic &&
            letter.message.network != "local") {
            sign_of_life(ledger, letter.owner);
        }
        verdicts = looked;
        Letter admitted = letter;
        admitted.message.to.clear();
        admitted.routes.clear();
        admitted.message.wishes.clear();
        std::vector<std::size_t> places;
        const bool heard = std::any_of(looked.begin(), looked.end(),
                                       [](const Verdict& verdict) { return verdict.kept(); });
        const bool known = heard && letter.message.fate && take_report(ledger, letter.message, {});
        for (std::size_t i = 0; i < looked.size(); ++i) {
            if (!looked[i].kept() || known) continue;
            if (letter.routes[i].kind == Route::Kind::Alarm) {
                verdicts[i] = take_neighbour_alarm(ledger, letter.message);
                continue;
            }
            if (letter.routes[i].kind == Route::Kind::Forget) {
                verdicts[i] = forget_outsider(ledger, letter.message);
                continue;
            }
            // One that told by id, of a message that this box does not remember.
            if (letter.routes[i].kind == Route::Kind::Report && letter.routes[i].token.empty())
                continue;
            if (const auto named = reported_on(box, letter.routes[i])) {
                if (!letter.message.fate && !letter.message.automatic) {
                    verdicts[i] = {Verdict::Kind::Refused, Verdict::Reason::NotAllowed,
                                   "only reports come here: write to who wrote to you", 0};
                    continue;
                }
                take_report(ledger, letter.message, named);
                continue;
            }
            admitted.message.to.push_back(letter.message.to[i]);
            admitted.routes.push_back(letter.routes[i]);
            admitted.message.wishes.push_back(
                i < letter.message.wishes.size() ? letter.message.wishes[i] : Wish{});
            places.push_back(i);
        }
        letters = !places.empty();
        if (!letters) return;
        const Taken taken = take_letter(ledger, admitted);
        for (std::size_t i = 0; i < places.size(); ++i) verdicts[places[i]] = taken.verdicts[i];
    }
};

GatewayOffice::GatewayOffice(Box& box) : box_(box), dispatcher_(box, transports_) {
    box_.groups = &groups_;
}
GatewayOffice::~GatewayOffice() { stop(); }

Verdict GatewayOffice::check(const Sender& sender, const Address& recipient, std::size_t bytes) {
    if (!room_on_disk()) {
        return {Verdict::Kind::Later, Verdict::Reason::StorageFull, "no room on this box", 0};
    }
    if (is_care(recipient)) return {};
    const auto people = box_.directory.get();
    const Route route = box_.router.route(recipient, *people);
    // Who writes from inside proves it with the mail itself: intake decides about him.
    const bool outsider = !sender.trusted && !box_.router.ours(sender.address) &&
                          people->person_of(sender.address) == nullptr;
    if (outsider && is_minor(box_, route.owner)) return no_outsiders();
    const Verdict seen = look(box_, route, sender.trusted, recipient, bytes);
    if (!seen.kept() || !is_for_neighbours(route)) return seen;
    if (box_.neighbours.speaker(sender.address) != nullptr) return seen;
    // A box that says something by itself gives no return path; its From is looked at then.
    if (route.kind == Route::Kind::Forget && sender.address.empty()) return seen;
    return for_neighbours_only(route.kind);
}

// Who writes from inside: a known radio, or a villager by mail or chat. Anybody can write a From,
// so one with a domain counts only where somebody vouches for it.
std::string GatewayOffice::owner_of(const Message& message, const Directory& people) const {
    const bool by_domain = !message.from.domain().empty();
    if (by_domain && !message.submitted && !message.verified_sender && message.network != "local") {
        return {};
    }
    if (people.person_of(message.from) != nullptr || people.endpoint(message.from) != nullptr) {
        return people.owner_of(message.from);
    }
    if (!box_.router.ours(message.from)) return {};
    const std::string handle(message.from.local_part());
    const Person* person = people.find(handle);
    return person != nullptr && person->row.approved ? handle : std::string();
}

// A neighbour's box says what became of a message of ours, which it names by its id alone.
bool GatewayOffice::tells_by_id(const Route& route, const Message& message) const {
    return route.kind == Route::Kind::Report && route.token.empty() && message.fate &&
           !message.fate->wire_id.empty() && box_.neighbours.at(message.peer) != nullptr;
}

bool GatewayOffice::is_care(const Address& to) const {
    return care_ != nullptr && box_.router.ours(to) &&
           lower_ascii(split_plus(to.local_part()).first) == kCareName && care_->is_open();
}

void GatewayOffice::accept(Message message, OnVerdicts on_verdicts) {
    crash_point(CrashPoint::Handed);
    note_came(message.transport);
    const std::size_t answers = std::max<std::size_t>(message.to.size(), 1);
    auto work = std::make_shared<Work>();
    work->room = room_on_disk();
    if (!work->room && !message.to.empty()) {
        const Verdict full{Verdict::Kind::Later, Verdict::Reason::StorageFull,
                           "no room on this box", 0};
        box_.store.bodies().remove(message.body.file);
        return on_verdicts(std::vector<Verdict>(answers, full));
    }
    if (const Judged judged = judge_neighbour(box_, message); judged.refused) {
        note_refused(judged, message);
        box_.store.bodies().remove(message.body.file);
        return on_verdicts(std::vector<Verdict>(answers, *judged.refused));
    }
    if (message.to.size() == 1 && is_care(message.to.front())) {
        box_.store.bodies().remove(message.body.file);
        return care_->take(std::move(message), std::move(on_verdicts));
    }
    const auto people = box_.directory.get();
    const std::uint64_t bytes = std::max<std::uint64_t>(message.body.size, message.text.size());
    for (const Address& to : message.to) {
        work->letter.routes.push_back(box_.router.route(to, *people));
        const Route& route = work->letter.routes.back();
        work->looked.push_back(tells_by_id(route, message)
                                   ? Verdict{}
                                   : look(box_, route, message.trusted, to, bytes));
    }
    work->letter.owner = owner_of(message, *people);
    message.from_name = clean_name(message.from_name);
    message.subject = clean_title(message.subject);
    work->letter.message = std::move(message);
    box_.store.writer().submit(
        [this, work](store::Tables& tables) { work->run(tables, box_); },
        [this, work, answers, on_verdicts = std::move(on_verdicts)](const Result<void>& stored) {
            note_store(stored);
            if (!stored.ok()) {
                const auto reason = stored.error().code == Code::Full ? Verdict::Reason::StorageFull
                                                                      : Verdict::Reason::Busy;
                return on_verdicts(std::vector<Verdict>(
                    answers, Verdict{Verdict::Kind::Later, reason, "the store failed", 0}));
            }
            // A repeat or a refused one: nothing in the store names its file.
            if (!work->took_the_body()) box_.store.bodies().remove(work->letter.message.body.file);
            on_verdicts(work->verdicts);
            follow(work->effects);
        });
}

// Of each neighbour at most once a minute: a forger must not cost a write for each mail.
void GatewayOffice::note_refused(const Judged& judged, const Message& message) {
    const store::Ms now = box_.box_ms();
    {
        const std::lock_guard lock(mutex_);
        store::Ms& last = refused_box_ms_.try_emplace(judged.neighbour, 0).first->second;
        if (last != 0 && now - last < milliseconds(std::chrono::minutes(1)).count()) return;
        last = now;
    }
    const std::string what = "refused a mail from " + message.from.value +
                             (message.peer.empty() ? "" : " by way of " + message.peer) + ": " +
                             judged.refused->text;
    box_.store.writer().submit(
        [this, neighbour = judged.neighbour, what](store::Tables& tables) {
            note_problem(tables, box_.wall_ms(), neighbour, what);
        },
        {});
}

std::unique_ptr<BodyWriter> GatewayOffice::new_body() { return box_.store.bodies().make(); }

Result<std::unique_ptr<std::istream>> GatewayOffice::open_body(const Body& body) {
    return box_.store.bodies().open(body);
}

void GatewayOffice::begin(AttemptId attempt, WireId wire_id,
                          std::function<void(bool)> on_committed) {
    auto begun = std::make_shared<bool>(false);
    const TransportId transport = dispatcher_.transport_of(attempt.delivery);
    const Shown shown = dispatcher_.shown(attempt.delivery);
    box_.store.writer().submit(
        [=, this](store::Tables& tables) {
            Effects effects;
            Ledger ledger(tables, box_, effects);
            *begun = begin_attempt(ledger, attempt, transport, wire_id, shown);
        },
        [=, this, on_committed = std::move(on_committed)](const Result<void>& stored) {
            const bool go = stored.ok() && *begun;
            if (go) crash_point(CrashPoint::AttemptBegun);
            if (!go) dispatcher_.release(attempt.delivery, stored.ok());
            on_committed(go);
        });
}

void GatewayOffice::report(AttemptId attempt, Outcome outcome) {
    crash_point(CrashPoint::OutcomeKnown);
    auto effects = std::make_shared<Effects>();
    auto shared = std::make_shared<Outcome>(std::move(outcome));
    box_.store.writer().submit(
        [=, this](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            end_attempt(ledger, attempt, *shared);
        },
        [=, this](const Result<void>& stored) {
            if (!stored.ok()) {
                // The bytes have left; forgetting that would send them twice. Written later.
                const std::lock_guard lock(mutex_);
                unwritten_.emplace_back(attempt, *shared);
                return;
            }
            dispatcher_.spent(attempt.delivery, *shared);
            dispatcher_.release(attempt.delivery);
            follow(*effects);
        });
}

void GatewayOffice::proof(const TransportId& transport, const WireId& wire_id, Proof proof,
                          std::function<void(bool)> on_disk) {
    note_came(transport);
    submit(
        [=](Ledger& ledger) {
            prove(ledger, transport, wire_id, proof);
            return false;
        },
        {}, std::move(on_disk));
}

void GatewayOffice::retract(const TransportId& transport, MessageId message,
                            std::function<void(bool)> on_disk) {
    submit(
        [=](Ledger& ledger) {
            waypost::retract(ledger, transport, message);
            return false;
        },
        {}, std::move(on_disk));
}

void GatewayOffice::note_came(const TransportId& transport) {
    const std::lock_guard lock(mutex_);
    came_ms_[transport] = box_.wall_ms();
}

store::Ms GatewayOffice::last_heard(const TransportId& transport) const {
    const std::lock_guard lock(mutex_);
    const auto found = came_ms_.find(transport);
    return found == came_ms_.end() ? 0 : found->second;
}

void GatewayOffice::wake(const TransportId& id) {
    if (const auto transport = transports_.find(id)) dispatcher_.wake(transport->network());
}

Result<void> GatewayOffice::change(const std::function<void(Ledger&)>& work,
                                   const std::function<bool()>& made) {
    Effects effects;
    OnRecord* const by = OnRecord::waiting();
    bool noted = false;
    const Result<void> stored = box_.store.writer().run([&](store::Tables& tables) {
        effects = {};
        Ledger ledger(tables, box_, effects);
        work(ledger);
        noted = by != nullptr && (!made || made());
        if (!noted) return;
        store::AuditRow act = by->act();
        act.at_ms = ledger.now();
        tables.console.add_audit(act);
    });
    if (stored.ok() && noted) by->is_written();
    if (stored.ok()) follow(effects);
    return stored;
}

void GatewayOffice::submit_change(std::function<void(Ledger&)> work,
                                  std::function<void(bool)> on_disk) {
    submit(
        [work = std::move(work)](Ledger& ledger) {
            work(ledger);
            return false;
        },
        {}, std::move(on_disk));
}

void GatewayOffice::submit(std::function<void(Ledger&)> work) {
    submit(
        [work = std::move(work)](Ledger& ledger) {
            work(ledger);
            return false;
        },
        {});
}

void GatewayOffice::submit(std::function<bool(Ledger&)> work, std::function<void()> next,
                           std::function<void(bool)> on_disk) {
    struct Ran {
        Effects effects;
        bool more = false;
    };
    auto ran = std::make_shared<Ran>();
    box_.store.writer().submit(
        [this, ran, work = std::move(work)](store::Tables& tables) {
            *ran = {};
            Ledger ledger(tables, box_, ran->effects);
            ran->more = work(ledger);
        },
        [this, ran, next = std::move(next),
         on_disk = std::move(on_disk)](const Result<void>& stored) {
            if (stored.ok()) follow(ran->effects);
            if (on_disk) on_disk(stored.ok());
            if (stored.ok() && ran->more && !closing()) next();
        });
}

void GatewayOffice::follow(const Effects& effects) {
    if (effects.people_changed) reload_people();
    for (const std::string& file : effects.bodies_gone) box_.store.bodies().remove(file);
    if (!effects.waiting_recipients.empty()) {
        const std::lock_guard lock(mutex_);
        for (const auto& who : effects.waiting_recipients) waiting_.emplace(who, 0);
    }
    for (const std::string& network : effects.networks) dispatcher_.wake(network);
    if (effects.posts_passing && !closing()) pass_on_posts();
    if (on_moved_ && !effects.moved.empty()) on_moved_(effects.moved);
}

}  // namespace waypost
