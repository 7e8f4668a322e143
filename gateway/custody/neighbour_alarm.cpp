// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/neighbour_alarm.h"

#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/responders.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr int kTellAnHour = 5;
constexpr std::size_t kAlarmText = 90;
constexpr std::int64_t kHourMs = 3'600'000;

bool may_tell_radios(store::NeighbourRow& row, store::Ms now) {
    if (row.hour != now / kHourMs) row.told = 0;
    row.hour = now / kHourMs;
    if (row.told >= kTellAnHour) return false;
    ++row.told;
    return true;
}

// What stands on record and, of a letter, on the radios. An alarm's subject is its first words.
Message told(const Box& box, const Neighbour& neighbour, const Message& message) {
    Message out = message;
    const std::string text = message.text.empty() ? message.subject : message.text;
    out.text = catalogue(box.settings->language)
                   .say("neighbour_alarm",
                        {{"village", neighbour.name}, {"text", one_line(text, kAlarmText)}});
    out.subject.clear();
    out.to.clear();
    out.attachments.clear();
    out.body = {};
    out.wishes.clear();
    out.brought_by.clear();
    out.return_path = {};
    out.references.clear();
    out.priority = Priority::Alarm;
    return out;
}

MessageId tell_responders(Ledger& ledger, Message alarm, const std::vector<std::string>& who) {
    Letter letter;
    letter.message = std::move(alarm);
    letter.kind = store::Kind::Alarm;
    letter.trusted = true;
    const auto people = ledger.box().directory.get();
    for (const std::string& handle : who) {
        letter.message.to.push_back(person(handle));
        letter.routes.push_back(ledger.box().router.route(person(handle), *people));
    }
    return take_letter(ledger, letter).message;
}

// Nobody's radio: the message has ended when it begins.
MessageId put_on_record(Ledger& ledger, Message alarm) {
    store::MessageRow row;
    row.kind = store::Kind::Alarm;
    row.message = std::move(alarm);
    const MessageId id = ledger.add_message(row);
    ledger.tables().messages.set_ended(id, ledger.now());
    return id;
}

}  // namespace

Verdict take_neighbour_alarm(Ledger& ledger, const Message& message) {
    const Box& box = ledger.box();
    auto& tables = ledger.tables();
    const Neighbour* neighbour =
        message.verified_sender ? box.neighbours.speaker(message.from) : nullptr;
    if (neighbour == nullptr) return for_neighbours_only(Route::Kind::Alarm);
    const bool known_again = repeats_are_known(message);
    const store::DuplicateKey key =
        duplicate_key(message, mailto(kAlarmName, box.settings->domain).uri());
    if (known_again) {
        if (const auto known = tables.state.duplicate(key))
            return {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, *known};
    }
    if (const auto full = brings_too_much(ledger, neighbour->name, Brought::Alarms)) return *full;
    count_brought(ledger, neighbour->name, Brought::Alarms);
    store::NeighbourRow row = tables.neighbours.get(neighbour->name);
    const auto responders = responders_of(box).reachable;
    const bool radios =
        neighbour->alarms_on_radio && !responders.empty() && may_tell_radios(row, ledger.now());
    Message alarm = told(box, *neighbour, message);
    row.alarm = radios ? tell_responders(ledger, std::move(alarm), responders)
                       : put_on_record(ledger, std::move(alarm));
    row.alarm_ms = ledger.now();
    tables.neighbours.put(row);
    if (known_again) tables.state.remember(key, row.alarm, ledger.now());
    log(Level::Warning, "neighbours", "alarm",
        {{"from", neighbour->name},
         {"message", std::to_string(row.alarm)},
         {"radios", radios ? "told" : "not told"}});
    return {Verdict::Kind::Accepted, Verdict::Reason::None, {}, row.alarm};
}

void tell_neighbours(Ledger& ledger, const std::string& owner, MessageId alarm) {
    for (const Neighbour& each : ledger.box().neighbours.all()) {
        if (!each.tell_alarms) continue;
        store::DeliveryRow row;
        row.message = alarm;
        row.owner = owner;
        row.recipient = mailto(kAlarmName, each.domains.front());
        row.network = ledger.box().router.network_of(row.recipient);
        row.priority = Priority::Alarm;
        if (!row.network.empty()) ledger.add_delivery(row);
    }
}

}  // namespace waypost
