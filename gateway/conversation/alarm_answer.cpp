// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/alarm_answer.h"

#include "gateway/conversation/alarm_call.h"
#include "gateway/conversation/writing.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/responders.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::string_view kClose = "close ";
constexpr std::size_t kNames = 30;
constexpr std::size_t kSurelyFits = 60;

}  // namespace

std::optional<AlarmAnswer::Named> AlarmAnswer::named(int number) {
    const auto item = tables().items.find(line_.owner, number);
    if (!item) return std::nullopt;
    const auto alarm = tables().alarms.by_message(item->message);
    return alarm ? std::optional(Named{*alarm, *item}) : std::nullopt;
}

// Where his key is known, only what it proves may end the telling: anybody can send a line in his
// name that it does not.
bool AlarmAnswer::responds(const Named& named) const {
    const auto* radio = box().directory.get()->endpoint(line_.message.from);
    const bool has_key = radio != nullptr && !radio->public_key.empty();
    return named.item.incoming && !line_.doubted && is_responder(box(), line_.owner) &&
           (line_.message.verified_sender || !has_key);
}

std::optional<std::string> AlarmAnswer::about(const Command& typed) {
    if (const auto* c = std::get_if<command::Answer>(&typed)) {
        const auto found = named(c->item);
        return found ? answer(*found, *c) : std::nullopt;
    }
    if (const auto* c = std::get_if<command::AcceptSender>(&typed)) {
        const auto found = named(c->item);
        return found && responds(*found) ? have_it(*found, {}) : std::nullopt;
    }
    if (const auto* c = std::get_if<command::Cancel>(&typed)) {
        const auto found = named(c->item);
        return found ? std::optional(close(*found)) : std::nullopt;
    }
    if (const auto* c = std::get_if<command::WhereIs>(&typed)) {
        const auto found = named(c->item);
        return found ? std::optional(where(*found)) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::string> AlarmAnswer::answer(const Named& named, const command::Answer& c) {
    if (named.item.incoming) return responds(named) ? have_it(named, c.text) : std::nullopt;
    if (!named.alarm.lives())
        return say("alarm_over", {{"item", std::to_string(named.item.number)}});
    return AlarmCall(line_).now(c.text);
}

// Of one that is closed, what he writes is an ordinary answer to its caller.
std::optional<std::string> AlarmAnswer::have_it(const Named& named, const std::string& words) {
    if (!Alarms(line_.ledger).acknowledge(named.alarm, line_.owner, words)) return std::nullopt;
    // What may not fit the line that its caller reads comes to him whole, too.
    if (words.size() > kSurelyFits) Writing(line_).answer({named.item.number, words});
    line_.about = named.alarm.message;
    return say("alarm_ack_done",
               {{"item", std::to_string(named.item.number)}, {"who", named.alarm.who}});
}

std::string AlarmAnswer::close(const Named& named) {
    const std::string item = std::to_string(named.item.number);
    if (!named.alarm.lives()) return say("alarm_over", {{"item", item}});
    if (!responds(named)) return say("alarm_only_responder", {{"item", item}});
    line_.talk.confirm = std::string(kClose) + item;
    return say("alarm_close_ask", {{"item", item}, {"who", named.alarm.who}});
}

bool AlarmAnswer::asks(const std::string& confirm) { return confirm.rfind(kClose, 0) == 0; }

std::string AlarmAnswer::confirmed(const std::string& confirm) {
    const auto found = named(std::stoi(confirm.substr(kClose.size())));
    if (!found || !responds(*found)) return say("nothing_asked");
    const std::string item = std::to_string(found->item.number);
    Alarms(line_.ledger).close(found->alarm, line_.owner);
    return say("alarm_over", {{"item", item}});
}

// Never more than the last proof.
std::string AlarmAnswer::where(const Named& named) {
    const store::AlarmRow& alarm = named.alarm;
    const std::string item = std::to_string(named.item.number);
    if (!alarm.lives()) return say("alarm_over", {{"item", item}});
    const Reached reached = reached_by(tables(), alarm);
    const std::string count = std::to_string(reached.told.size());
    if (alarm.state != store::AlarmState::Open) {
        return say("alarm_where_answered",
                   {{"item", item},
                    {"count", count},
                    {"who", one_line(alarm.acknowledged_by, kNames)},
                    {"time", clock_time(alarm.acknowledged_ms, line_.ledger.now())}});
    }
    std::string names;
    for (const std::string& each : reached.heard) names += (names.empty() ? "" : " ") + each;
    if (names.empty()) return say("alarm_where_none", {{"item", item}, {"count", count}});
    return say("alarm_where_heard",
               {{"item", item}, {"count", count}, {"who", one_line(names, kNames)}});
}

}  // namespace waypost
