// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/refusals.h"

#include "bridges/email/mime/write_mail.h"
#include "bridges/nncp/nncp_options.h"
#include "bridges/post/post.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr char kUnread[] = "A packet that cannot be read";

std::string own_id(const Mth& name, std::size_t number, const Office& office) {
    return '<' + to_base32(name).substr(0, 24) + '.' + std::to_string(number) + '@' +
           office.domain() + '>';
}

post::Event event_of(const Refusal& refusal, WallTime now) {
    post::Event event;
    event.id = refusal.id;
    event.to = refusal.return_path;
    event.recipient = refusal.recipient;
    event.action = Report::Action::Failed;
    event.status = refusal.status;
    event.diagnostic = one_line(refusal.text, post::Limits{}.line_bytes);
    event.envelope_id = refusal.envelope_id;
    event.original_recipient = refusal.original_recipient;
    event.at = to_ms(now) / 1000;
    return event;
}

Result<std::string> bounce_of(const Refusal& refusal, const std::string& id, Office& office) {
    email::OutgoingMail mail;
    mail.from = mailto("postmaster", office.domain());
    mail.from_name = office.village() + " post";
    mail.to = refusal.return_path;
    mail.subject = "Not delivered: " + refusal.recipient.value;
    mail.text =
        "Your mail to " + refusal.recipient.value + " was not delivered: " + refusal.text + ".\n";
    mail.message_id = id;
    if (!refusal.id.empty()) mail.references = {refusal.id};
    mail.loop_tag = office.domain();
    mail.automatic = true;
    mail.date = office.clock().wall();
    email::StatusReport report;
    report.domain = office.domain();
    report.arrived = mail.date;
    report.action = Report::Action::Failed;
    report.envelope_id = refusal.envelope_id;
    report.original_recipient = refusal.original_recipient;
    report.recipient = refusal.recipient;
    report.status = refusal.status;
    report.diagnostic = refusal.text;
    report.header = refusal.header.empty() ? "Message-ID: " + refusal.id + "\r\n" : refusal.header;
    mail.report = std::move(report);
    return email::write_mail(mail);
}

Parcel letter_parcel(const Node& node, const Address& to, const std::string& text,
                     const std::string& id, Office& office) {
    post::Letter letter;
    letter.id = id;
    letter.from = mailto("postmaster", office.domain());
    letter.subject = kUnread;
    letter.text = text;
    letter.written = to_ms(office.clock().wall()) / 1000;
    letter.automatic = true;
    post::Copy copy;
    copy.to = to;
    letter.copies = {copy};
    return exec_parcel(node, {kPostHandle}, encode(post::Batch{office.domain(), {letter}, {}}));
}

Result<std::string> note_mail(const Address& to, const std::string& text, const std::string& id,
                              Office& office) {
    email::OutgoingMail mail;
    mail.from = mailto("postmaster", office.domain());
    mail.from_name = office.village() + " post";
    mail.to = to;
    mail.subject = kUnread;
    mail.text = text + '\n';
    mail.message_id = id;
    mail.loop_tag = office.domain();
    mail.automatic = true;
    mail.date = office.clock().wall();
    return email::write_mail(mail);
}

}  // namespace

std::vector<Parcel> refusal_parcels(const std::vector<Refusal>& refused, const Node& node,
                                    Form form, const Mth& name, Office& office) {
    std::vector<Parcel> parcels;
    post::Batch events;
    events.origin = office.domain();
    for (std::size_t i = 0; i < refused.size(); ++i) {
        const Refusal& each = refused[i];
        if (each.return_path.empty()) continue;
        if (form == Form::Compact && !each.id.empty()) {
            events.events.push_back(event_of(each, office.clock().wall()));
            continue;
        }
        const auto bytes = bounce_of(each, own_id(name, i, office), office);
        if (!bytes.ok() || !may_be_argument(each.return_path)) continue;
        const OutMail mail{{}, {each.return_path}, *bytes};
        parcels.push_back(exec_parcel(node, sendmail_words(mail), sendmail_input(mail)));
    }
    if (!events.events.empty()) parcels.push_back(exec_parcel(node, {kPostHandle}, encode(events)));
    return parcels;
}

Result<Parcel> unread_packet_parcel(const Node& node, Form form, const std::string& domain,
                                    const std::string& why, const Mth& name, Office& office) {
    const Address to = mailto("postmaster", domain);
    const std::string text = "The packet " + to_base32(name) +
                             " from your box is kept aside here: " + why +
                             ". What it holds was not delivered.";
    if (form == Form::Compact)
        return letter_parcel(node, to, text, own_id(name, 0, office), office);
    const auto bytes = note_mail(to, text, own_id(name, 0, office), office);
    if (!bytes.ok()) return bytes.error();
    const OutMail mail{{}, {to}, *bytes};
    return exec_parcel(node, sendmail_words(mail), sendmail_input(mail));
}

}  // namespace waypost::nncp
