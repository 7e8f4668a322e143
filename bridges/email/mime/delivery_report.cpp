// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/delivery_report.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;  // of a part
constexpr std::size_t kDiagnosticBytes = 120;
constexpr int kMostParts = 20;

using Report = DeliveryReport;

std::string content_of(GMimeObject* object) {
    if (!GMIME_IS_PART(object)) return {};
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(object));
    if (content == nullptr) return {};
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, memory.get());
    GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    return {reinterpret_cast<const char*>(bytes->data),
            std::min<std::size_t>(bytes->len, kMostBytes)};
}

// The value of a header field in a block of them, unfolded (RFC 5322 2.2.3).
std::string field(std::string_view block, std::string_view name) {
    std::string value;
    bool inside = false;
    for (std::size_t from = 0; from < block.size();) {
        const std::size_t end = std::min(block.find('\n', from), block.size());
        const std::string_view line = block.substr(from, end - from);
        from = end + 1;
        if (inside && !line.empty() && (line[0] == ' ' || line[0] == '\t')) {
            value.append(line);
            continue;
        }
        if (inside) break;
        inside = line.size() > name.size() && line[name.size()] == ':' &&
                 g_ascii_strncasecmp(line.data(), name.data(), name.size()) == 0;
        if (inside) value = line.substr(name.size() + 1);
    }
    return squeeze(clean_utf8(value));
}

// Blocks of fields between empty lines: the message's first, then one per recipient.
std::vector<std::string> blocks(const std::string& text) {
    std::vector<std::string> all(1);
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        const std::string line = text.substr(from, end - from);
        from = end + 1;
        if (is_blank(line)) {
            if (!all.back().empty()) all.emplace_back();
        } else {
            all.back() += line + '\n';
        }
    }
    return all;
}

std::string bare_id(const std::string& text) {
    const std::size_t open = text.find('<');
    const std::size_t close = text.find('>', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos || close - open > 250) return {};
    return text.substr(open, close - open + 1);
}

// "rfc822; bob@example.org"
Address recipient_of(const std::string& text) {
    const std::size_t type = text.find(';');
    if (type == std::string::npos) return {};
    const auto address = parse_address("mailto:" + squeeze(text.substr(type + 1)));
    return address.ok() ? *address : Address{};
}

std::optional<Report::Action> action_of(const std::string& text) {
    const auto says = [&](const char* word) {
        return g_ascii_strncasecmp(text.c_str(), word, std::char_traits<char>::length(word)) == 0;
    };
    if (says("failed")) return Report::Action::Failed;
    if (says("delayed")) return Report::Action::Delayed;
    if (says("delivered")) return Report::Action::Delivered;
    if (says("relayed") || says("expanded")) return Report::Action::Relayed;
    return std::nullopt;
}

void read_status(const std::string& text, Report& report, bool& found) {
    for (const std::string& block : blocks(text)) {
        const auto action = action_of(field(block, "Action"));
        if (!action || (found && *action != Report::Action::Failed)) continue;
        found = true;
        report.action = *action;
        report.recipient = recipient_of(field(block, "Original-Recipient"));
        if (report.recipient.empty())
            report.recipient = recipient_of(field(block, "Final-Recipient"));
        const std::string status = field(block, "Status");
        report.status = status.substr(0, status.find(' '));
        std::string diagnostic = field(block, "Diagnostic-Code");
        const std::size_t type = diagnostic.find(';');  // "smtp; 550 ..."
        if (type != std::string::npos) diagnostic.erase(0, type + 1);
        report.diagnostic = one_line(diagnostic, kDiagnosticBytes);
        if (*action == Report::Action::Failed) return;
    }
}

std::string original_id(GMimeObject* part) {
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage* original = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
        const std::string id =
            original == nullptr ? std::string() : text_of(g_mime_message_get_message_id(original));
        return id.empty() ? std::string() : '<' + id + '>';
    }
    // text/rfc822-headers, and message/rfc822-headers as some write it.
    return bare_id(field(content_of(part), "Message-ID"));
}

}  // namespace

std::optional<DeliveryReport> read_delivery_report(GMimeMessage* message) {
    GMimeObject* root = g_mime_message_get_mime_part(message);
    if (root == nullptr || !GMIME_IS_MULTIPART(root) || !is(root, "multipart", "report"))
        return std::nullopt;
    auto* parts = GMIME_MULTIPART(root);
    Report report;
    bool found = false;
    for (int i = 0; i < std::min(g_mime_multipart_get_count(parts), kMostParts); ++i) {
        GMimeObject* part = g_mime_multipart_get_part(parts, i);
        if (is(part, "message", "delivery-status")) {
            read_status(content_of(part), report, found);
        } else if (is(part, "message", "rfc822") || is(part, "text", "rfc822-headers") ||
                   is(part, "message", "rfc822-headers")) {
            report.message_id = original_id(part);
        }
    }
    if (!found || report.message_id.empty()) return std::nullopt;
    return report;
}

}  // namespace waypost::email
