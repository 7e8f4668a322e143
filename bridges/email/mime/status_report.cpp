// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/status_report.h"

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

void add_part(GMimeMultipart* report, const char* type, const char* subtype,
              const std::string& content) {
    const GRef<GMimePart> part(g_mime_part_new_with_type(type, subtype));
    const GRef<GMimeStream> bytes(
        g_mime_stream_mem_new_with_buffer(content.data(), content.size()));
    const GRef<GMimeDataWrapper> wrapper(
        g_mime_data_wrapper_new_with_stream(bytes.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(part.get(), wrapper.get());
    const bool plain = is_ascii(content);
    g_mime_part_set_content_encoding(
        part.get(), plain ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_multipart_add(report, GMIME_OBJECT(part.get()));
}

const char* name_of(Report::Action action) {
    switch (action) {
        case Report::Action::Failed:
            return "failed";
        case Report::Action::Delivered:
            return "delivered";
        case Report::Action::Relayed:
            return "relayed";
        case Report::Action::Delayed:
            break;
    }
    return "delayed";
}

std::string fields_of(const StatusReport& report) {
    const auto line = [](const char* name, const std::string& value) {
        return std::string(name) + ": " + squeeze(clean_utf8(value)) + "\n";
    };
    std::string fields;
    if (!report.envelope_id.empty()) fields += line("Original-Envelope-Id", report.envelope_id);
    fields += line("Reporting-MTA", "dns; " + report.domain) +
              line("Arrival-Date", mail_date(report.arrived)) + '\n';
    if (!report.original_recipient.empty())
        fields += line("Original-Recipient", report.original_recipient);
    fields += line("Final-Recipient", "rfc822; " + report.recipient.value) +
              line("Action", name_of(report.action)) + line("Status", report.status);
    if (!report.diagnostic.empty())
        fields += line("Diagnostic-Code", "x-waypost; " + report.diagnostic);
    if (report.retry_until) fields += line("Will-Retry-Until", mail_date(*report.retry_until));
    return fields;
}

}  // namespace

GMimeObject* status_report_part(GMimeObject* words, const StatusReport& report) {
    GMimeMultipart* parts = g_mime_multipart_new_with_subtype("report");
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(parts), "report-type", "delivery-status");
    g_mime_multipart_add(parts, words);
    g_object_unref(words);
    add_part(parts, "message", "delivery-status", fields_of(report));
    if (!report.header.empty()) add_part(parts, "text", "rfc822-headers", report.header);
    return GMIME_OBJECT(parts);
}

std::string header_of(std::string_view bytes, std::size_t most) {
    std::string header;
    for (std::size_t from = 0; from < bytes.size();) {
        const std::size_t end = bytes.find('\n', from);
        if (end == std::string_view::npos) break;
        std::string_view line = bytes.substr(from, end - from);
        from = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() || header.size() + line.size() + 2 > most) break;
        header.append(line) += "\r\n";
    }
    return header;
}

std::string mail_date(WallTime time) {
    GDateTime* when = g_date_time_new_from_unix_utc(to_ms(time) / 1000);
    const GText text(g_mime_utils_header_format_date(when));
    g_date_time_unref(when);
    return text_of(text.get());
}

}  // namespace waypost::email
