// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/pass_on.h"

#include <strings.h>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/header_lines.h"
#include "bridges/email/mime/list_fields.h"
#include "bridges/email/mime/status_report.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostFrom = 16 * 1024;

bool begins_with(std::string_view line, std::string_view name) {
    return line.size() > name.size() && line[name.size()] == ':' &&
           ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

bool not_for_others(std::string_view line) {
    return begins_with(line, "Bcc") || begins_with(line, "Resent-Bcc") ||
           begins_with(line, "Return-Path");
}

// Signed or said by whoever had it before: of the mail that the group sends it would be wrong.
bool not_of_the_group(std::string_view line, bool in_its_name) {
    static constexpr std::string_view kNames[] = {"Reply-To",
                                                  "Sender",
                                                  "DKIM-Signature",
                                                  "Authentication-Results",
                                                  "Precedence",
                                                  "Autocrypt",
                                                  "List-Id",
                                                  "List-Post",
                                                  "List-Help",
                                                  "List-Subscribe",
                                                  "List-Unsubscribe",
                                                  "List-Unsubscribe-Post",
                                                  "List-Owner",
                                                  "List-Archive",
                                                  "X-Loop",
                                                  "X-Waypost-Loop",
                                                  "Disposition-Notification-To",
                                                  "Return-Receipt-To",
                                                  "Errors-To",
                                                  "ARC-Seal",
                                                  "ARC-Message-Signature",
                                                  "ARC-Authentication-Results"};
    for (const std::string_view name : kNames) {
        if (begins_with(line, name)) return true;
    }
    return in_its_name && begins_with(line, "From");
}

std::string mailbox_field(const char* field, const std::string& name, const Address& address) {
    start_gmime();
    const std::string clean = squeeze(clean_utf8(name));
    std::string line = std::string(field) + ": ";
    if (!clean.empty()) {
        const GText encoded(g_mime_utils_header_encode_phrase(nullptr, clean.c_str(), "utf-8"));
        line += text_of(encoded.get()) + ' ';
    }
    return line + '<' + address.value + ">\r\n";
}

std::string of_the_group(const PassOn& said) {
    std::string head;
    if (said.list->in_its_name) head += mailbox_field("From", said.from_name, said.from);
    head += mailbox_field("Reply-To", said.list->title, said.list->address);
    for (const auto& [name, value] : list_fields(*said.list)) head += name + ": " + value + "\r\n";
    return head;
}

std::string with_crlf(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + 64);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool pair = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
        if (pair) ++i;
        if (pair || bytes[i] == '\r' || bytes[i] == '\n') {
            out += "\r\n";
        } else {
            out += bytes[i];
        }
    }
    return out;
}

}  // namespace

std::string pass_on(std::string_view original, const PassOn& said) {
    const std::string mail = with_crlf(original);
    std::string head = "Received: by " + said.domain + " (Waypost) id " + said.id + "; " +
                       mail_date(said.received) + "\r\n";
    head += said.list ? of_the_group(said) : "X-Waypost-Loop: " + said.domain + "\r\n";
    std::string own;
    bool has_reply_to = false;
    bool dropped = true;  // a fold before any header belongs to none
    const std::size_t body = each_header_line(mail, [&](std::string_view line) {
        if (!folded(line)) {
            dropped = not_for_others(line) ||
                      (said.list && not_of_the_group(line, said.list->in_its_name));
        }
        has_reply_to = has_reply_to || begins_with(line, "Reply-To");
        if (!dropped) own.append(line);
    });
    if (!said.list && !said.reply_to.empty() && !has_reply_to) {
        head += "Reply-To: <" + said.reply_to.value + ">\r\n";
    }
    return head + own + mail.substr(body);
}

std::string from_domain(std::string_view mail) {
    start_gmime();
    std::string value;
    int fields = 0;
    bool inside = false;
    each_header_line(mail, [&](std::string_view line) {
        if (!folded(line)) {
            inside = begins_with(line, "From");
            fields += inside ? 1 : 0;
            if (inside) line.remove_prefix(line.find(':') + 1);
        }
        if (inside && value.size() < kMostFrom) value.append(line);
    });
    if (fields != 1) return {};
    const GRef<InternetAddressList> list(internet_address_list_parse(nullptr, value.c_str()));
    if (list.get() == nullptr || internet_address_list_length(list.get()) != 1) return {};
    InternetAddress* address = internet_address_list_get_address(list.get(), 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(address)) return {};
    const std::string mailbox =
        text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
    const std::size_t at = mailbox.rfind('@');
    return at == std::string::npos ? std::string() : lower_ascii(mailbox.substr(at + 1));
}

}  // namespace waypost::email
