// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/delivery_mail.h"

#include <iterator>

#include "bridges/email/mime/mail_files.h"
#include "bridges/email/mime/pass_on.h"
#include "bridges/email/mime/write_mail.h"

namespace waypost::email {
namespace {

constexpr char kMails[] = "email";
constexpr std::size_t kMostHeader = 32 * 1024;  // of an original, in a report on it
constexpr std::size_t kMostFiles = 10u << 20;   // bytes of what is attached

OutgoingMail outgoing(const Delivery& delivery, const std::string& domain) {
    OutgoingMail mail;
    mail.from = delivery.from;
    mail.from_name = delivery.from_name;
    mail.to = delivery.to;
    mail.reply_to = delivery.reply_to;
    mail.subject = delivery.subject;
    mail.text = delivery.text;
    mail.message_id = delivery.message_id;
    mail.references = delivery.references;
    mail.loop_tag = domain;
    mail.automatic = delivery.automatic;
    mail.date = delivery.written;
    mail.list = delivery.list;
    return mail;
}

// Whatever is left of the original: its body may be gone by now.
StatusReport status_report(const Report& said, Office& office) {
    StatusReport report;
    report.domain = office.domain();
    report.arrived = said.arrived;
    report.action = said.action;
    report.envelope_id = said.envelope_id;
    report.original_recipient = said.original_recipient;
    report.recipient = said.recipient;
    report.status = said.status;
    report.diagnostic = said.diagnostic;
    report.retry_until = said.retry_until;
    if (said.original.size > 0) {
        if (auto body = office.open_body(said.original); body.ok()) {
            std::string bytes(kMostHeader, '\0');
            (*body)->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            bytes.resize(static_cast<std::size_t>((*body)->gcount()));
            report.header = header_of(bytes, kMostHeader);
        }
    }
    if (report.header.empty()) report.header = "Message-ID: " + said.original_id + "\r\n";
    return report;
}

// Of a message that came from a network without mails. Where its original is gone its text is not.
std::vector<MailFile> files_of_original(const Delivery& delivery, Office& office) {
    if (delivery.body.size == 0) return {};
    const auto original = office.open_body(delivery.body);
    if (!original.ok() || !is_files_original(**original)) return {};
    auto files = files_of(**original, kMostFiles);
    if (!files.ok()) return {};
    std::erase_if(*files, [](const MailFile& file) { return file.bytes.empty(); });
    return std::move(*files);
}

}  // namespace

Result<std::string> mail_bytes_of(const Delivery& delivery, Office& office) {
    const bool is_mail = delivery.body_network.empty() || delivery.body_network == kMails;
    if (delivery.body.size == 0 || !is_mail) {
        OutgoingMail mail = outgoing(delivery, office.domain());
        mail.files = files_of_original(delivery, office);
        if (delivery.report) mail.report = status_report(*delivery.report, office);
        return write_mail(mail);
    }
    auto body = office.open_body(delivery.body);
    if (!body.ok()) return body.error();
    const std::string original(std::istreambuf_iterator<char>(**body), {});
    if (original.size() != delivery.body.size)
        return Error{Code::Internal, "the mail's bytes cannot be read", true};
    return pass_on(original, {office.domain(), std::to_string(delivery.message), delivery.reply_to,
                              delivery.written, delivery.list, delivery.from, delivery.from_name});
}

}  // namespace waypost::email
