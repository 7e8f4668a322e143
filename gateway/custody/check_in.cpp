// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/check_in.h"

#include <algorithm>
#include <functional>

#include "gateway/custody/alarm_text.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/language.h"
#include "gateway/custody/receipts.h"
#include "gateway/custody/responders.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds kAskBefore = minutes(30);
constexpr milliseconds kTellAgain = hours(1);
constexpr int kTellings = 2;
constexpr int kBatch = 50;
constexpr std::size_t kNames = 30;

std::vector<Address> contacts_of(const Box& box, const store::CheckInRow& row) {
    if (!row.contacts.empty()) return row.contacts;
    std::vector<Address> all;
    for (const std::string& handle : responders_of(box).reachable) {
        if (handle != row.owner) all.push_back(person(handle));
    }
    return all;
}

// To who lives here by his radios, past every hold.
bool call(Ledger& ledger, const Route& route,
          const std::function<std::string(const Catalogue&)>& line) {
    const Box& box = ledger.box();
    const auto people = box.directory.get();
    const Person* person = people->find(route.owner);
    std::vector<Address> radios;
    if (person != nullptr) radios = waking_ends(box, *person);
    if (route.kind == Route::Kind::Stranger && !route.network.empty()) radios = {route.recipient};
    for (const Address& radio : radios) {
        ledger.say(radio, line(words_of(ledger, route.owner)), store::Kind::Notice, Priority::Alarm,
                   route.owner);
    }
    return !radios.empty();
}

// To all others an ordinary letter of his.
bool write_to(Ledger& ledger, const store::CheckInRow& row, const Route& route, const Address& to,
              const std::string& subject, const std::string& text) {
    Letter letter;
    letter.message.from = person(row.owner);
    letter.message.network = "local";
    letter.message.to = {to};
    letter.message.subject = subject;
    letter.message.text = text;
    letter.message.priority = Priority::Urgent;
    letter.owner = row.owner;
    letter.routes = {route};
    letter.trusted = true;
    return take_letter(ledger, letter).verdicts.at(0).kept();
}

// How many were reached.
int tell_all(Ledger& ledger, const store::CheckInRow& row, const std::vector<Address>& contacts,
             const std::string& key) {
    const Box& box = ledger.box();
    const auto people = box.directory.get();
    const milliseconds after(row.after_ms);
    const Catalogue& own = words_of(ledger, row.owner);
    const std::string at = clock_time(row.heard_ms, ledger.now());
    int reached = 0;
    for (const Address& contact : contacts) {
        const Route route = box.router.route(contact, *people);
        if (route.kind == Route::Kind::Nowhere || route.kind == Route::Kind::Report) continue;
        const auto line = [&](const Catalogue& words) {
            const std::string place = place_of(ledger.tables(), box, words, row.radio);
            return words.say(key, {{"who", row.owner}, {"time", said_time(words, after)}}) +
                   (place.empty() ? "" : ' ' + place);
        };
        bool told = route.kind != Route::Kind::Outside && call(ledger, route, line);
        if (!told) {
            const std::string place = place_of(ledger.tables(), box, own, row.radio);
            told = write_to(
                ledger, row, route, contact, own.letter(key + "_subject", {{"who", row.owner}}),
                own.letter(key,
                           {{"who", row.owner}, {"time", said_time(own, after)}, {"since", at}}) +
                    (place.empty() ? "" : '\n' + place));
        }
        if (told) ++reached;
    }
    return reached;
}

void tell_himself(Ledger& ledger, const store::CheckInRow& row, const std::string& line) {
    const Address his = endpoint_of(ledger.box(), row.owner);
    if (!his.empty()) ledger.say(his, line, store::Kind::Notice, Priority::Urgent, row.owner);
}

void ask(Ledger& ledger, store::CheckInRow& row) {
    const store::Ms end = ledger.now() + row.end_box_ms - ledger.box().box_ms();
    row.asked = true;
    row.due_box_ms = row.end_box_ms;
    tell_himself(ledger, row,
                 words_of(ledger, row.owner)
                     .say("check_ask", {{"names", contact_names(ledger, row)},
                                        {"time", clock_time(end, ledger.now())}}));
}

void tell(Ledger& ledger, store::CheckInRow& row) {
    ++row.told;
    row.due_box_ms = row.told < kTellings ? ledger.box().box_ms() + kTellAgain.count() : 0;
    if (tell_all(ledger, row, contacts_of(ledger.box(), row), "check_silent") == 0) {
        // Whom he named is here no more: better the responders than nobody.
        store::CheckInRow to_all = row;
        to_all.contacts.clear();
        tell_all(ledger, row, contacts_of(ledger.box(), to_all), "check_silent");
    }
    tell_himself(
        ledger, row,
        words_of(ledger, row.owner).say("check_told", {{"names", contact_names(ledger, row)}}));
}

}  // namespace

void begin_check(Ledger& ledger, store::CheckInRow& row) {
    const store::Ms now = ledger.box().box_ms();
    row.heard_ms = ledger.now();
    row.end_box_ms = now + row.after_ms;
    row.due_box_ms = row.end_box_ms - std::min<store::Ms>(kAskBefore.count(), row.after_ms / 2);
    row.asked = false;
    row.told = 0;
    ledger.tables().check_ins.put(row);
}

void sign_of_life(Ledger& ledger, const std::string& owner) {
    auto row = ledger.tables().check_ins.find(owner);
    if (!row) return;
    if (row->told > 0) tell_all(ledger, *row, contacts_of(ledger.box(), *row), "check_back");
    begin_check(ledger, *row);
}

bool act_on_silence(Ledger& ledger) {
    auto& tables = ledger.tables();
    const auto due = tables.check_ins.due(ledger.box().box_ms(), kBatch);
    for (store::CheckInRow row : due) {
        if (!tables.people.has_person(row.owner)) {
            tables.check_ins.remove(row.owner);
            continue;
        }
        row.asked ? tell(ledger, row) : ask(ledger, row);
        tables.check_ins.put(row);
    }
    return due.size() == kBatch;
}

std::string contact_names(Ledger& ledger, const store::CheckInRow& row) {
    std::string names;
    for (const Address& contact : contacts_of(ledger.box(), row)) {
        names += (names.empty() ? "" : ", ") +
                 short_name(ledger.tables(), ledger.box(), row.owner, contact, {});
    }
    return names.empty() ? "-" : one_line(names, kNames);
}

}  // namespace waypost
