// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/mail_parts.h"

#include <algorithm>
#include <utility>

#include "bridges/email/mime/attribution.h"
#include "bridges/email/mime/calendar.h"
#include "bridges/email/mime/charset.h"
#include "bridges/email/mime/flowed.h"
#include "bridges/html/html_text.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kTypeBytes = 120;
constexpr std::size_t kMostAttachments = 50;
constexpr std::uint64_t kDecorationBytes = 10 * 1024;  // logos of signatures, and the like

class Walk {
  public:
    explicit Walk(const MailLimits& limits) : limits_(limits) {}

    void visit(GMimeObject* object, int depth) {
        if (object == nullptr || depth > limits_.depth || ++parts_ > limits_.parts) return;
        if (GMIME_IS_MULTIPART(object)) return visit_multipart(object, depth);
        if (GMIME_IS_MESSAGE_PART(object)) {
            if (found_.enclosed == nullptr)
                found_.enclosed = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
            return note(object, 0);
        }
        if (GMIME_IS_PART(object)) visit_part(GMIME_PART(object));
    }
    MailParts take() && { return std::move(found_); }

  private:
    void visit_multipart(GMimeObject* object, int depth) {
        auto* multipart = GMIME_MULTIPART(object);
        const int count = std::min(g_mime_multipart_get_count(multipart), limits_.parts);
        if (is(object, "multipart", "encrypted")) found_.encrypted = true;
        if (is(object, "multipart", "alternative")) return visit_best(multipart, count, depth);
        for (int i = 0; i < count; ++i) visit(g_mime_multipart_get_part(multipart, i), depth + 1);
    }

    // Plain text if there is any in it, else whatever gives text; the other forms are the same
    // again.
    void visit_best(GMimeMultipart* multipart, int count, int depth) {
        const std::string before = found_.text;
        for (int i = 0; i < count; ++i) {
            GMimeObject* part = g_mime_multipart_get_part(multipart, i);
            if (is(part, "text", "plain") || is_calendar(part)) visit(part, depth + 1);
        }
        int tried = 0;
        for (; tried < count && squeeze(found_.text) == squeeze(before); ++tried) {
            GMimeObject* part = g_mime_multipart_get_part(multipart, tried);
            if (!is(part, "text", "plain") && !is_calendar(part)) visit(part, depth + 1);
        }
        visit_files(multipart, tried, count, depth);
    }

    // Some programs put photos beside the HTML form alone: no text is taken there, but what a
    // person attached is listed.
    void visit_files(GMimeMultipart* multipart, int from, int count, int depth) {
        const bool before = std::exchange(files_only_, true);
        for (int i = from; i < count; ++i) {
            GMimeObject* part = g_mime_multipart_get_part(multipart, i);
            if (GMIME_IS_MULTIPART(part)) visit(part, depth + 1);
        }
        files_only_ = before;
    }

    bool is_decoration(GMimePart* part) const {
        return files_only_ &&
               (is(GMIME_OBJECT(part), "text", "*") || decoded_size(part) < kDecorationBytes);
    }

    void visit_part(GMimePart* part) {
        GMimeObject* object = GMIME_OBJECT(part);
        if (is(object, "application", "pkcs7-mime")) found_.encrypted = true;
        const char* disposition = g_mime_object_get_disposition(object);
        const bool attached =
            disposition != nullptr && g_ascii_strcasecmp(disposition, "attachment") == 0;
        const bool html = is(object, "text", "html");
        if (is_calendar(object) && add_invitation(part) && !attached) return;
        if (!attached && is_decoration(part)) return;
        if (!attached && (html || is(object, "text", "plain"))) return add_text(part, html);
        note(object, decoded_size(part));
    }

    void add_text(GMimePart* part, bool html) {
        if (found_.text.size() >= limits_.text_bytes) return;
        const bool labelled = charset_of(part) != nullptr;
        std::string text = decode(part);
        if (html && !labelled) {
            text = to_utf8(text, charset_of_html(text));
        } else {
            text = to_utf8(text, text_of(charset_of(part)));
        }
        text = clean_utf8(text);
        if (html) {
            text = html_mail_to_text(text, limits_.text_bytes, introduces_quote);
        } else {
            GMimeContentType* type = g_mime_object_get_content_type(GMIME_OBJECT(part));
            const std::string format = text_of(g_mime_content_type_get_parameter(type, "format"));
            const std::string del = text_of(g_mime_content_type_get_parameter(type, "delsp"));
            if (g_ascii_strcasecmp(format.c_str(), "flowed") == 0) {
                text = unflow(text, g_ascii_strcasecmp(del.c_str(), "yes") == 0);
            }
        }
        if (!found_.text.empty() && !text.empty()) found_.text += '\n';
        found_.text += text;
    }

    static const char* charset_of(GMimePart* part) {
        return g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset");
    }

    static bool is_calendar(GMimeObject* object) {
        return is(object, "text", "calendar") || is(object, "application", "ics");
    }

    // Some programs send it twice, shown and attached; it is said once. False if it is none.
    bool add_invitation(GMimePart* part) {
        if (!found_.invitation.empty()) return true;
        found_.invitation = calendar_line(to_utf8(decode(part), text_of(charset_of(part))));
        return !found_.invitation.empty();
    }

    // Its bytes, in whatever charset: at most the limit, whatever the part claims to be.
    std::string decode(GMimePart* part) const {
        GMimeDataWrapper* content = g_mime_part_get_content(part);
        if (content == nullptr) return {};
        GMimeStream* source = g_mime_data_wrapper_get_stream(content);
        g_mime_stream_reset(source);
        const GRef<GMimeStream> stream(g_mime_stream_filter_new(source));
        auto* filters = GMIME_STREAM_FILTER(stream.get());
        const GRef<GMimeFilter> decoder(
            g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE));
        g_mime_stream_filter_add(filters, decoder.get());
        std::string bytes;
        char piece[4096];
        while (bytes.size() < limits_.text_bytes) {
            const auto got = g_mime_stream_read(
                stream.get(), piece, std::min(sizeof piece, limits_.text_bytes - bytes.size()));
            if (got <= 0) break;
            bytes.append(piece, static_cast<std::size_t>(got));
        }
        return bytes;
    }

    static std::uint64_t decoded_size(GMimePart* part) {
        GMimeDataWrapper* content = g_mime_part_get_content(part);
        if (content == nullptr) return 0;
        const auto length = g_mime_stream_length(g_mime_data_wrapper_get_stream(content));
        if (length <= 0) return 0;
        const auto bytes = static_cast<std::uint64_t>(length);
        const bool base64 =
            g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64;
        return base64 ? bytes / 78 * 57 + bytes % 78 * 3 / 4
                      : bytes;  // 76 characters and CRLF a line
    }

    void note(GMimeObject* object, std::uint64_t bytes) {
        if (found_.attachments.size() >= kMostAttachments) return;
        GMimeContentType* type = g_mime_object_get_content_type(object);
        const GText mime(type == nullptr ? nullptr : g_mime_content_type_get_mime_type(type));
        const std::string name = GMIME_IS_PART(object)
                                     ? text_of(g_mime_part_get_filename(GMIME_PART(object)))
                                     : std::string("message.eml");
        found_.attachments.push_back(
            {clean_file_name(name), one_line(text_of(mime.get()), kTypeBytes), bytes});
        found_.objects.push_back(object);
    }

    const MailLimits& limits_;
    bool files_only_ = false;
    MailParts found_;
    int parts_ = 0;
};

}  // namespace

MailParts read_parts(GMimeObject* root, const MailLimits& limits) {
    Walk walk(limits);
    walk.visit(root, 0);
    return std::move(walk).take();
}

}  // namespace waypost::email
