// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/outside.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "gateway/base/encoding.h"
#include "gateway/base/time_parts.h"
#include "gateway/commands/catalogue.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/group_door.h"
#include "gateway/custody/held.h"
#include "gateway/custody/language.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using store::MessageRow;

constexpr char kTold[] = "told-outside";  // hash of whom, of what -> the day
constexpr char kLooked[] = "late";        // state: the last delivery that tell_late looked at
constexpr int kUnvouchedPerDay = 20;
constexpr char kConfirmed[] = "confirmed";
// To one sender of mails: anybody may have written under his name. In a chat his server says who he
// is, and he gets no more than one for each letter that is in custody.
constexpr int kConfirmedPerDay = 100;
constexpr std::chrono::milliseconds kLateAfter = std::chrono::hours(24);
constexpr std::chrono::milliseconds kTryFor = std::chrono::hours(24 * 5);

// RFC 3834 section 2: what answers here is a program, or a list's many readers.
bool is_a_program(std::string_view local_part) {
    const std::string name = lower_ascii(local_part);
    static constexpr std::array<std::string_view, 5> kNames = {
        "mailer-daemon", "noreply", "no-reply", "donotreply", "do-not-reply"};
    const auto ends = [&](std::string_view end) {
        return name.size() > end.size() &&
               name.compare(name.size() - end.size(), end.size(), end) == 0;
    };
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
           name.rfind("owner-", 0) == 0 || ends("-request") || ends("-bounces");
}

// Of ours only who wrote by chat is told so; the others have their numbers.
bool may_tell(const Box& box, const MessageRow& message) {
    const Address& to = message.message.return_path;
    const bool from_outside = message.owner.empty() && !box.router.ours(to);
    return (from_outside || wrote_by_chat(message.message)) && !message.message.automatic &&
           !to.empty() && !box.router.network_of(to).empty() && !is_a_program(to.local_part());
}

// It goes on to somebody outside.
bool goes_outside(const Box& box, const store::DeliveryRow& row) {
    return !row.recipient.domain().empty() ||
           box.router.typed_schemes().count(row.recipient.scheme) > 0;
}

// What its sender asked for: of failures and delays by name, of anything else unless he wants none.
bool wants(Ledger& ledger, const store::DeliveryRow& row, store::ReportOf report) {
    const auto asked = ledger.tables().wishes.find(row.id);
    if (!asked) return true;
    if (report == store::ReportOf::Failure) return asked->wish.failed;
    if (report == store::ReportOf::Delay) return asked->wish.late;
    return !asked->wish.silence();
}

std::string key_of(const char* what, const store::DeliveryRow& row, const MessageRow& message,
                   const std::string& thread = {}) {
    return short_hash(std::string(what) + '\n' + message.message.return_path.uri() + '\n' +
                      row.owner + '\n' + thread);
}

// In a chat nothing is a mail, where it makes a difference.
std::string key_for(const Message& message, const std::string& letter) {
    if (!wrote_by_chat(message)) return letter;
    const std::string in_chat = letter + "_chat";
    return catalogue("en").letters().count(in_chat) > 0 ? in_chat : letter;
}

// As he wrote it: ana@hill.example, in a chat ana, or where it was to be forwarded.
std::string recipient_of(const Box& box, const store::DeliveryRow& row, const Message& message) {
    if (goes_outside(box, row)) return row.recipient.value;
    const Address his = outside_address(box, row.owner);
    return wrote_by_chat(message) ? std::string(his.local_part()) : his.value;
}

// One of ours is told in his language; what somebody outside speaks nobody knows.
std::string in_words_of(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message,
                        const LetterIn& letter) {
    if (!message.owner.empty()) return letter(words_of(ledger, message.owner));
    return in_both(words_of(ledger, row.owner), letter);
}

std::string in_words_of(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message,
                        const char* what, Catalogue::Values values) {
    const std::string key = key_for(message.message, what);
    return in_words_of(ledger, row, message,
                       [&](const Catalogue& c) { return c.letter(key, values); });
}

std::string day_of(store::Ms wall_ms) {
    const std::tm utc = utc_parts(wall_ms / 1000);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc);
    return text;
}

struct Saying {
    std::string subject;
    std::string text;
    store::ReportOf report = store::ReportOf::Nothing;
};

void say(Ledger& ledger, const store::DeliveryRow& about, const MessageRow& message,
         Saying saying) {
    MessageRow row;
    row.answers = message.id;
    row.report = saying.report;
    row.about = about.id;
    row.message.subject = std::move(saying.subject);
    row.message.text = std::move(saying.text);
    write_outside(ledger, row, message.message.return_path);
    ledger.event(about, "sender told", ProofClass::Observed, {}, one_line(row.message.subject, 60));
}

// A chat has no subject to answer under: the text says all.
std::string subject_for(Ledger& ledger, const store::DeliveryRow& row, const char* key,
                        const MessageRow& message) {
    const Message& m = message.message;
    if (m.subject.empty() && wrote_by_chat(m)) return {};
    const std::string& subject = m.subject.empty() ? recipient_of(ledger.box(), row, m) : m.subject;
    const std::string& reader = message.owner.empty() ? row.owner : message.owner;
    return words_of(ledger, reader).letter(key, {{"subject", subject}});
}

bool waits_for_consent(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message) {
    return row.state == State::Held && !has_consent(ledger, row.owner, message);
}

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

// The oldest message that it goes back to (RFC 5322 3.6.4), or itself.
std::string thread_of(const Message& message) {
    return message.references.empty() ? message.origin_id : message.references.back();
}

// Most mail that nobody vouches for names a sender who never wrote it: few a day get an answer.
bool is_his(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message) {
    // What is forwarded is for those whom the operator trusts.
    if (goes_outside(ledger.box(), row) || message.message.verified_sender) return true;
    // Looked at first: beyond the limit each such mail would cost a write for nothing.
    auto& state = ledger.tables().state;
    const std::int64_t today = ledger.box().day();
    if (state.used("-", today, kTold) >= kUnvouchedPerDay) return false;
    state.use("-", today, kTold);
    return true;
}

void tell_if_late(Ledger& ledger, const store::DeliveryRow& row) {
    const bool waits = row.state == State::Held || row.state == State::Deferred ||
                       row.state == State::Queued || row.state == State::Ready ||
                       row.state == State::Sending;
    if (!waits || !group_of(ledger.tables(), row).empty()) return;
    const auto message = ledger.tables().messages.find(row.message);
    if (!message || !may_tell(ledger.box(), *message)) return;
    if (waits_for_consent(ledger, row, *message)) return;  // he was told so already
    if (!is_mailbox(row.recipient) && has_another_way(ledger, row)) return;
    if (!wants(ledger, row, store::ReportOf::Delay)) return;
    if (!is_his(ledger, row, *message)) return;
    const Box& box = ledger.box();
    say(ledger, row, *message,
        {subject_for(ledger, row, "late_subject", *message),
         in_words_of(ledger, row, *message, "late",
                     {{"who", recipient_of(box, row, message->message)},
                      {"until", day_of(row.expires_ms)}}),
         store::ReportOf::Delay});
}

// `what`: the letter of that name.
void tell_once_a_pair(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message,
                      const char* what) {
    const Box& box = ledger.box();
    auto& state = ledger.tables().state;
    const std::string key = key_of(what, row, message);
    if (!may_tell(box, message) || state.get(kTold, key)) return;
    if (!wants(ledger, row, store::ReportOf::Nothing)) return;
    if (!is_his(ledger, row, message)) return;
    state.put(kTold, key, std::to_string(box.day()));
    say(ledger, row, message,
        {reply_subject(message.message.subject),
         in_words_of(ledger, row, message, what,
                     {{"who", recipient_of(box, row, message.message)},
                      {"most", short_size(box.settings->max_message_bytes)}}),
         store::ReportOf::Nothing});
}

bool may_confirm(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message) {
    return may_tell(ledger.box(), message) &&
           (goes_outside(ledger.box(), row) || has_consent(ledger, row.owner, message));
}

// `what`: the letter of that name.
void confirm(Ledger& ledger, const store::DeliveryRow& row, const char* what,
             store::ReportOf report) {
    // Nearly nobody asks: no message is read for the others.
    const auto asked = ledger.tables().wishes.find(row.id);
    if (!asked || !asked->wish.delivered || asked->answered) return;
    const auto message = ledger.tables().messages.find(row.message);
    if (!message) return;
    const bool chat = wrote_by_chat(message->message);
    // In a chat nothing says that it went on.
    if (chat && report == store::ReportOf::Relay) return;
    if (!may_confirm(ledger, row, *message)) return;
    if (chat) {
        // A mark at his letter, without words; of each letter one.
        ledger.tables().wishes.set_answered(row.message, asked->whose);
        return say(ledger, row, *message, {{}, {}, report});
    }
    auto& state = ledger.tables().state;
    const Box& box = ledger.box();
    const std::string sender = message->message.from.uri();
    if (state.used(sender, box.day(), kConfirmed) >= kConfirmedPerDay) return;
    state.use(sender, box.day(), kConfirmed);
    ledger.tables().wishes.set_answered(row.message, asked->whose);
    say(ledger, row, *message,
        {subject_for(ledger, row, "delivered_subject", *message),
         in_words_of(ledger, row, *message, what,
                     {{"who", recipient_of(box, row, message->message)}}),
         report});
}

}  // namespace

bool wrote_by_chat(const Message& message) {
    return !message.return_path.empty() && message.return_path.scheme != "mailto";
}

void write_outside(Ledger& ledger, MessageRow& mail, const Address& to) {
    mail.kind = store::Kind::Notice;
    mail.message.network = "local";
    mail.message.automatic = true;
    ledger.add_message(mail);
    store::DeliveryRow delivery;
    delivery.message = mail.id;
    delivery.owner = "-";
    delivery.recipient = to;
    delivery.network = ledger.box().router.network_of(to);
    delivery.expires_ms = ledger.now() + kTryFor.count();
    ledger.add_delivery(delivery);
}

void tell_arrived(Ledger& ledger, const store::DeliveryRow& row) {
    confirm(ledger, row, "delivered", store::ReportOf::Arrival);
}

void tell_left(Ledger& ledger, const store::DeliveryRow& row) {
    // A radio that says no more, or a mailbox: nothing was passed on.
    if (ledger.box().router.ordered(row.network) || is_mailbox(row.recipient)) return;
    confirm(ledger, row, "relayed", store::ReportOf::Relay);
}

void tell_held(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message) {
    tell_once_a_pair(ledger, row, message, "held");
}

void tell_unreadable(Ledger& ledger, const store::DeliveryRow& row, const MessageRow& message) {
    const bool large = message.message.unreadable == Unreadable::TooLarge;
    tell_once_a_pair(ledger, row, message, large ? "too_large" : "encrypted");
}

void tell_shortened(Ledger& ledger, const store::DeliveryRow& row) {
    const Box& box = ledger.box();
    if (row.item == 0 || !box.router.ordered(row.network)) return;  // no radio
    if (!group_of(ledger.tables(), row).empty()) return;
    if (has_another_way(ledger, row)) return;  // whole in his mailbox
    const auto message = ledger.tables().messages.find(row.message);
    const auto item = ledger.tables().items.find(row.owner, row.item);
    if (!message || !item || !may_tell(box, *message)) return;
    if (!wants(ledger, row, store::ReportOf::Nothing)) return;
    const std::string whole = plain_text(words_of(ledger, row.owner), *message);
    const auto shown = static_cast<std::size_t>(std::max<std::int64_t>(item->shown, 0));
    const bool pictures = message->message.text.empty() && !message->message.attachments.empty();
    if (!pictures && shown >= whole.size()) return;
    const std::string key = key_of("shortened", row, *message, thread_of(message->message));
    if (ledger.tables().state.get(kTold, key)) return;
    ledger.tables().state.put(kTold, key, std::to_string(box.day()));
    const std::string who = recipient_of(box, row, message->message);
    const auto note = [&](const Catalogue& c) {
        return c.letter(key_for(message->message, "pictures"),
                        {{"who", who}, {"what", attachment_note(c, message->message.attachments)}});
    };
    const std::string text =
        pictures ? in_words_of(ledger, row, *message, note)
                 : in_words_of(ledger, row, *message, "shortened",
                               {{"who", who},
                                {"shown", std::to_string(letters(whole.substr(0, shown)))},
                                {"letters", std::to_string(letters(whole))}});
    say(ledger, row, *message,
        {reply_subject(message->message.subject), text, store::ReportOf::Nothing});
}

bool tell_late(Ledger& ledger, int most) {
    auto& tables = ledger.tables();
    const auto looked = tables.state.get(kLooked, "delivery");
    DeliveryId last = looked ? std::stoll(*looked) : 0;
    const DeliveryId before = last;
    const auto rows = tables.deliveries.list(std::nullopt, last, most);
    for (const store::DeliveryRow& row : rows) {
        if (row.created_ms > ledger.now() - kLateAfter.count()) break;
        tell_if_late(ledger, row);
        last = row.id;
    }
    if (last != before) tables.state.put(kLooked, "delivery", std::to_string(last));
    return !rows.empty() && last == rows.back().id && rows.size() == static_cast<std::size_t>(most);
}

void tell_given_up(Ledger& ledger, const store::DeliveryRow& row, const std::string& reason) {
    const Box& box = ledger.box();
    const auto message = ledger.tables().messages.find(row.message);
    if (!message || !may_tell(box, *message)) return;
    if (!wants(ledger, row, store::ReportOf::Failure)) return;
    if (!group_of(ledger.tables(), row).empty()) return;
    const bool never_consented =
        row.attempts == 0 && !goes_outside(box, row) && !has_consent(ledger, row.owner, *message);
    if (never_consented && !ledger.tables().state.get(kTold, key_of("held", row, *message))) return;
    if (!is_his(ledger, row, *message)) return;
    const Message& about = message->message;
    const auto letter_in = [&](const Catalogue& language) {
        const std::string why = reason.empty()
                                    ? language.letter(key_for(about, "not_in_time"))
                                    : said_why(language, State::Failed, row.code, reason);
        return language.letter(key_for(about, "given_up"),
                               {{"who", recipient_of(box, row, about)}, {"reason", why}});
    };
    say(ledger, row, *message,
        {subject_for(ledger, row, "given_up_subject", *message),
         in_words_of(ledger, row, *message, letter_in), store::ReportOf::Failure});
}

}  // namespace waypost
