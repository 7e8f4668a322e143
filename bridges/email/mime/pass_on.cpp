// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/pass_on.h"

#include <strings.h>

#include "bridges/email/mime/gmime_types.h"

namespace waypost::email {
namespace {

bool has_header(std::string_view original, std::string_view name) {
    for (std::size_t from = 0; from < original.size();) {
        const std::size_t end = original.find('\n', from);
        const std::string_view line = original.substr(from, end - from);
        if (line.empty() || line == "\r") return false;  // the header ends here
        if (line.size() > name.size() && line[name.size()] == ':' &&
            ::strncasecmp(line.data(), name.data(), name.size()) == 0) {
            return true;
        }
        if (end == std::string_view::npos) return false;
        from = end + 1;
    }
    return false;
}

std::string date(WallTime time) {
    GDateTime* when = g_date_time_new_from_unix_utc(to_ms(time) / 1000);
    const GText text(g_mime_utils_header_format_date(when));
    g_date_time_unref(when);
    return text_of(text.get());
}

}  // namespace

std::string pass_on(std::string_view original, const PassOn& said) {
    std::string mail = "Received: by " + said.domain + " (Waypost) id " + said.id + "; " +
                       date(said.received) + "\r\nX-Waypost-Loop: " + said.domain + "\r\n";
    if (!said.reply_to.empty() && !has_header(original, "Reply-To")) {
        mail += "Reply-To: <" + said.reply_to.value + ">\r\n";
    }
    mail.append(original);
    return mail;
}

}  // namespace waypost::email
