// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/executor.h"

#include "gateway/delivery/compose.h"
#include "gateway/delivery/receipts.h"

namespace waypost {
namespace {

constexpr std::size_t kOnePacket = 130;

bool raises_alarm(const Command& command) {
    return std::holds_alternative<command::Alarm>(command);
}

}  // namespace

Executor::Executor(Ledger& ledger, const Message& message, bool room)
    : ledger_(ledger),
      message_(message),
      room_(room),
      owner_(ledger.box().directory.get()->owner_of(message.from)),
      words_(&catalogue(language_of(ledger.box(), owner_))),
      talk_(load_talk(ledger.tables(), message.from)) {}

Verdict Executor::run() {
    if (repeated()) return {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, 0};
    Command command = parse_command(message_.text, hints());
    if (message_.alert) command = command::Alarm{command::Alarm::How::Now, message_.text};
    // On a channel only an alarm is meant for us.
    if (message_.broadcast && !raises_alarm(command)) {
        return {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "not said to the gateway", 0};
    }
    std::string answer = std::visit(*this, command);
    with_welcome(answer);
    MessageId said = 0;
    if (!answer.empty()) said = ledger_.say(message_.from, answer, store::Kind::Answer);
    save_talk(tables(), message_.from, talk_);
    if (!message_.origin_id.empty()) {
        tables().state.remember(duplicate_key(message_, {}), said, ledger_.now());
    }
    return {Verdict::Kind::Accepted, Verdict::Reason::None, {}, said};
}

bool Executor::repeated() {
    return !message_.origin_id.empty() &&
           tables().state.duplicate(duplicate_key(message_, {})).has_value();
}

Hints Executor::hints() {
    Hints hints;
    hints.reaction = message_.reaction;
    hints.choice_offered = talk_.offers();
    for (const std::string& reference : message_.references) {
        const auto delivery = tables().deliveries.by_wire_id(reference);
        const auto row = delivery ? tables().deliveries.find(*delivery) : std::nullopt;
        if (row && row->item != 0 && row->owner == owner_) hints.reply_item = row->item;
    }
    return hints;
}

// A stranger is told once under what name he writes, in the same packet if it fits.
void Executor::with_welcome(std::string& answer) {
    if (talk_.welcomed || owner_.find(':') == std::string::npos || answer.empty()) return;
    const std::string welcome = say("welcome", {{"address", outside_address(box(), owner_).value}});
    if (answer.size() + 1 + welcome.size() > kOnePacket) return;  // the next answer has room
    answer += ". " + welcome;
    talk_.welcomed = true;
}

std::string Executor::operator()(const command::Nothing&) { return {}; }

std::string Executor::operator()(const command::Help& c) {
    return c.topic.empty() ? say("help") : say("help_write");
}

std::string Executor::operator()(const command::Ask& c) {
    return say("no_ask", {{"what", c.what.substr(0, 16)}});
}

std::string Executor::operator()(const command::Group&) { return say("no_groups"); }
std::string Executor::operator()(const command::PublicPost&) { return say("no_public"); }

}  // namespace waypost
