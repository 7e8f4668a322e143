// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/neighbour_mail.h"

#include <algorithm>

#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "gateway/people/reply_token.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kSameProblem = std::chrono::minutes(1);
constexpr std::size_t kProblemBytes = 160;

Verdict refusal(Verdict::Reason reason, std::string text) {
    return {Verdict::Kind::Refused, reason, std::move(text), 0};
}

// "<1abc.0f0f@hill.example>"
bool is_id_of(std::string_view domain, const std::string& id) {
    const std::string end = '@' + std::string(domain) + '>';
    return id.size() > end.size() && id.compare(id.size() - end.size(), end.size(), end) == 0;
}

// Of any domain that it speaks for: his From may be at one, the id's at another.
bool is_id_of(const Neighbour& neighbour, const std::string& id) {
    const std::string lower = lower_ascii(id);
    return std::any_of(neighbour.domains.begin(), neighbour.domains.end(),
                       [&](const std::string& domain) { return is_id_of(domain, lower); });
}

// Owners of counts are handles and addresses: neither begins so.
std::string counted_as(const std::string& neighbour) { return '@' + neighbour; }
const char* name_of(Brought what) {
    return what == Brought::Mails ? "brought" : what == Brought::Alarms ? "alarms" : "forgets";
}
const char* said_of(Brought what) {
    return what == Brought::Mails    ? " messages"
           : what == Brought::Alarms ? " alarms"
                                     : " words to forget somebody";
}

}  // namespace

Judged judge_neighbour(const Box& box, Message& message) {
    message.brought_by.clear();
    message.numbered = false;
    if (box.neighbours.empty() || message.from.scheme != "mailto" || message.network == "local")
        return {};
    const Neighbour* at = box.neighbours.at(message.peer);
    if (at != nullptr && box.router.ours(message.from)) {
        const bool ours = is_id_of(box.settings->domain, message.origin_id);
        return {ours ? refusal(Verdict::Reason::Loop, "this mail comes back to where it began")
                     : refusal(Verdict::Reason::NotAllowed,
                               at->name + " does not speak for " + box.settings->domain),
                at->name};
    }
    const Neighbour* speaker = box.neighbours.speaker(message.from);
    const bool itself = speaker != nullptr && (at == speaker || message.verified_sender);
    if (speaker != nullptr && !itself && speaker->has_places()) {
        return {refusal(Verdict::Reason::NotAllowed,
                        std::string(message.from.domain()) +
                            " speaks for itself: this did not come from there"),
                speaker->name};
    }
    if (itself) message.verified_sender = true;
    message.numbered = itself && is_id_of(*speaker, message.origin_id);
    if (at != nullptr) {
        message.brought_by = at->name;
    } else if (itself) {
        message.brought_by = speaker->name;
    }
    return {};
}

bool neighbour_vouches(store::Tables& tables, const Box& box, const std::string& owner,
                       const Message& message) {
    if (!message.verified_sender) return false;
    const Neighbour* speaker = box.neighbours.speaker(message.from);
    if (speaker == nullptr) return false;
    const auto blocked = [&](const Address& who) {
        const auto contact = tables.people.contact(owner, who);
        return contact && contact->state == store::ContactState::Blocked;
    };
    return !blocked(message.from) && !blocked({"neighbour", speaker->name});
}

std::int64_t brought_today(store::Tables& tables, const Box& box, const std::string& neighbour,
                           Brought what) {
    return tables.state.used(counted_as(neighbour), box.day(), name_of(what));
}

std::optional<Verdict> brings_too_much(Ledger& ledger, const std::string& neighbour, Brought what) {
    const Neighbour* who = ledger.box().neighbours.named(neighbour);
    if (who == nullptr) return std::nullopt;
    if (brought_today(ledger.tables(), ledger.box(), neighbour, what) < who->messages_per_day)
        return std::nullopt;
    const std::string text = neighbour + " has brought its " +
                             std::to_string(who->messages_per_day) + said_of(what) + " of today";
    note_problem(ledger.tables(), ledger.now(), neighbour, text);
    return Verdict{Verdict::Kind::Later, Verdict::Reason::QuotaFull, text, 0};
}

void count_brought(Ledger& ledger, const std::string& neighbour, Brought what) {
    ledger.tables().state.use(counted_as(neighbour), ledger.box().day(), name_of(what));
    auto row = ledger.tables().neighbours.get(neighbour);
    row.heard_ms = ledger.now();
    ledger.tables().neighbours.put(row);
}

void note_problem(store::Tables& tables, store::Ms now, const std::string& neighbour,
                  const std::string& problem) {
    auto row = tables.neighbours.get(neighbour);
    const std::string text = one_line(clean_utf8(problem), kProblemBytes);
    if (row.problem == text && now - row.problem_ms < kSameProblem.count()) return;
    if (row.problem != text)
        log(Level::Warning, "neighbours", "problem", {{"neighbour", neighbour}, {"what", text}});
    row.problem = text;
    row.problem_ms = now;
    tables.neighbours.put(row);
}

bool is_door(const Neighbours& neighbours, const Address& address) {
    if (neighbours.speaker(address) == nullptr) return false;
    const std::string name = lower_ascii(split_plus(address.local_part()).first);
    return name == kAlarmName || name == kForgetName;
}

}  // namespace waypost
