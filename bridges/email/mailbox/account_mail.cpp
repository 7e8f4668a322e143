// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/account_mail.h"

#include <algorithm>
#include <array>

#include "bridges/email/mailbox/subject_token.h"
#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/header_lines.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::array<std::string_view, 5> kReplaced = {"from", "reply-to", "sender", "return-path",
                                                       "dkim-signature"};

std::string name_of(std::string_view line) {
    return lower_ascii(squeeze(line.substr(0, line.find(':'))));
}

std::string mailbox_field(const char* field, const std::string& name, const Address& address) {
    const GRef<InternetAddress> mailbox(
        internet_address_mailbox_new(squeeze(clean_utf8(name)).c_str(), address.value.c_str()));
    internet_address_set_charset(mailbox.get(), "utf-8");
    const GText text(internet_address_to_string(mailbox.get(), nullptr, TRUE));
    return std::string(field) + ": " + text_of(text.get()) + "\r\n";
}

// The mark that as_account() put into the delivery's subject.
std::string mark_of(const Delivery& delivery) {
    const auto tokens = subject_tokens(delivery.subject);
    return tokens.empty() ? std::string() : tokens.back();
}

void add_mark(std::string& subject, const std::string& mark) {
    if (mark.empty()) return;
    const auto there = subject_tokens(subject);
    if (std::find(there.begin(), there.end(), mark) != there.end()) return;
    subject.resize(subject.size() - 2);  // CRLF
    subject = with_subject_token(subject, mark) + "\r\n";
}

}  // namespace

std::string under_account(std::string_view mail, const Delivery& delivery) {
    start_gmime();
    std::string out = mailbox_field("From", delivery.from_name, delivery.from);
    if (!delivery.reply_to.empty())
        out += mailbox_field("Reply-To", delivery.from_name, delivery.reply_to);
    const std::string mark = mark_of(delivery);
    std::string field;  // with its folds
    bool has_subject = false;
    const auto flush = [&] {
        if (field.empty()) return;
        const std::string name = name_of(field);
        if (name == "subject") {
            has_subject = true;
            add_mark(field, mark);
        }
        if (std::find(kReplaced.begin(), kReplaced.end(), name) == kReplaced.end()) out += field;
        field.clear();
    };
    const std::size_t body = each_header_line(mail, [&](std::string_view line) {
        if (!folded(line)) flush();
        field += line;
        if (line.size() < 2 || line.substr(line.size() - 2) != "\r\n") field += "\r\n";
    });
    flush();
    if (!has_subject && !mark.empty()) out += "Subject: " + with_subject_token("", mark) + "\r\n";
    if (body >= mail.size()) return out + "\r\n";
    return out + std::string(mail.substr(body));
}

}  // namespace waypost::email
