// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/pass_on.h"

#include <strings.h>

#include "bridges/email/mime/status_report.h"

namespace waypost::email {
namespace {

bool begins_with(std::string_view line, std::string_view name) {
    return line.size() > name.size() && line[name.size()] == ':' &&
           ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

bool folded(std::string_view line) { return !line.empty() && (line[0] == ' ' || line[0] == '\t'); }

// Calls `line` with each line of the header; returns where the empty line behind it begins.
template <class Line>
std::size_t each_header_line(std::string_view mail, Line line) {
    for (std::size_t from = 0; from < mail.size();) {
        const std::size_t end = mail.find("\r\n", from);
        if (end == from) return from;
        const std::size_t next = end == std::string_view::npos ? mail.size() : end + 2;
        line(mail.substr(from, next - from));
        from = next;
    }
    return mail.size();
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
                       mail_date(said.received) + "\r\nX-Waypost-Loop: " + said.domain + "\r\n";
    std::string own;
    bool has_reply_to = false;
    bool dropped = true;  // a fold before any header belongs to none
    const std::size_t body = each_header_line(mail, [&](std::string_view line) {
        if (!folded(line)) dropped = begins_with(line, "Bcc") || begins_with(line, "Resent-Bcc");
        has_reply_to = has_reply_to || begins_with(line, "Reply-To");
        if (!dropped) own.append(line);
    });
    if (!said.reply_to.empty() && !has_reply_to) {
        head += "Reply-To: <" + said.reply_to.value + ">\r\n";
    }
    return head + own + mail.substr(body);
}

}  // namespace waypost::email
