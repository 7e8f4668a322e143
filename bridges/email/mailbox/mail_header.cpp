// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/mail_header.h"

#include <algorithm>
#include <array>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/message_ids.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostFields = 500;
constexpr std::size_t kMostValue = 16 * 1024;
constexpr int kMostAddresses = 100;
constexpr std::size_t kMostAnswers = 50;

// Written by the server that laid the mail into this mailbox, or by one on its way.
constexpr std::array<std::string_view, 4> kDelivered = {"delivered-to", "x-original-to",
                                                        "envelope-to", "x-delivered-to"};

bool is_fold(std::string_view line) { return line[0] == ' ' || line[0] == '\t'; }

void add_addresses(const std::string& value, std::vector<Address>& into) {
    InternetAddressList* list = internet_address_list_parse(nullptr, value.c_str());
    if (list == nullptr) return;
    const GRef<InternetAddressList> owner(list);
    const int count = std::min(internet_address_list_length(list), kMostAddresses);
    for (int i = 0; i < count; ++i) {
        InternetAddress* each = internet_address_list_get_address(list, i);
        if (!INTERNET_ADDRESS_IS_MAILBOX(each)) continue;
        const auto parsed = parse_address(
            "mailto:" +
            clean_utf8(text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(each)))));
        if (parsed.ok() && into.size() < kMostAddresses) into.push_back(*parsed);
    }
}

std::int64_t seconds_of(const std::string& date) {
    GDateTime* when = g_mime_utils_header_decode_date(date.c_str());
    if (when == nullptr) return 0;
    const std::int64_t seconds = g_date_time_to_unix(when);
    g_date_time_unref(when);
    return std::max<std::int64_t>(seconds, 0);
}

std::string after_last_semicolon(const std::string& value) {
    const std::size_t at = value.rfind(';');
    return at == std::string::npos ? std::string() : value.substr(at + 1);
}

const std::string* first_of(const std::vector<HeaderField>& fields, std::string_view name) {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const HeaderField& f) { return f.name == name; });
    return found == fields.end() ? nullptr : &found->value;
}

void read_readers(const std::vector<HeaderField>& fields, MailHeader& header) {
    std::vector<Address> copies;
    for (const HeaderField& field : fields) {
        const bool delivered =
            std::find(kDelivered.begin(), kDelivered.end(), field.name) != kDelivered.end();
        if (delivered) add_addresses(field.value, header.delivered_to);
        if (field.name == "to") add_addresses(field.value, header.named);
        if (field.name == "cc") add_addresses(field.value, copies);
    }
    header.named.insert(header.named.end(), copies.begin(), copies.end());
}

void read_answers(const std::vector<HeaderField>& fields, MailHeader& header) {
    if (const auto* value = first_of(fields, "in-reply-to"))
        add_message_ids(*value, false, kMostAnswers, header.answers);
    if (const auto* value = first_of(fields, "references"))
        add_message_ids(*value, true, kMostAnswers, header.answers);
}

void read_envelope(const std::vector<HeaderField>& fields, MailHeader& header) {
    // Not said is not the null sender: then From is the best that is known.
    std::vector<Address> authors;
    if (const auto* from = first_of(fields, "from")) add_addresses(*from, authors);
    header.envelope_from = authors.empty() ? mailto("unknown", "invalid") : authors.front();
    const auto* path = first_of(fields, "return-path");
    if (path == nullptr) return;
    if (squeeze(*path) == "<>") {
        header.envelope_from = std::nullopt;
        return;
    }
    std::vector<Address> senders;
    add_addresses(*path, senders);
    if (!senders.empty()) header.envelope_from = senders.front();
}

}  // namespace

std::vector<HeaderField> read_fields(std::string_view mail) {
    std::vector<HeaderField> fields;
    bool inside = false;  // a fold belongs to the field before it
    for (std::size_t from = 0; from < mail.size();) {
        const std::size_t end = std::min(mail.find('\n', from), mail.size());
        std::string_view line = mail.substr(from, end - from);
        from = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty()) break;
        if (is_fold(line)) {
            if (!inside) continue;
            std::string& value = fields.back().value;
            if (value.size() + line.size() <= kMostValue) value.append(line);
            continue;
        }
        const std::size_t colon = line.find(':');
        inside = colon != std::string_view::npos && colon > 0 && fields.size() < kMostFields;
        if (!inside) continue;
        const std::string_view name = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
        fields.push_back({lower_ascii(name), std::string(line.substr(colon + 1, kMostValue))});
    }
    return fields;
}

MailHeader read_mail_header(std::string_view mail) {
    start_gmime();
    const auto fields = read_fields(mail);
    MailHeader header;
    read_readers(fields, header);
    read_answers(fields, header);
    read_envelope(fields, header);
    if (const auto* subject = first_of(fields, "subject")) {
        const GText text(g_mime_utils_header_decode_text(nullptr, subject->c_str()));
        header.subject = squeeze(clean_utf8(text_of(text.get())));
    }
    if (const auto* type = first_of(fields, "content-type")) {
        header.report = lower_ascii(squeeze(*type)).rfind("multipart/report", 0) == 0;
    }
    if (const auto* received = first_of(fields, "received")) {
        header.received = seconds_of(after_last_semicolon(*received));
    }
    if (const auto* date = first_of(fields, "date"); date != nullptr && header.received == 0) {
        header.received = seconds_of(*date);
    }
    return header;
}

}  // namespace waypost::email
