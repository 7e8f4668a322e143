// SPDX-License-Identifier: Apache-2.0
// SOS in its simplest form: the people the operator named are told at once, past every hold and
// limit, and the sender learns how many. Nobody calls the police; the answer says so.
#include <utility>

#include "gateway/delivery/compose.h"
#include "gateway/delivery/executor.h"
#include "gateway/delivery/responders.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kMerge = std::chrono::minutes(10);
constexpr std::chrono::milliseconds kAskFirst = std::chrono::seconds(30);
constexpr std::size_t kAlarmText = 90;
constexpr std::size_t kRadioName = 12;

}  // namespace

// Not who calls himself; and whom nothing can reach must not be counted as told.
std::vector<std::string> Executor::responders() const {
    std::vector<std::string> handles = responders_of(box()).reachable;
    std::erase(handles, owner_);
    return handles;
}

// A handle is proven; what a stranger's radio calls itself is shown with its number, and so is the
// handle of a radio in doubt, as a question.
std::string Executor::caller() const {
    const auto people = box().directory.get();
    const Person* person = people->person_of(message_.from);
    if (person != nullptr && !doubted_) return owner_;
    const auto* radio = people->endpoint(message_.from);
    const std::string name = person != nullptr  ? person->row.handle + '?'
                             : radio == nullptr ? std::string()
                                                : one_line(radio->name, kRadioName);
    return name.empty() ? message_.from.value : name + ' ' + message_.from.value;
}

Letter Executor::to_responders(const std::string& text) const {
    Letter letter;
    letter.message = message_;
    letter.message.to.clear();
    letter.message.text = text;
    letter.message.priority = Priority::Alarm;
    letter.kind = store::Kind::Alarm;
    letter.owner = owner_;
    const auto people = box().directory.get();
    for (const std::string& handle : responders()) {
        letter.message.to.push_back(person(handle));
        letter.routes.push_back(box().router.route(person(handle), *people));
    }
    return letter;
}

std::string Executor::operator()(const command::Alarm& c) {
    using How = command::Alarm::How;
    if (c.how == How::Drill) {
        return say("drill", {{"count", std::to_string(responders().size())},
                             {"village", box().settings.village}});
    }
    if (c.how == How::AllClear) return all_clear();
    if (c.how == How::Ask) {
        if (talk_.alarm_asked) return say("alarm_ask");
        return alarm_open() ? more_about_alarm({}) : raise_alarm({}, false);
    }
    if (talk_.alarm_asked) {
        // The question is answered by more than a yes: this alarm goes in place of that one.
        if (c.text.empty()) return answer_alarm_question(true);
        end_question(State::Cancelled, "said again with more");
        talk_.alarm = 0;
    }
    return alarm_now(c.text);
}

std::string Executor::alarm_now(const std::string& text) {
    return alarm_open() ? more_about_alarm(text) : raise_alarm(text, true);
}

bool Executor::alarm_open() const {
    return talk_.alarm != 0 && box().box_ms() - talk_.alarm_box_ms < kMerge.count();
}

// Not at once: the deliveries wait 30 s for a 0; a 1 lets them go now.
std::string Executor::raise_alarm(const std::string& text, bool at_once) {
    Letter letter = to_responders(say(
        "alarm_from",
        {{"who", caller()}, {"text", one_line(text.empty() ? message_.text : text, kAlarmText)}}));
    if (letter.routes.empty()) return say("alarm_nobody");
    if (!at_once) letter.due_box_ms = box().box_ms() + kAskFirst.count();
    const Taken taken = take_letter(ledger_, letter);
    talk_.alarm_box_ms = box().box_ms();
    talk_.alarm = taken.message;
    talk_.alarm_item = taken.item;
    talk_.alarm_asked = !at_once;
    return at_once ? alarm_told(letter.routes.size()) : say("alarm_ask");
}

std::string Executor::alarm_told(std::size_t count) const {
    return say(count == 1 ? "alarm_told_one" : "alarm_told",
               {{"item", std::to_string(talk_.alarm_item)},
                {"count", std::to_string(count)},
                {"village", box().settings.village}});
}

// One alarm in ten minutes. What a proven sender adds is passed on; of others only the first
// counts.
std::string Executor::more_about_alarm(const std::string& text) {
    const std::string item = std::to_string(talk_.alarm_item);
    if (text.empty() || !message_.verified_sender || doubted_)
        return say("alarm_again", {{"item", item}});
    Letter letter =
        to_responders(say("alarm_from", {{"who", caller()}, {"text", one_line(text, kAlarmText)}}));
    letter.answers = talk_.alarm;
    letter.trusted = true;  // no item of its own: it belongs to the alarm
    if (letter.routes.empty()) return say("alarm_nobody");
    take_letter(ledger_, letter);
    return say("alarm_more", {{"item", item}});
}

// After it the next alarm is a new one: whoever needs help again must not be merged into what is
// over.
std::string Executor::all_clear() {
    if (talk_.alarm_asked && end_question(State::Cancelled, "called off in time")) {
        talk_.alarm = 0;
        return say("alarm_called_off");
    }
    if (talk_.alarm == 0) return say("all_clear_none");
    Letter letter = to_responders(say("all_clear_from", {{"who", caller()}}));
    letter.answers = std::exchange(talk_.alarm, 0);
    letter.trusted = true;
    if (!letter.routes.empty()) take_letter(ledger_, letter);
    return say("all_clear", {{"item", std::to_string(talk_.alarm_item)}});
}

// False: nothing waits any more; the alarm has been told.
bool Executor::end_question(State state, const std::string& why) {
    talk_.alarm_asked = false;
    bool waited = false;
    for (store::DeliveryRow& row : tables().deliveries.of_message(talk_.alarm)) {
        if (row.state != State::Deferred || row.attempts > 0) continue;
        ledger_.move(row, state, ProofClass::Observed, {}, why);
        waited = true;
    }
    return waited;
}

std::string Executor::answer_alarm_question(bool now) {
    const std::string item = std::to_string(talk_.alarm_item);
    const bool waited = now ? end_question(State::Ready, "confirmed by its sender")
                            : end_question(State::Cancelled, "called off in time");
    if (!waited) return say(now ? "alarm_again" : "alarm_too_late", {{"item", item}});
    if (now) return alarm_told(responders().size());
    talk_.alarm = 0;
    return say("alarm_called_off");
}

}  // namespace waypost
