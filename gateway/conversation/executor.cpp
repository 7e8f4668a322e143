// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/executor.h"

#include <utility>

#include "gateway/commands/guess.h"
#include "gateway/conversation/address_book.h"
#include "gateway/conversation/alarm_answer.h"
#include "gateway/conversation/alarm_call.h"
#include "gateway/conversation/asked_value.h"
#include "gateway/conversation/check_ins.h"
#include "gateway/conversation/group_talk.h"
#include "gateway/conversation/identity.h"
#include "gateway/conversation/kept_receipt.h"
#include "gateway/conversation/preferences.h"
#include "gateway/conversation/publishing.h"
#include "gateway/conversation/reading.h"
#include "gateway/conversation/registration.h"
#include "gateway/conversation/writing.h"
#include "gateway/custody/check_in.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/language.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kOwnWordBytes = 16;
constexpr std::chrono::milliseconds kDraftLength = std::chrono::hours(1);

template <class... Each>
struct Overloaded : Each... {
    using Each::operator()...;
};
template <class... Each>
Overloaded(Each...) -> Overloaded<Each...>;

bool raises_alarm(const Command& command) {
    return std::holds_alternative<command::Alarm>(command);
}

using Radio = std::optional<store::EndpointRow>;

// A radio whose key changed is a stranger's until the operator confirms it, but for what is sealed
// under the pinned key.
bool in_doubt(const Radio& radio, const Message& message) {
    if (!radio || radio->person.empty() || radio->public_key.empty()) return false;
    if (message.sealed_under.empty()) return !radio->new_key.empty();
    return message.sealed_under != radio->public_key;
}

bool is_proven(const Radio& radio, const Message& message) {
    return !radio || radio->public_key.empty() || radio->public_key == message.sealed_under;
}

Line begin_line(Ledger& ledger, const Message& message, bool disk_has_room) {
    // Asked of the table: a key that was heard just before counts already.
    const Radio radio = ledger.tables().people.endpoint(message.from);
    const bool doubted = in_doubt(radio, message);
    const std::string owner =
        doubted ? message.from.uri() : ledger.box().directory.get()->owner_of(message.from);
    return {.ledger = ledger,
            .message = message,
            .disk_has_room = disk_has_room,
            .doubted = doubted,
            .owner = owner,
            .words = &words_of(ledger, owner),
            .talk = {},
            .proven = !doubted && is_proven(radio, message)};
}

// What the person had begun is not for him who may only pretend to be it.
Address talk_key(const Line& line) {
    const Address& from = line.message.from;
    return line.doubted ? Address{from.scheme, from.value + '?'} : from;
}

}  // namespace

Executor::Executor(Ledger& ledger, const Message& message, bool disk_has_room)
    : line_(begin_line(ledger, message, disk_has_room)) {
    line_.talk = load_talk(tables(), talk_key(line_));
}

Verdict Executor::run() {
    if (repeated()) return {Verdict::Kind::Duplicate, Verdict::Reason::None, {}, 0};
    if (!line_.doubted) sign_of_life(line_.ledger, line_.owner);
    close_old_matters();
    Command command = parse_command(line_.message.text, hints());
    if (line_.message.alert) command = command::Alarm{command::Alarm::How::Now, line_.message.text};
    // On a channel only an alarm is meant for us.
    if (line_.message.broadcast && !raises_alarm(command)) {
        return {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "not said to the gateway", 0};
    }
    const Pace how_fast = pace(command);
    if (how_fast == Pace::Drop) {
        tables().state.use(line_.owner, line_.box().day(), "dropped");
        return {Verdict::Kind::Refused, Verdict::Reason::QuotaFull, "too many lines", 0};
    }
    const std::string answer =
        how_fast == Pace::SlowDown ? line_.say("slow_down") : answer_to(command);
    MessageId said = 0;
    // Who calls for help must learn at once whether anybody was told.
    const Priority priority = raises_alarm(command) ? Priority::Alarm : Priority::Urgent;
    if (line_.receipt && priority != Priority::Alarm) {
        said = KeptReceipt(line_).say(answer);
    } else if (!answer.empty()) {
        said = line_.ledger.say(line_.message.from, answer, store::Kind::Answer, priority,
                                line_.owner, line_.about);
    }
    save_talk(tables(), talk_key(line_), line_.talk);
    if (!line_.message.origin_id.empty()) {
        tables().state.remember(duplicate_key(line_.message, {}), said, line_.ledger.now());
    }
    return {Verdict::Kind::Accepted, Verdict::Reason::None, {}, said};
}

std::string Executor::answer_to(const Command& command) {
    forget_offers(command);
    hear(command);
    std::string answer = carry_out(command);
    with_welcome(answer);
    return answer;
}

// Nothing limits a call for help, nor the answer to our own question about one.
Pace Executor::pace(const Command& command) {
    const auto* said = std::get_if<command::Say>(&command);
    const bool distress = said != nullptr && said->distress;
    if (raises_alarm(command) || distress || line_.talk.alarm_asked) return Pace::Fine;
    return pace_of(line_.talk, line_.box().settings->radio_lines_per_minute, line_.box().box_ms());
}

bool Executor::repeated() {
    return !line_.message.origin_id.empty() &&
           tables().state.duplicate(duplicate_key(line_.message, {})).has_value();
}

Hints Executor::hints() {
    Hints hints;
    hints.reaction = line_.message.reaction;
    hints.choice_offered = line_.talk.offers();
    hints.schemes = &line_.box().router.typed_schemes();
    for (const std::string& reference : line_.message.references) {
        const auto delivery = tables().deliveries.by_wire_id(reference);
        const auto row = delivery ? tables().deliveries.find(*delivery) : std::nullopt;
        if (!row || row->owner != line_.owner) continue;
        if (const int item = item_of(*row); item != 0) hints.reply_item = item;
    }
    return hints;
}

// The number of what that delivery brought, or of what it was a line of ours about ("1 kept", held
// mail, a name that is asked for); 0 if there is none, or if it speaks of another message by now.
int Executor::item_of(const store::DeliveryRow& row) {
    MessageId message = row.message;
    if (row.item == 0) {
        const auto ours = tables().messages.find(row.message);
        const bool about_one =
            ours && (ours->kind == store::Kind::Answer || ours->kind == store::Kind::Notice);
        if (!about_one || ours->answers == 0) return 0;
        message = ours->answers;
    }
    const auto item = tables().items.by_message(line_.owner, message);
    return item ? item->number : 0;
}

// What he typed may say in which language he wants his answers.
void Executor::hear(const Command& command) {
    if (std::holds_alternative<command::Nothing>(command)) return;
    const std::string guess = guess_language(line_.message.text);
    if (guess.empty()) return;
    hear_language(line_.ledger, line_.owner, guess);
    line_.words = &words_of(line_.ledger, line_.owner);
}

// What was offered is over with the next line that is no digit: a 1 typed later to read item 1 must
// not take a name or send a draft.
void Executor::forget_offers(const Command& command) {
    if (!std::holds_alternative<command::More>(command)) line_.talk.book_after.clear();
    if (std::holds_alternative<command::Choice>(command) ||
        std::holds_alternative<command::Nothing>(command)) {
        return;
    }
    line_.talk.choices.clear();
    line_.talk.confirm.clear();
}

// Nobody remembers longer what 0 would call off, or what was written and never sent.
void Executor::close_old_matters() {
    if (!AlarmCall(line_).question_stands()) line_.talk.alarm_asked = false;
    if (line_.box().box_ms() - line_.talk.draft_box_ms > kDraftLength.count())
        line_.talk.draft.clear();
}

// A stranger is told once under what name he writes, in the same packet if it fits; a person whose
// radio counts as a stranger's, why.
void Executor::with_welcome(std::string& answer) {
    if (line_.talk.welcomed || !line_.from_stranger() || answer.empty()) return;
    // Who is known by a name on a channel alone has no address.
    if (line_.owner.find(":!") == std::string::npos) return;
    const std::string welcome =
        line_.doubted
            ? line_.say("key_doubted")
            : line_.say("welcome", {{"address", outside_address(line_.box(), line_.owner).value}});
    if (answer.size() + 1 + welcome.size() > kAnswerBytes) return;  // the next answer has room
    answer += ". " + welcome;
    line_.talk.welcomed = true;
}

// What 0, 1, 2 ... mean was offered by the answer before.
std::string Executor::choose(int number) {
    Talk& talk = line_.talk;
    if (talk.alarm_asked && number <= 1) return AlarmCall(line_).answer_question(number == 1);
    const std::string confirm = std::exchange(talk.confirm, {});
    const std::vector<std::string> choices = std::exchange(talk.choices, {});
    const bool distress = confirm == "sos";
    if (number == 1 && distress) return AlarmCall(line_).now(std::exchange(talk.draft, {}));
    if (number == 1 && AlarmAnswer::asks(confirm)) return AlarmAnswer(line_).confirmed(confirm);
    if (number == 1 && Publishing::asks(confirm)) return Publishing(line_).confirmed();
    if (number == 1 && !confirm.empty()) return Registration(line_).confirmed(confirm);
    if (!confirm.empty() && !distress) return line_.say("dropped");
    return Writing(line_).choose(number, choices, distress ? 2 : 1);
}

// A yes or no to a post, to what is asked in a name, else to who sent it.
std::string Executor::decide(int item, bool yes) {
    using store::ContactState;
    if (auto said = GroupTalk(line_).decide(item, yes)) return std::move(*said);
    if (auto said = Identity(line_).decide(item, yes)) return std::move(*said);
    return AddressBook(line_).judge(item, yes ? ContactState::Known : ContactState::Blocked);
}

std::string Executor::carry_out(const Command& typed) {
    using namespace command;
    Line& line = line_;
    if (auto of_alarm = AlarmAnswer(line).about(typed)) return *of_alarm;
    return std::visit(
        Overloaded{
            [](const Nothing&) { return std::string(); },
            [&](const Help& c) { return line.say(c.topic.empty() ? "help" : "help_write"); },
            [&](const Ask& c) {
                if (const auto posts = GroupTalk(line).ask(c.what)) return *posts;
                if (auto value = asked_value(line, c.what)) return std::move(*value);
                return line.say("no_ask", {{"what", one_line(c.what, kOwnWordBytes)}});
            },
            [&](const List&) { return Reading(line).list(); },
            [&](const Read& c) { return Reading(line).read(c.item); },
            [&](const More&) { return Reading(line).more(); },
            [&](const WhereIs& c) { return Reading(line).where_is(c.item); },
            [&](const Cancel& c) {
                if (auto said = Identity(line).decide(c.item, false)) return std::move(*said);
                return Reading(line).cancel(c.item);
            },
            [&](const Write& c) { return Writing(line).write(c); },
            [&](const Answer& c) { return Writing(line).answer(c); },
            [&](const OpenTalk& c) { return Writing(line).open_talk(c); },
            [&](const Say& c) {
                if (auto value = asked_value_in(line, c.text)) return std::move(*value);
                return Writing(line).say_on(c);
            },
            [&](const ShowBook&) { return AddressBook(line).show(); },
            [&](const SaveContact& c) { return AddressBook(line).save(c); },
            [&](const AcceptSender& c) { return decide(c.item, true); },
            [&](const RefuseSender& c) { return decide(c.item, false); },
            [&](const Group& c) { return GroupTalk(line).group(c); },
            [&](const PublicPost& c) { return Publishing(line).post(c); },
            [&](const command::Alarm& c) { return AlarmCall(line).called(c); },
            [&](const Choice& c) { return choose(c.number); },
            [&](const Verb& c) {
                if (c.name == "check") return CheckIns(line).verb(c.argument);
                if (c.name == "quiet") return Preferences(line).quiet(c.argument);
                return Registration(line).verb(c);
            },
        },
        typed);
}

}  // namespace waypost
