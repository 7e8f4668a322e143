// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/mail_message.h"

#include <algorithm>

#include "bridges/email/mime/smtp_status.h"
#include "gateway/message/text.h"
#include "gateway/message/unreadable.h"

namespace waypost::email {
namespace {

constexpr int kMostHops = 25;
constexpr char kInlinePgp[] = "-----BEGIN PGP MESSAGE-----";

bool begins_sealed(const Message& message) { return message.text.rfind(kInlinePgp, 0) == 0; }

// In place of a text of which nobody here can make anything; beside one that can be read.
void say_it_is_encrypted(Message& message) {
    const bool nothing = is_blank(message.text) || begins_sealed(message);
    const std::string told = text_of(Unreadable::Encrypted, {});
    message.text = nothing ? told : message.text + '\n' + told;
    if (nothing) message.attachments.clear();
    if (nothing) message.unreadable = Unreadable::Encrypted;
}

// Only who has the mail knows its Message-ID, so nobody else can speak of it.
Fate fate_of(const DeliveryReport& report) {
    using Action = DeliveryReport::Action;
    Fate fate;
    fate.kind = report.action == Action::Failed      ? Fate::Kind::Failed
                : report.action == Action::Delayed   ? Fate::Kind::Delayed
                : report.action == Action::Delivered ? Fate::Kind::Delivered
                                                     : Fate::Kind::Relayed;
    fate.wire_id = report.message_id;
    fate.recipient = report.recipient;
    fate.code = report.status;
    fate.detail = fate.kind == Fate::Kind::Failed
                      ? refusal_in_words(report.status, true, report.diagnostic)
                      : report.diagnostic;
    return fate;
}

}  // namespace

Message message_of(const ParsedMail& mail, const std::optional<Address>& envelope_from) {
    Message message;
    message.network = "email";
    message.from = !mail.from.empty() ? mail.from
                   : envelope_from    ? *envelope_from
                                      : mailto("unknown", "invalid");
    if (envelope_from) message.return_path = *envelope_from;
    if (mail.report) message.fate = fate_of(*mail.report);
    message.from_name = mail.from_name;
    message.origin_id = mail.message_id;
    message.written = mail.date;
    message.references = mail.references;
    message.subject = mail.subject;
    message.text = mail.text;
    message.attachments = mail.attachments;
    message.automatic = mail.automatic || !envelope_from;
    message.program = mail.program || !envelope_from;
    message.lists = mail.lists;
    message.cut = mail.cut;
    if (mail.encrypted || begins_sealed(message)) say_it_is_encrypted(message);
    return message;
}

bool goes_round(const ParsedMail& mail, const std::string& own_domain) {
    const auto& tags = mail.loop_tags;
    return mail.received > kMostHops ||
           std::find(tags.begin(), tags.end(), own_domain) != tags.end();
}

}  // namespace waypost::email
