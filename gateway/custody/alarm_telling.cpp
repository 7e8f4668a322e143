// SPDX-License-Identifier: Apache-2.0
// Whom an alarm reaches, and what happens as time goes by.
#include <algorithm>
#include <sstream>

#include "gateway/custody/alarm.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/language.h"
#include "gateway/custody/responders.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using store::AlarmState;

constexpr int kMostCallers = 6;  // who are told what becomes of it
constexpr int kBatch = 50;
constexpr milliseconds kGoodFor = hours(24);

// Of who had it, the last that has a radio: "operator", at the console, has none.
std::string last_person(const Directory& people, const std::string& names) {
    std::string last;
    std::istringstream words(names);
    for (std::string each; words >> each;) {
        if (people.find(each) != nullptr) last = each;
    }
    return last;
}

}  // namespace

milliseconds next_repeat(milliseconds passed) {
    for (const minutes at : {minutes(1), minutes(2), minutes(5), minutes(15), minutes(30)}) {
        if (passed < at) return at;
    }
    const milliseconds next = (passed / minutes(30) + 1) * milliseconds(minutes(30));
    return next > hours(24) ? milliseconds(0) : next;
}

int Alarms::item_of(const store::AlarmRow& alarm, const std::string& owner, bool incoming) {
    if (const auto item = tables().items.by_message(owner, alarm.message)) return item->number;
    store::ItemRow item;
    item.owner = owner;
    item.message = alarm.message;
    item.incoming = incoming;
    if (incoming) item.peer = is_nameless(alarm.owner) ? alarm.caller : person(alarm.owner);
    item.changed_ms = ledger_.now();
    return tables().items.add(item, ledger_.reuse_before());
}

// All but who calls himself.
std::vector<std::string> Alarms::responders(const store::AlarmRow& alarm) {
    const Responders all = responders_of(box());
    const auto people = box().directory.get();
    std::vector<std::string> handles = all.reachable;
    for (const std::string& handle : all.unreachable) {
        if (people->find(handle) != nullptr) handles.push_back(handle);  // perhaps by mail
    }
    std::erase(handles, alarm.owner);
    return handles;
}

// One child delivery for each radio and account of each of them. How many people were told.
std::size_t Alarms::tell(const store::AlarmRow& alarm, bool by_mail) {
    const auto people = box().directory.get();
    const auto before = tables().deliveries.of_message(alarm.message);
    std::size_t told = 0;
    for (const std::string& handle : responders(alarm)) {
        bool wakes = false;
        for (const Address& endpoint : people->find(handle)->endpoints) {
            if (box().router.network_of(endpoint).empty()) continue;
            const bool mail = wakes_nobody(endpoint);
            if (mail && !by_mail) continue;
            wakes = wakes || !mail;
            tell_at(alarm, handle, endpoint, before);
        }
        if (wakes) ++told;
    }
    return told;
}

// What has not ended yet is tried again at once instead of being sent twice.
void Alarms::tell_at(const store::AlarmRow& alarm, const std::string& handle,
                     const Address& endpoint, const std::vector<store::DeliveryRow>& before) {
    for (store::DeliveryRow row : before) {
        if (row.recipient != endpoint) continue;
        if (is_final(row.state) && !wakes_nobody(endpoint)) continue;
        if (row.state == State::Deferred)
            ledger_.move(row, State::Ready, ProofClass::Observed, {}, "told again");
        return;
    }
    store::DeliveryRow row;
    row.message = alarm.message;
    row.owner = handle;
    row.recipient = endpoint;
    row.network = box().router.network_of(endpoint);
    row.priority = Priority::Alarm;  // thus in no lane
    row.item = item_of(alarm, handle, true);
    row.expires_ms = ledger_.now() + kGoodFor.count();
    ledger_.add_delivery(row);
    tables().messages.set_ended(alarm.message, 0);
}

void Alarms::say_to_responders(const store::AlarmRow& alarm, const std::string& but,
                               const Words& words) {
    const auto people = box().directory.get();
    for (const std::string& handle : responders(alarm)) {
        if (handle == but) continue;
        const std::string line = words(words_of(ledger_, handle), item_of(alarm, handle, true));
        for (const Address& endpoint : waking_ends(box(), *people->find(handle))) {
            ledger_.say(endpoint, line, store::Kind::Answer, Priority::Alarm, handle,
                        alarm.message);
        }
    }
}

void Alarms::say_to_callers(const store::AlarmRow& alarm, const Words& words) {
    for (const store::AlarmCallerRow& caller : tables().alarms.callers(alarm.id, kMostCallers)) {
        // A stranger may have a name by now, and his numbers with it; or a person none.
        std::string owner = caller.owner;
        if (!tables().items.by_message(owner, alarm.message))
            owner = box().directory.get()->owner_of(caller.radio);
        ledger_.say(caller.radio, words(words_of(ledger_, owner), item_of(alarm, owner, false)),
                    store::Kind::Answer, Priority::Alarm, owner, alarm.message);
    }
}

Reached reached_by(store::Tables& tables, const store::AlarmRow& alarm) {
    Reached reached;
    const auto add = [](std::vector<std::string>& to, const std::string& handle) {
        if (std::find(to.begin(), to.end(), handle) == to.end()) to.push_back(handle);
    };
    for (const store::DeliveryRow& row : tables.deliveries.of_message(alarm.message)) {
        if (wakes_nobody(row.recipient)) continue;
        add(reached.told, row.owner);
        if (row.state == State::Delivered || row.state == State::Read)
            add(reached.heard, row.owner);
    }
    return reached;
}

bool Alarms::act() {
    const auto due = tables().alarms.due(box().box_ms(), kBatch);
    for (const store::AlarmRow& alarm : due) act(alarm);
    return due.size() == kBatch;
}

void Alarms::act(store::AlarmRow alarm) {
    const store::Ms now = box().box_ms();
    if (alarm.state == AlarmState::Asked) {
        const Taken taken = take_asked(alarm);
        const Catalogue& words = words_of(ledger_, alarm.owner);
        const std::string line =
            taken.how == How::Raised
                ? told_line(box(), words, taken.item, taken.told)
                : words.say("alarm_more", {{"item", std::to_string(taken.item)}});
        ledger_.say(alarm.caller, line, store::Kind::Answer, Priority::Alarm, alarm.owner,
                    taken.alarm.message);
        return;
    }
    if (alarm.unheard_box_ms > 0 && alarm.unheard_box_ms <= now) {
        alarm.unheard_box_ms = 0;
        if (alarm.state == AlarmState::Open && reached_by(tables(), alarm).heard.empty()) {
            ledger_.note(alarm.message, "unheard", "no radio has it after 2 minutes");
            say_to_callers(alarm, [](const Catalogue& words, int item) {
                return words.say("alarm_unheard", {{"item", std::to_string(item)}});
            });
        }
    }
    if (alarm.next_box_ms > 0 && alarm.next_box_ms <= now)
        alarm.state == AlarmState::Acknowledged ? set_aside(alarm) : repeat(alarm);
    tables().alarms.put(alarm);
}

// Only a responder closes it, so it is not over; but it is not what somebody has to act on now. Who
// had it last is asked once.
void Alarms::set_aside(store::AlarmRow& alarm) {
    alarm.state = AlarmState::NotClosed;
    alarm.next_box_ms = 0;
    const auto people = box().directory.get();
    const std::string who = last_person(*people, alarm.acknowledged_by);
    ledger_.note(alarm.message, to_string(alarm.state), who);
    const Person* person = people->find(who);
    if (person == nullptr) return;
    const std::string line =
        words_of(ledger_, who)
            .say("alarm_not_closed",
                 {{"item", std::to_string(item_of(alarm, who, true))}, {"who", alarm.who}});
    for (const Address& end : waking_ends(box(), *person))
        ledger_.say(end, line, store::Kind::Answer, Priority::Urgent, who, alarm.message);
}

void Alarms::repeat(store::AlarmRow& alarm) {
    const store::Ms now = box().box_ms();
    const milliseconds next = next_repeat(milliseconds(now - alarm.since_box_ms));
    alarm.next_box_ms = next.count() == 0 ? 0 : alarm.since_box_ms + next.count();
    const std::size_t told = tell(alarm, alarm.told == 0);
    ++alarm.repeats;
    ledger_.note(alarm.message, "repeated", std::to_string(alarm.repeats));
    if (alarm.told > 0 || told == 0) return;
    // Nobody could be told when he called, and now somebody is.
    alarm.told = static_cast<int>(told);
    say_to_callers(alarm, [&](const Catalogue& words, int item) {
        return told_line(box(), words, item, told);
    });
}

}  // namespace waypost
