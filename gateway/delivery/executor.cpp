// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/executor.h"

#include "gateway/delivery/compose.h"
#include "gateway/delivery/receipts.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kOwnWordBytes = 16;
constexpr std::chrono::milliseconds kDraftLength = std::chrono::hours(1);

bool raises_alarm(const Command& command) {
    return std::holds_alternative<command::Alarm>(command);
}

// A radio whose key changed is a stranger's until the operator confirms it, but for what is sealed
// under the pinned key. Asked of the table: a key that was heard just before counts already.
bool in_doubt(Ledger& ledger, const Message& message) {
    const auto radio = ledger.tables().people.endpoint(message.from);
    if (!radio || radio->person.empty() || radio->public_key.empty()) return false;
    if (message.sealed_under.empty()) return !radio->new_key.empty();
    return message.sealed_under != radio->public_key;
}

}  // namespace

Executor::Executor(Ledger& ledger, const Message& message, bool room)
    : ledger_(ledger),
      message_(message),
      room_(room),
      doubted_(in_doubt(ledger, message)),
      owner_(doubted_ ? message.from.uri() : ledger.box().directory.get()->owner_of(message.from)),
      words_(&catalogue(language_of(ledger.box(), owner_))),
      talk_(load_talk(ledger.tables(), talk_key())) {}

// What the person had begun is not for him who may only pretend to be it.
Address Executor::talk_key() const {
    return doubted_ ? Address{message_.from.scheme, message_.from.value + '?'} : message_.from;
}

Verdict Executor::run() {
    if (repeated()) return {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, 0};
    close_old_matters();
    Command command = parse_command(message_.text, hints());
    if (message_.alert) command = command::Alarm{command::Alarm::How::Now, message_.text};
    // On a channel only an alarm is meant for us.
    if (message_.broadcast && !raises_alarm(command)) {
        return {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "not said to the gateway", 0};
    }
    forget_offers(command);
    std::string answer = std::visit(*this, command);
    with_welcome(answer);
    MessageId said = 0;
    // Who calls for help must learn at once whether anybody was told.
    const Priority priority = raises_alarm(command) ? Priority::Alarm : Priority::Urgent;
    if (!answer.empty()) {
        said = ledger_.say(message_.from, answer, store::Kind::Answer, priority, owner_, about_);
    }
    save_talk(tables(), talk_key(), talk_);
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
        if (!row || row->owner != owner_) continue;
        if (const int item = item_of(*row); item != 0) hints.reply_item = item;
    }
    return hints;
}

// The number of what that delivery brought, or of what it was an answer of ours about ("1 kept");
// 0 if there is none, or if it speaks of another message by now.
int Executor::item_of(const store::DeliveryRow& row) {
    MessageId message = row.message;
    if (row.item == 0) {
        const auto ours = tables().messages.find(row.message);
        if (!ours || ours->kind != store::Kind::Answer || ours->answers == 0) return 0;
        message = ours->answers;
    }
    const auto item = tables().items.by_message(owner_, message);
    return item ? item->number : 0;
}

// What was offered is over with the next line that is no digit: a 1 typed later to read item 1 must
// not take a name or send a draft.
void Executor::forget_offers(const Command& command) {
    if (std::holds_alternative<command::Choice>(command) ||
        std::holds_alternative<command::Nothing>(command)) {
        return;
    }
    talk_.choices.clear();
    talk_.confirm.clear();
}

// Nobody remembers longer what 0 would call off, or what was written and never sent.
void Executor::close_old_matters() {
    if (!alarm_open()) talk_.alarm_asked = false;
    if (box().box_ms() - talk_.draft_box_ms > kDraftLength.count()) talk_.draft.clear();
}

std::string Executor::fitting(const std::vector<std::string>& lines) const {
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string rest = say("more_lines", {{"count", std::to_string(lines.size() - i)}});
        const bool last = i + 1 == lines.size();
        const std::size_t room = kAnswerBytes - (last ? 0 : rest.size() + 1);
        if (out.size() + 1 + lines[i].size() > room) return out + (i == 0 ? "" : "\n") + rest;
        out += (i == 0 ? "" : "\n") + lines[i];
    }
    return out;
}

// A stranger is told once under what name he writes, in the same packet if it fits; a person whose
// radio counts as a stranger's, why.
void Executor::with_welcome(std::string& answer) {
    if (talk_.welcomed || owner_.find(':') == std::string::npos || answer.empty()) return;
    const std::string welcome =
        doubted_ ? say("key_doubted")
                 : say("welcome", {{"address", outside_address(box(), owner_).value}});
    if (answer.size() + 1 + welcome.size() > kAnswerBytes) return;  // the next answer has room
    answer += ". " + welcome;
    talk_.welcomed = true;
}

std::string Executor::operator()(const command::Nothing&) { return {}; }

std::string Executor::operator()(const command::Help& c) {
    return c.topic.empty() ? say("help") : say("help_write");
}

std::string Executor::operator()(const command::Ask& c) {
    return say("no_ask", {{"what", one_line(c.what, kOwnWordBytes)}});
}

std::string Executor::operator()(const command::Group&) { return say("no_groups"); }
std::string Executor::operator()(const command::PublicPost&) { return say("no_public"); }

}  // namespace waypost
