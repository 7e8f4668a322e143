// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/alarm_call.h"

#include <utility>

#include "gateway/custody/responders.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kAnswerWithin = std::chrono::minutes(10);
constexpr std::size_t kRadioName = 12;

}  // namespace

// Not who calls himself; and whom nothing can wake must not be counted as told.
std::size_t AlarmCall::responders() const {
    std::vector<std::string> handles = responders_of(box()).reachable;
    std::erase(handles, line_.owner);
    return handles.size();
}

// A handle is proven; what a stranger's radio calls itself is shown with its number, and so is the
// handle of a radio in doubt, as a question.
std::string AlarmCall::caller() const {
    const auto people = box().directory.get();
    const Person* person = people->person_of(line_.message.from);
    if (person != nullptr && !line_.doubted) return line_.owner;
    const auto* radio = people->endpoint(line_.message.from);
    const std::string name = person != nullptr  ? person->row.handle + '?'
                             : radio == nullptr ? std::string()
                                                : one_line(radio->name, kRadioName);
    return name.empty() ? line_.message.from.value : name + ' ' + line_.message.from.value;
}

Cry AlarmCall::cry(const std::string& text) const {
    Cry cry;
    cry.message = line_.message;
    cry.bare = text.empty();
    if (!cry.bare) cry.message.text = text;
    cry.owner = line_.owner;
    cry.who = caller();
    cry.proven = line_.message.verified_sender && !line_.doubted && !line_.from_stranger();
    return cry;
}

std::string AlarmCall::called(const command::Alarm& c) {
    using How = command::Alarm::How;
    if (c.how == How::Drill) {
        return say("drill",
                   {{"count", std::to_string(responders())}, {"village", box().settings->village}});
    }
    if (c.how == How::AllClear) return all_clear();
    if (c.how == How::Ask) return ask();
    if (!line_.talk.alarm_asked) return now(c.text);
    // The question is answered by more than a yes: this alarm goes in place of that one.
    if (c.text.empty()) return answer_question(true);
    line_.talk.alarm_asked = false;
    tables().alarms.erase(std::exchange(line_.talk.alarm, 0));
    return now(c.text);
}

// Not at once: it waits 30 s for a 0; a 1 lets it go now.
std::string AlarmCall::ask() {
    if (line_.talk.alarm_asked) return say("alarm_ask");
    const auto open = Alarms(line_.ledger).open_of(line_.owner, line_.message.from);
    if (open || responders() == 0) return now({});
    line_.talk.alarm = Alarms(line_.ledger).ask(cry({}));
    line_.talk.alarm_box_ms = box().box_ms();
    line_.talk.alarm_asked = true;
    return say("alarm_ask");
}

bool AlarmCall::question_stands() const {
    return line_.talk.alarm != 0 &&
           box().box_ms() - line_.talk.alarm_box_ms < kAnswerWithin.count();
}

std::string AlarmCall::now(const std::string& text) {
    return answer_to(Alarms(line_.ledger).take(cry(text)));
}

std::string AlarmCall::answer_to(const Alarms::Taken& taken) {
    line_.about = taken.alarm.message;
    const std::string item = std::to_string(taken.item);
    switch (taken.how) {
        case Alarms::How::Raised:
            return told_line(box(), *line_.words, taken.item, taken.told);
        case Alarms::How::Added:
            return say("alarm_more", {{"item", item}});
        case Alarms::How::Merged:
            if (!taken.say_so) return {};
            if (taken.alarm.told == 0) return say("alarm_nobody");
            return say(taken.alarm.proven || taken.alarm.owner == line_.owner ? "alarm_again"
                                                                              : "alarm_merged",
                       {{"item", item}});
    }
    return {};
}

// After it the next alarm is a new one: whoever needs help again must not be merged into what is
// over.
std::string AlarmCall::all_clear() {
    Alarms alarms(line_.ledger);
    if (line_.talk.alarm_asked) {
        const std::string answer = answer_question(false);
        if (line_.talk.alarm == 0) return answer;
    }
    const auto open = alarms.open_of(line_.owner, line_.message.from);
    if (!open || !alarms.all_clear(*open, cry({}))) return say("all_clear_none");
    const std::string item = std::to_string(alarms.item_of(*open, line_.owner, false));
    return say("all_clear", {{"item", item}});
}

std::string AlarmCall::answer_question(bool now) {
    Alarms alarms(line_.ledger);
    line_.talk.alarm_asked = false;
    const auto asked = tables().alarms.find(line_.talk.alarm);
    if (asked && asked->state == store::AlarmState::Asked && asked->owner == line_.owner) {
        line_.talk.alarm = 0;
        if (now) return answer_to(alarms.take_asked(*asked));
        alarms.call_off(*asked);
        return say("alarm_called_off");
    }
    const auto open = alarms.open_of(line_.owner, line_.message.from);
    if (!open) return say("nothing_asked");
    const std::string item = std::to_string(alarms.item_of(*open, line_.owner, false));
    return say(now ? "alarm_again" : "alarm_too_late", {{"item", item}});
}

}  // namespace waypost
