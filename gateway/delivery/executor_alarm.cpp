// SPDX-License-Identifier: Apache-2.0
// SOS in its simplest form: the people the operator named are told at once, past every hold and
// limit, and the sender learns how many. Nobody calls the police; the answer says so.
#include "gateway/delivery/compose.h"
#include "gateway/delivery/executor.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::chrono::milliseconds kMerge = std::chrono::minutes(10);
constexpr std::chrono::milliseconds kAskFirst = std::chrono::seconds(30);
constexpr std::size_t kAlarmText = 90;

}  // namespace

std::vector<std::string> Executor::responders() const {
    const auto people = box().directory.get();
    const auto& named =
        box().settings.responders.empty() ? box().settings.operators : box().settings.responders;
    std::vector<std::string> handles;
    for (const std::string& handle : named) {
        if (people->find(handle) != nullptr && handle != owner_) handles.push_back(handle);
    }
    return handles;
}

std::string Executor::operator()(const command::Alarm& c) {
    using How = command::Alarm::How;
    const auto told = responders();
    if (c.how == How::Drill) {
        return say("drill",
                   {{"count", std::to_string(told.size())}, {"village", box().settings.village}});
    }
    if (c.how == How::AllClear) {
        if (talk_.alarm == 0) return say("all_clear_none");
        Letter letter;
        letter.message = message_;
        letter.message.text = say(
            "all_clear_from", {{"who", short_name(tables(), "", message_.from, message_.from_name)},
                               {"text", message_.text}});
        letter.owner = owner_;
        letter.kind = store::Kind::Alarm;
        letter.answers = talk_.alarm;
        letter.trusted = true;
        letter.message.to.clear();
        letter.message.priority = Priority::Alarm;
        for (const std::string& handle : told) {
            letter.message.to.push_back(person(handle));
            letter.routes.push_back(box().router.route(person(handle), *box().directory.get()));
        }
        if (!letter.routes.empty()) take_letter(ledger_, letter);
        return say("all_clear", {{"item", std::to_string(talk_.alarm_item)}});
    }
    if (merges_with_open_alarm())
        return say("alarm_again", {{"item", std::to_string(talk_.alarm_item)}});
    return raise_alarm(c.text, c.how == How::Now);
}

bool Executor::merges_with_open_alarm() const {
    return talk_.alarm != 0 && talk_.confirm.empty() &&
           box().box_ms() - talk_.alarm_box_ms < kMerge.count();
}

// Not at once: the deliveries wait 30 s for a 0; a 1 lets them go now.
std::string Executor::raise_alarm(const std::string& text, bool at_once) {
    if (at_once && talk_.alarm != 0 && text.empty()) {
        bool waiting = false;
        for (store::DeliveryRow& row : tables().deliveries.of_message(talk_.alarm)) {
            if (row.state != State::Deferred) continue;
            ledger_.move(row, State::Ready, ProofClass::Observed, {}, "confirmed by its sender");
            waiting = true;
        }
        if (waiting) {
            return say("alarm_told", {{"item", std::to_string(talk_.alarm_item)},
                                      {"count", std::to_string(responders().size())},
                                      {"village", box().settings.village}});
        }
    }
    const auto told = responders();
    Letter letter;
    letter.message = message_;
    letter.message.to.clear();
    letter.message.priority = Priority::Alarm;
    letter.kind = store::Kind::Alarm;
    letter.owner = owner_;
    const auto people = box().directory.get();
    for (const std::string& handle : told) {
        letter.message.to.push_back(person(handle));
        letter.routes.push_back(box().router.route(person(handle), *people));
    }
    letter.message.text =
        say("alarm_from",
            {{"who", short_name(tables(), "",
                                people->person_of(message_.from) ? person(owner_) : message_.from,
                                message_.from_name)},
             {"text", one_line(text.empty() ? message_.text : text, kAlarmText)}});
    if (!at_once) letter.due_box_ms = box().box_ms() + kAskFirst.count();
    talk_.alarm_box_ms = box().box_ms();
    if (told.empty()) return say("alarm_nobody");
    const Taken taken = take_letter(ledger_, letter);
    talk_.alarm = taken.message;
    talk_.alarm_item = taken.item;
    if (!at_once) {
        talk_.confirm = "alarm";
        return say("alarm_ask");
    }
    talk_.confirm.clear();
    return say("alarm_told", {{"item", std::to_string(taken.item)},
                              {"count", std::to_string(told.size())},
                              {"village", box().settings.village}});
}

std::string Executor::call_off_alarm() {
    for (store::DeliveryRow& row : tables().deliveries.of_message(talk_.alarm)) {
        if (row.state == State::Deferred) {
            ledger_.move(row, State::Cancelled, ProofClass::Observed, {}, "called off in time");
        }
    }
    talk_.alarm = 0;
    return say("alarm_called_off");
}

}  // namespace waypost
