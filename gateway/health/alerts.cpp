// SPDX-License-Identifier: Apache-2.0
#include "gateway/health/alerts.h"

#include <algorithm>

#include "gateway/custody/language.h"
#include "gateway/custody/responders.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kShortName = 24;  // of a transport or a neighbour, in a line for a radio
constexpr milliseconds kJustNow = std::chrono::minutes(1);

void add(std::vector<std::string>& to, const std::string& each) {
    if (std::find(to.begin(), to.end(), each) == to.end()) to.push_back(each);
}

// Those of the settings, those who manage the console and those whom people know as operators.
std::vector<std::string> all_operators(store::Tables& tables, const Box& box) {
    std::vector<std::string> all = box.settings->operators;
    const auto people = box.directory.get();
    for (const auto& [handle, person] : people->persons()) {
        const auto account = tables.console.account(handle);
        if ((account && account->admin) || person.row.role.find("operator") != std::string::npos)
            add(all, handle);
    }
    return all;
}

// How this end is told, on record in `found`.
void add_end(const Box& box, const Address& end, AlertEnds& found) {
    const std::string network = box.router.network_of(end);
    const bool radio = box.router.ordered(network);
    if (network.empty() || (radio && found.by_radio)) return;
    found.ends.push_back(end);
    (radio ? found.by_radio : wakes_nobody(end) ? found.by_mail : found.otherwise) = true;
}

// Of a person's radios the one that was heard last; of his mail and the like all.
AlertEnds ends_of(const Box& box, const Person& person) {
    AlertEnds found;
    found.who = person.row.handle;
    for (const Address& end : person.endpoints) add_end(box, end, found);
    return found;
}

AlertEnds ends_of(const Box& box, const std::string& who) {
    const auto people = box.directory.get();
    if (const Person* person = people->find(who)) return ends_of(box, *person);
    AlertEnds found;
    found.who = who;
    const auto address = parse_address(who);
    if (!address.ok()) return found;
    if (box.router.ours(*address)) {
        const Person* lives_here = people->find(std::string(address->local_part()));
        return lives_here == nullptr ? found : ends_of(box, *lives_here);
    }
    add_end(box, *address, found);
    return found;
}

std::string line(const Catalogue& words, const std::string& what, milliseconds lasted, bool over) {
    if (over) return words.say("alert_over", {{"what", what}, {"time", said_time(words, lasted)}});
    if (lasted < kJustNow) return words.say("alert", {{"what", what}});
    return words.say("alert_for", {{"what", what}, {"time", said_time(words, lasted)}});
}

void write_mail(const Box& box, const Catalogue& words, const Finding& finding, milliseconds lasted,
                bool over, Message& message) {
    const std::string what = said_trouble(words, finding.trouble, finding.of, finding.grave);
    message.subject = words.letter(over ? "alert_over_subject" : "alert_subject",
                                   {{"village", box.settings->village}, {"what", what}});
    message.text = line(words, what, lasted, over) + '\n';
    if (!finding.detail.empty()) message.text += '(' + finding.detail + ")\n";
    if (!over) message.text += '\n' + words.letter("alert_help") + '\n';
}

DeliveryId send(Ledger& ledger, const std::string& owner, const Address& end,
                const Finding& finding, milliseconds lasted, bool over) {
    const Box& box = ledger.box();
    const Catalogue& words = words_of(ledger, owner);
    store::MessageRow row;
    row.kind = store::Kind::Notice;
    row.message.network = "local";
    row.message.automatic = true;
    if (wakes_nobody(end))
        write_mail(box, words, finding, lasted, over, row.message);
    else
        row.message.text =
            line(words, said_trouble(words, finding.trouble, finding.of, finding.grave, kShortName),
                 lasted, over);
    ledger.add_message(row);
    store::DeliveryRow delivery;
    delivery.message = row.id;
    delivery.owner = owner;
    delivery.recipient = end;
    delivery.network = box.router.network_of(end);
    delivery.lane = ledger.lane_of(delivery.network, "gateway " + owner, end.uri());
    delivery.expires_ms = ledger.now() + milliseconds(box.settings->answer_expiry).count();
    return ledger.add_delivery(delivery);
}

}  // namespace

std::vector<AlertEnds> alert_ends(store::Tables& tables, const Box& box) {
    const auto& chosen = box.settings->health.to;
    std::vector<AlertEnds> all;
    for (const std::string& who : chosen.empty() ? all_operators(tables, box) : chosen)
        all.push_back(ends_of(box, who));
    return all;
}

std::string said_trouble(const Catalogue& words, Trouble trouble, const std::string& of, bool grave,
                         std::size_t name_bytes) {
    std::string key = std::string("trouble_") + to_string(trouble);
    if (trouble == Trouble::Disk && grave) key += "_full";
    if (of.empty()) return words.say(key);
    return words.say(key, {{"who", one_line(of, name_bytes)}});
}

std::vector<DeliveryId> tell_operators(Ledger& ledger, const Finding& finding, milliseconds lasted,
                                       bool over) {
    std::vector<DeliveryId> sent;
    const auto people = ledger.box().directory.get();
    for (const AlertEnds& each : alert_ends(ledger.tables(), ledger.box())) {
        for (const Address& end : each.ends)
            sent.push_back(send(ledger, people->owner_of(end), end, finding, lasted, over));
    }
    return sent;
}

void call_back(Ledger& ledger, const std::vector<DeliveryId>& deliveries) {
    for (const DeliveryId id : deliveries) {
        auto row = ledger.tables().deliveries.find(id);
        if (!row || row->attempts > 0 || is_final(row->state) || row->state == State::Sending)
            continue;
        ledger.move(*row, State::Cancelled, ProofClass::Observed, {}, "it is over");
    }
}

}  // namespace waypost
