// SPDX-License-Identifier: Apache-2.0
#include "bridges/post/letters.h"

#include <algorithm>

#include "bridges/email/mime/delivery_mail.h"
#include "bridges/email/mime/mail_message.h"
#include "bridges/email/mime/smtp_status.h"
#include "gateway/message/text.h"

namespace waypost::post {
namespace {

constexpr std::string_view kReportPath = "bounce+";  // of every box's addresses for reports

bool is_report_path(const Address& address) {
    return address.local_part().substr(0, kReportPath.size()) == kReportPath;
}

bool same(const Letter& a, const Letter& b) {
    return a.id == b.id && a.from == b.from && a.from_name == b.from_name &&
           a.subject == b.subject && a.text == b.text && a.references == b.references &&
           a.written == b.written && a.priority == b.priority && a.automatic == b.automatic &&
           a.mail == b.mail;
}

std::string short_line(const std::string& text) {
    return one_line(clean_utf8(text), Limits{}.line_bytes);
}

// The nearest of them.
std::vector<std::string> some_references(const std::vector<std::string>& all) {
    std::vector<std::string> some;
    for (const std::string& each : all) {
        if (some.size() == static_cast<std::size_t>(Limits{}.references)) break;
        if (each.size() <= Limits{}.line_bytes) some.push_back(each);
    }
    return some;
}

Fate::Kind kind_of(Report::Action action) {
    switch (action) {
        case Report::Action::Delayed:
            return Fate::Kind::Delayed;
        case Report::Action::Failed:
            return Fate::Kind::Failed;
        case Report::Action::Delivered:
            return Fate::Kind::Delivered;
        case Report::Action::Relayed:
            return Fate::Kind::Relayed;
    }
    return Fate::Kind::NotSaid;
}

Message plain_message(const Letter& letter) {
    Message message;
    message.network = "email";
    message.from = letter.from;
    message.from_name = letter.from_name;
    message.subject = letter.subject;
    message.text = letter.text;
    message.references = letter.references;
    message.written = letter.written;
    message.automatic = message.program = letter.automatic;
    return message;
}

}  // namespace

bool is_event(const Delivery& delivery) {
    return delivery.report && is_report_path(delivery.to) && !delivery.report->original_id.empty();
}

Event event_of(const Delivery& delivery, WallTime now) {
    const Report& report = *delivery.report;
    Event event;
    event.id = report.original_id;
    event.to = delivery.to;
    event.recipient = report.recipient;
    event.action = report.action;
    event.status = short_line(report.status);
    event.diagnostic = short_line(report.diagnostic);
    event.envelope_id = report.envelope_id;
    event.original_recipient = report.original_recipient;
    event.at = to_ms(now) / 1000;
    return event;
}

Result<Letter> letter_of(const Delivery& delivery, Office& office) {
    Letter letter;
    letter.id = delivery.message_id;
    letter.from = delivery.from;
    letter.priority = delivery.priority;
    letter.automatic = delivery.automatic;
    Copy copy{delivery.to, delivery.return_path, delivery.wish.value_or(Wish{}),
              delivery.envelope_id};
    letter.copies.push_back(std::move(copy));
    if (delivery.body.size > 0 || delivery.list || delivery.report) {
        auto bytes = email::mail_bytes_of(delivery, office);
        if (!bytes.ok()) return bytes.error();
        letter.mail = std::move(*bytes);
        return letter;
    }
    letter.from_name = short_line(delivery.from_name);
    letter.subject = short_line(delivery.subject);
    letter.text = delivery.text;
    letter.references = some_references(delivery.references);
    letter.written = to_ms(delivery.written) / 1000;
    return letter;
}

void add(Batch& batch, Letter letter) {
    const auto before = std::find_if(batch.letters.begin(), batch.letters.end(),
                                     [&](const Letter& each) { return same(each, letter); });
    const bool joins = before != batch.letters.end() &&
                       before->copies.size() < static_cast<std::size_t>(Limits{}.copies);
    if (!joins) return batch.letters.push_back(std::move(letter));
    for (Copy& copy : letter.copies) before->copies.push_back(std::move(copy));
}

Result<Message> message_of(const Letter& letter, const Copy& copy, const std::string& own_domain) {
    Message message;
    if (letter.mail.empty()) {
        message = plain_message(letter);
    } else {
        const std::optional<Address> from =
            copy.return_path.empty() ? std::nullopt : std::optional(copy.return_path);
        const auto mail = email::read_mail(letter.mail, {}, {.null_sender = !from});
        if (!mail.ok()) return mail.error();
        if (email::goes_round(*mail, own_domain))
            return Error{Code::Conflict, "this mail goes round in a circle", false};
        message = email::message_of(*mail, from);
        // A group's post, or what a program wrote, may have no return path and still be a letter's.
        message.automatic = mail->automatic || letter.automatic;
        message.program = mail->program || letter.automatic;
        message.body.bytes = letter.mail;
        message.body.size = letter.mail.size();
    }
    message.origin_id = letter.id;
    message.return_path = copy.return_path;
    message.to = {copy.to};
    message.wishes = {copy.wish};
    message.envelope_id = copy.envelope_id;
    // What goes before others here is this box's own affair.
    message.priority = letter.priority == Priority::Bulk ? Priority::Bulk : Priority::Normal;
    message.privacy = Privacy::ToGateway;
    return message;
}

Message message_of(const Event& event, const std::string& origin) {
    Message message;
    message.network = "email";
    message.from = mailto("postmaster", origin);
    message.to = {event.to};
    message.automatic = message.program = true;
    message.privacy = Privacy::ToGateway;
    Fate fate;
    fate.kind = kind_of(event.action);
    fate.wire_id = event.id;
    fate.recipient = event.recipient;
    fate.code = event.status;
    fate.detail = fate.kind == Fate::Kind::Failed
                      ? email::refusal_in_words(event.status, true, event.diagnostic)
                      : event.diagnostic;
    message.fate = std::move(fate);
    return message;
}

Event refusal_of(const Letter& letter, const Copy& copy, WallTime now) {
    Event event;
    event.id = letter.id;
    event.to = copy.return_path;
    event.recipient = copy.to;
    event.action = Report::Action::Failed;
    event.envelope_id = copy.envelope_id;
    event.original_recipient = copy.wish.recipient;
    event.at = to_ms(now) / 1000;
    return event;
}

const char* status_of(Verdict::Reason reason) {
    switch (reason) {
        case Verdict::Reason::UnknownRecipient:
            return "5.1.1";
        case Verdict::Reason::NotAllowed:
            return "5.7.1";
        case Verdict::Reason::TooLarge:
            return "5.3.4";
        case Verdict::Reason::Loop:
            return "5.4.6";
        case Verdict::Reason::BadInput:
            return "5.6.0";
        case Verdict::Reason::QuotaFull:
        case Verdict::Reason::StorageFull:
        case Verdict::Reason::Busy:
        case Verdict::Reason::None:
            break;
    }
    return "5.0.0";
}

const char* status_of(const Error& why) {
    return status_of(why.code == Code::TooLarge   ? Verdict::Reason::TooLarge
                     : why.code == Code::Conflict ? Verdict::Reason::Loop
                                                  : Verdict::Reason::BadInput);
}

}  // namespace waypost::post
