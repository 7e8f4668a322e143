// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/alarm.h"

#include <algorithm>
#include <sstream>

#include "gateway/custody/alarm_post.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/neighbour_alarm.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using store::AlarmState;

constexpr milliseconds kMerge = minutes(10);
constexpr milliseconds kAskFirst = seconds(30);
constexpr milliseconds kCloseWithin = hours(24);    // of the last acknowledgement
constexpr milliseconds kAnswerEvery = seconds(30);  // of who only says it again
constexpr int kMostNewInAnHour = 3;                 // of one person; then the last one lives again
constexpr int kMostUnproven = 3;  // alarms of the unproven that are repeated at a time
constexpr int kMostWords = 5;     // told of one alarm within kMerge, after its first
constexpr std::size_t kWordBytes = 400;

store::AlarmRow row_of(const Cry& cry, const Ledger& ledger) {
    store::AlarmRow alarm;
    alarm.proven = cry.proven;
    alarm.owner = cry.owner;
    alarm.caller = cry.message.from;
    alarm.who = cry.who;
    alarm.text = one_line(cry.message.text, kWordBytes);
    alarm.opened_ms = ledger.now();
    alarm.opened_box_ms = ledger.box().box_ms();
    return alarm;
}

bool live_by_time(const store::AlarmRow& alarm, store::Ms now) {
    return alarm.lives() && now - alarm.since_box_ms < milliseconds(hours(24)).count();
}

// Each name once, who has it now at the end.
std::string with_last(const std::string& names, const std::string& name) {
    std::string all;
    std::istringstream words(names);
    for (std::string each; words >> each;) {
        if (each != name) all += each + ' ';
    }
    return all + name;
}

}  // namespace

// Its words outlive the call that a storm brings: at most so many, whoever says them.
bool Alarms::may_tell_more(store::AlarmRow& alarm) {
    const store::Ms now = box().box_ms();
    if (now - alarm.words_box_ms >= kMerge.count()) {
        alarm.words_box_ms = now;
        alarm.words = 0;
    }
    return alarm.words < kMostWords && ++alarm.words > 0;
}

std::optional<store::AlarmRow> Alarms::that_takes(const Cry& cry) {
    const store::Ms now = box().box_ms();
    if (cry.proven) {
        const auto his = tables().alarms.proven_of(cry.owner, kMostNewInAnHour);
        for (const store::AlarmRow& each : his) {
            if (live_by_time(each, now) && each.cleared_ms == 0) return each;
        }
        const bool often =
            his.size() == kMostNewInAnHour && std::all_of(his.begin(), his.end(), [&](auto& each) {
                return now - each.opened_box_ms < milliseconds(hours(1)).count();
            });
        return often ? std::optional(his.front()) : std::nullopt;
    }
    const auto theirs = tables().alarms.unproven(kMostUnproven);
    if (theirs.empty()) return std::nullopt;
    const store::AlarmRow& newest = theirs.front();
    if (newest.lives() && now - newest.opened_box_ms < kMerge.count()) return newest;
    const bool many =
        theirs.size() == kMostUnproven && std::all_of(theirs.begin(), theirs.end(), [](auto& each) {
            return each.state == AlarmState::Open && each.next_box_ms > 0;
        });
    return many ? std::optional(newest) : std::nullopt;
}

Alarms::Taken Alarms::take(const Cry& cry) {
    const auto open = that_takes(cry);
    return open ? add(*open, cry) : raise(cry);
}

Alarms::Taken Alarms::raise(const Cry& cry) {
    store::MessageRow message;
    message.kind = store::Kind::Alarm;
    message.message = cry.message;
    message.message.to.clear();
    message.message.priority = Priority::Alarm;
    message.owner = cry.owner;
    Taken taken;
    store::AlarmRow& alarm = taken.alarm;
    alarm = row_of(cry, ledger_);
    alarm.message = ledger_.add_message(message);
    alarm.since_box_ms = alarm.opened_box_ms;
    alarm.next_box_ms = alarm.since_box_ms + next_repeat({}).count();
    alarm.id = tables().alarms.add(alarm);
    join(alarm, cry);
    taken.item = item_of(alarm, cry.owner, false);
    taken.told = tell(alarm, true);
    tell_neighbours(ledger_, cry.owner, alarm.message);
    publish_alarm(ledger_, alarm, cry.proven && !cry.bare && !is_minor(box(), cry.owner));
    alarm.told = static_cast<int>(taken.told);
    // Whom nothing reached learns that at once.
    if (taken.told > 0)
        alarm.unheard_box_ms = alarm.since_box_ms + milliseconds(minutes(2)).count();
    tables().alarms.put(alarm);
    return taken;
}

// False: he called with it before.
bool Alarms::join(const store::AlarmRow& alarm, const Cry& cry) {
    auto row = tables().alarms.caller(alarm.id, cry.owner);
    const bool is_new = !row;
    if (is_new) {
        row = store::AlarmCallerRow{alarm.id, cry.owner, cry.message.from,
                                    tables().alarms.count_callers(alarm.id) + 1};
        row->answered_box_ms = box().box_ms();
    }
    row->cleared_ms = 0;
    tables().alarms.put_caller(*row);
    return is_new;
}

// Of who cannot prove who he is only the first words count; a person's all do.
Alarms::Taken Alarms::add(store::AlarmRow alarm, const Cry& cry) {
    Taken taken;
    taken.how = How::Merged;
    const bool is_new = join(alarm, cry);
    taken.item = item_of(alarm, cry.owner, false);
    const bool told_nobody = alarm.told == 0;
    const bool anew = !cry.bare || alarm.state != AlarmState::Open || alarm.cleared_ms != 0;
    const bool brings_more = is_new || (cry.proven && anew) || alarm.cleared_ms != 0;
    if (told_nobody) {
        taken.told = tell(alarm, true);
        alarm.told = static_cast<int>(taken.told);
        if (alarm.told > 0) taken.how = How::Raised;
    } else if (brings_more && may_tell_more(alarm)) {
        taken.how = How::Added;
        say_to_responders(alarm, cry.owner, [&](const Catalogue& words, int item) {
            const std::string place = place_of(tables(), box(), words, cry.message.from);
            const std::string end = place.empty() ? place : ' ' + place;
            const auto say = [&](const std::string& text) {
                return words.say(
                    "alarm_call",
                    {{"item", std::to_string(item)}, {"who", cry.who}, {"text", text}});
            };
            return fitting_line(say, cry.message.text, kLineBytes - end.size()) + end;
        });
        ledger_.note(alarm.message, "more", cry.who);
    }
    if (taken.how == How::Added || !alarm.lives()) {
        // Somebody calls again: it is repeated until it is answered again.
        alarm.state = AlarmState::Open;
        alarm.cleared_ms = 0;
        alarm.since_box_ms = box().box_ms();
        alarm.next_box_ms = alarm.since_box_ms + next_repeat({}).count();
    }
    if (taken.how == How::Merged && !is_new) {
        auto row = tables().alarms.caller(alarm.id, cry.owner);
        taken.say_so = box().box_ms() - row->answered_box_ms >= kAnswerEvery.count();
        if (taken.say_so) row->answered_box_ms = box().box_ms();
        tables().alarms.put_caller(*row);
    }
    tables().alarms.put(alarm);
    taken.alarm = alarm;
    return taken;
}

store::AlarmId Alarms::ask(const Cry& cry) {
    store::AlarmRow alarm = row_of(cry, ledger_);
    alarm.state = AlarmState::Asked;
    alarm.next_box_ms = alarm.opened_box_ms + kAskFirst.count();
    return tables().alarms.add(alarm);
}

Alarms::Taken Alarms::take_asked(const store::AlarmRow& asked) {
    tables().alarms.erase(asked.id);
    Cry cry;
    cry.message.from = asked.caller;
    cry.message.network = box().router.network_of(asked.caller);
    cry.message.text = asked.text;
    cry.owner = asked.owner;
    cry.who = asked.who;
    cry.proven = asked.proven;
    cry.bare = true;
    return take(cry);
}

void Alarms::call_off(store::AlarmRow asked) { tables().alarms.erase(asked.id); }

std::optional<store::AlarmRow> Alarms::open_of(const std::string& owner, const Address& radio) {
    const auto alarm = tables().alarms.of_caller(owner, radio.uri());
    return alarm && alarm->lives() ? alarm : std::nullopt;
}

bool Alarms::all_clear(store::AlarmRow alarm, const Cry& cry) {
    auto caller = tables().alarms.caller(alarm.id, cry.owner);
    if (!caller) caller = tables().alarms.caller(alarm.id, cry.message.from.uri());
    if (!caller || caller->cleared_ms != 0) return false;
    caller->cleared_ms = ledger_.now();
    tables().alarms.put_caller(*caller);
    // What several called with is not one's to clear.
    const bool alone = tables().alarms.count_callers(alarm.id) == 1;
    if (alone) {
        alarm.cleared_ms = ledger_.now();
        publish_news(ledger_, alarm, AlarmNews::AllClear);
    }
    ledger_.note(alarm.message, "all clear", cry.who);
    if (may_tell_more(alarm)) {
        say_to_responders(alarm, cry.owner, [&](const Catalogue& words, int item) {
            return words.say("alarm_clear", {{"item", std::to_string(item)}, {"who", cry.who}});
        });
    }
    tables().alarms.put(alarm);
    return true;
}

bool Alarms::acknowledge(store::AlarmRow alarm, const std::string& by, const std::string& text) {
    if (!alarm.lives()) return false;
    const bool first = alarm.state == AlarmState::Open;
    alarm.acknowledged_by = with_last(alarm.acknowledged_by, by);
    alarm.state = AlarmState::Acknowledged;
    alarm.acknowledged_ms = ledger_.now();
    alarm.answer = one_line(text, kWordBytes);
    alarm.next_box_ms = box().box_ms() + kCloseWithin.count();
    alarm.unheard_box_ms = 0;
    tables().alarms.put(alarm);
    ledger_.note(alarm.message, "acknowledged", by);
    const std::string at = clock_time(ledger_.now(), ledger_.now());
    const Words line = [&](const Catalogue& words, int item) {
        const std::string number = std::to_string(item);
        if (is_blank(text))
            return words.say("alarm_has_it", {{"item", number}, {"who", by}, {"time", at}});
        return fitting_line(
            [&](const std::string& fits) {
                return words.say("alarm_answer",
                                 {{"item", number}, {"who", by}, {"time", at}, {"text", fits}});
            },
            text);
    };
    say_to_callers(alarm, line);
    if (first) say_to_responders(alarm, by, line);
    if (first) publish_news(ledger_, alarm, AlarmNews::Taken);
    return true;
}

bool Alarms::close(store::AlarmRow alarm, const std::string& by) {
    if (!alarm.lives()) return false;
    alarm.state = AlarmState::Closed;
    alarm.closed_by = by;
    alarm.closed_ms = ledger_.now();
    alarm.next_box_ms = alarm.unheard_box_ms = 0;
    tables().alarms.put(alarm);
    ledger_.note(alarm.message, "closed", by);
    for (store::DeliveryRow& row : tables().deliveries.of_message(alarm.message)) {
        if (is_final(row.state) || row.state == State::Sending) continue;
        ledger_.move(row, State::Cancelled, ProofClass::Observed, {}, "the alarm is closed");
    }
    const std::string at = clock_time(ledger_.now(), ledger_.now());
    const Words line = [&](const Catalogue& words, int item) {
        return words.say("alarm_closed",
                         {{"item", std::to_string(item)}, {"who", by}, {"time", at}});
    };
    say_to_callers(alarm, line);
    say_to_responders(alarm, by, line);
    publish_end(ledger_, alarm);
    return true;
}

std::string told_line(const Box& box, const Catalogue& words, int item, std::size_t told) {
    if (told == 0) return words.say("alarm_nobody");
    return words.say("alarm_told", {{"item", std::to_string(item)},
                                    {"count", std::to_string(told)},
                                    {"village", box.settings->village}});
}

}  // namespace waypost
