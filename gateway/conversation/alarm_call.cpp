// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/alarm_call.h"

#include <utility>

#include "gateway/conversation/responders.h"
#include "gateway/custody/compose.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kMerge = std::chrono::minutes(10);
constexpr std::chrono::milliseconds kAskFirst = std::chrono::seconds(30);
constexpr std::size_t kAlarmText = 90;
constexpr std::size_t kRadioName = 12;

}  // namespace

// Not who calls himself; and whom nothing can reach must not be counted as told.
std::vector<std::string> AlarmCall::responders() const {
    std::vector<std::string> handles = responders_of(box()).reachable;
    std::erase(handles, line_.owner);
    return handles;
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

Letter AlarmCall::to_responders(const std::string& text) const {
    Letter letter;
    letter.message = line_.message;
    letter.message.to.clear();
    letter.message.text = text;
    letter.message.priority = Priority::Alarm;
    letter.kind = store::Kind::Alarm;
    letter.owner = line_.owner;
    const auto people = box().directory.get();
    for (const std::string& handle : responders()) {
        letter.message.to.push_back(person(handle));
        letter.routes.push_back(box().router.route(person(handle), *people));
    }
    return letter;
}

std::string AlarmCall::called(const command::Alarm& c) {
    using How = command::Alarm::How;
    if (c.how == How::Drill) {
        return say("drill", {{"count", std::to_string(responders().size())},
                             {"village", box().settings.village}});
    }
    if (c.how == How::AllClear) return all_clear();
    if (c.how == How::Ask) {
        if (line_.talk.alarm_asked) return say("alarm_ask");
        return open() ? more({}) : raise({}, false);
    }
    if (line_.talk.alarm_asked) {
        // The question is answered by more than a yes: this alarm goes in place of that one.
        if (c.text.empty()) return answer_question(true);
        end_question(State::Cancelled, "said again with more");
        line_.talk.alarm = 0;
    }
    return now(c.text);
}

std::string AlarmCall::now(const std::string& text) {
    return open() ? more(text) : raise(text, true);
}

bool AlarmCall::open() const {
    return line_.talk.alarm != 0 && box().box_ms() - line_.talk.alarm_box_ms < kMerge.count();
}

// Not at once: the deliveries wait 30 s for a 0; a 1 lets them go now.
std::string AlarmCall::raise(const std::string& text, bool at_once) {
    Letter letter = to_responders(say(
        "alarm_from", {{"who", caller()},
                       {"text", one_line(text.empty() ? line_.message.text : text, kAlarmText)}}));
    if (letter.routes.empty()) return say("alarm_nobody");
    if (!at_once) letter.due_box_ms = box().box_ms() + kAskFirst.count();
    const Taken taken = take_letter(line_.ledger, letter);
    line_.talk.alarm_box_ms = box().box_ms();
    line_.talk.alarm = taken.message;
    line_.talk.alarm_item = taken.item;
    line_.talk.alarm_asked = !at_once;
    return at_once ? told(letter.routes.size()) : say("alarm_ask");
}

std::string AlarmCall::told(std::size_t count) const {
    return say("alarm_told", {{"item", std::to_string(line_.talk.alarm_item)},
                              {"count", std::to_string(count)},
                              {"village", box().settings.village}});
}

// One alarm in ten minutes. What a proven sender adds is passed on; of others only the first
// counts.
std::string AlarmCall::more(const std::string& text) {
    const std::string item = std::to_string(line_.talk.alarm_item);
    if (text.empty() || !line_.message.verified_sender || line_.doubted)
        return say("alarm_again", {{"item", item}});
    Letter letter =
        to_responders(say("alarm_from", {{"who", caller()}, {"text", one_line(text, kAlarmText)}}));
    letter.answers = line_.talk.alarm;
    letter.trusted = true;  // no item of its own: it belongs to the alarm
    if (letter.routes.empty()) return say("alarm_nobody");
    take_letter(line_.ledger, letter);
    return say("alarm_more", {{"item", item}});
}

// After it the next alarm is a new one: whoever needs help again must not be merged into what is
// over.
std::string AlarmCall::all_clear() {
    if (line_.talk.alarm_asked && end_question(State::Cancelled, "called off in time")) {
        line_.talk.alarm = 0;
        return say("alarm_called_off");
    }
    if (line_.talk.alarm == 0) return say("all_clear_none");
    Letter letter = to_responders(say("all_clear_from", {{"who", caller()}}));
    letter.answers = std::exchange(line_.talk.alarm, 0);
    letter.trusted = true;
    if (!letter.routes.empty()) take_letter(line_.ledger, letter);
    return say("all_clear", {{"item", std::to_string(line_.talk.alarm_item)}});
}

// False: nothing waits any more; the alarm has been told.
bool AlarmCall::end_question(State state, const std::string& why) {
    line_.talk.alarm_asked = false;
    bool waited = false;
    for (store::DeliveryRow& row : tables().deliveries.of_message(line_.talk.alarm)) {
        if (row.state != State::Deferred || row.attempts > 0) continue;
        line_.ledger.move(row, state, ProofClass::Observed, {}, why);
        waited = true;
    }
    return waited;
}

std::string AlarmCall::answer_question(bool now) {
    const std::string item = std::to_string(line_.talk.alarm_item);
    const bool waited = now ? end_question(State::Ready, "confirmed by its sender")
                            : end_question(State::Cancelled, "called off in time");
    if (!waited) return say(now ? "alarm_again" : "alarm_too_late", {{"item", item}});
    if (now) return told(responders().size());
    line_.talk.alarm = 0;
    return say("alarm_called_off");
}

}  // namespace waypost
