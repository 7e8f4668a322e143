// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/write_mail.h"

#include <algorithm>

#include "bridges/email/mime/file_parts.h"
#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/list_fields.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kSubjectBytes = 60;
constexpr std::size_t kMostReferences = 20;

std::string header_text(const std::string& text) { return squeeze(clean_utf8(text)); }

bool plausible_id(const std::string& id) {
    return id.size() > 2 && id.front() == '<' && id.back() == '>' && is_ascii(id) &&
           id.find_first_of(" \r\n\t") == std::string::npos;
}

void add_addresses(GMimeMessage* message, GMimeAddressType type, const std::string& name,
                   const Address& address) {
    const std::string clean = header_text(name);
    g_mime_message_add_mailbox(message, type, clean.empty() ? nullptr : clean.c_str(),
                               address.value.c_str());
}

void set(GMimeMessage* message, const char* name, const std::string& value) {
    g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), "utf-8");
}

void add_references(GMimeMessage* message, const std::vector<std::string>& references) {
    std::vector<std::string> ids;
    std::copy_if(references.begin(), references.end(), std::back_inserter(ids), plausible_id);
    if (ids.empty()) return;
    ids.resize(std::min(ids.size(), kMostReferences));
    set(message, "In-Reply-To", ids.front());
    std::string all;
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) all += (all.empty() ? "" : " ") + *id;
    set(message, "References", all);
}

std::string to_crlf(const std::string& text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
        out += text[i];
    }
    return out;
}

}  // namespace

Result<std::string> write_mail(const OutgoingMail& mail) {
    start_gmime();
    for (const Address* address : {&mail.from, &mail.to}) {
        if (address->scheme != "mailto") return bad_input(address->uri() + " is no mail address");
        if (!is_ascii(std::string(address->local_part()))) {
            return bad_input(address->value + ": the relay takes only ASCII before the @");
        }
    }
    const GRef<GMimeMessage> message(g_mime_message_new(FALSE));
    GMimeMessage* m = message.get();
    add_addresses(m, GMIME_ADDRESS_TYPE_FROM, mail.from_name, mail.from);
    if (mail.list) {
        add_addresses(m, GMIME_ADDRESS_TYPE_TO, mail.list->title, mail.list->address);
    } else {
        add_addresses(m, GMIME_ADDRESS_TYPE_TO, {}, mail.to);
    }
    if (!mail.reply_to.empty()) {
        add_addresses(m, GMIME_ADDRESS_TYPE_REPLY_TO, mail.list ? mail.list->title : mail.from_name,
                      mail.reply_to);
    }
    // Of his own words, not of what we write below them (RFC 3676 4.3).
    const std::string words = mail.text.substr(0, mail.text.find("\n-- \n"));
    const std::string subject =
        mail.subject.empty() ? one_line(words, kSubjectBytes) : header_text(mail.subject);
    g_mime_message_set_subject(m, subject.c_str(), "utf-8");
    GDateTime* when = g_date_time_new_from_unix_utc(to_ms(mail.date) / 1000);
    g_mime_message_set_date(m, when);
    g_date_time_unref(when);
    set(m, "Message-ID", plausible_id(mail.message_id) ? mail.message_id : "");
    add_references(m, mail.references);
    if (mail.automatic)
        set(m, "Auto-Submitted", mail.references.empty() ? "auto-generated" : "auto-replied");
    if (mail.list) {
        for (const auto& [name, value] : list_fields(*mail.list)) {
            g_mime_object_append_header(GMIME_OBJECT(m), name.c_str(), value.c_str(), "utf-8");
        }
    }
    // The lists on its way say more: a village may read what a list of another sends back.
    if (!mail.list && !mail.loop_tag.empty()) set(m, "X-Waypost-Loop", header_text(mail.loop_tag));
    set(m, "MIME-Version", "1.0");
    GMimeObject* part = text_part(mail.text);
    if (!mail.files.empty()) part = with_files(part, mail.files);
    if (mail.report) part = status_report_part(part, *mail.report);
    g_mime_message_set_mime_part(m, part);
    g_object_unref(part);
    const GText text(g_mime_object_to_string(GMIME_OBJECT(m), nullptr));
    return to_crlf(text_of(text.get()));
}

}  // namespace waypost::email
