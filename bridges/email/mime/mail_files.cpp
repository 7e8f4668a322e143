// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/mail_files.h"

#include <algorithm>

#include "bridges/email/mime/file_parts.h"
#include "bridges/email/mime/mail_parts.h"
#include "bridges/email/mime/mail_tree.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::string_view kFirstLine = "MIME-Version: 1.0";
constexpr std::size_t kDescriptionBytes = 1500;

GMimeObject* file_part(const MailFile& file) {
    const std::string& type = file.about.type;
    const std::size_t slash = type.find('/');
    const bool whole = slash != std::string::npos && slash + 1 < type.size();
    GMimePart* part = whole ? g_mime_part_new_with_type(type.substr(0, slash).c_str(),
                                                        type.substr(slash + 1).c_str())
                            : g_mime_part_new_with_type("application", "octet-stream");
    g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
    g_mime_part_set_filename(part, file.about.name.c_str());
    const std::string description = one_line(clean_utf8(file.description), kDescriptionBytes);
    if (!description.empty())
        g_mime_object_set_header(GMIME_OBJECT(part), "Content-Description", description.c_str(),
                                 "utf-8");
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    const GRef<GMimeStream> bytes(
        g_mime_stream_mem_new_with_buffer(file.bytes.data(), file.bytes.size()));
    const GRef<GMimeDataWrapper> content(
        g_mime_data_wrapper_new_with_stream(bytes.get(), GMIME_CONTENT_ENCODING_DEFAULT));
    g_mime_part_set_content(part, content.get());
    return GMIME_OBJECT(part);
}

// Whole, and decoded.
Result<std::string> bytes_of(GMimeObject* object) {
    GMimeDataWrapper* content =
        GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : nullptr;
    if (content == nullptr) return std::string();
    const GRef<GMimeStream> stream(g_mime_stream_mem_new());
    if (g_mime_data_wrapper_write_to_stream(content, stream.get()) < 0)
        return Error{Code::Internal, "the attachment cannot be read", true};
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return std::string(reinterpret_cast<const char*>(bytes->data), bytes->len);
}

std::string description_of(GMimeObject* object) {
    const std::string said = text_of(g_mime_object_get_header(object, "Content-Description"));
    const GText decoded(g_mime_utils_header_decode_text(nullptr, said.c_str()));
    return one_line(clean_utf8(text_of(decoded.get())), kDescriptionBytes);
}

}  // namespace

GMimeObject* text_part(const std::string& text) {
    std::string body = clean_utf8(text);
    if (body.empty() || body.back() != '\n') body += '\n';
    GMimeTextPart* part = g_mime_text_part_new_with_subtype("plain");
    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, body.c_str());
    const bool seven_bit = is_ascii(body);
    g_mime_part_set_content_encoding(
        GMIME_PART(part), seven_bit ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                    : g_mime_part_get_best_content_encoding(
                                          GMIME_PART(part), GMIME_ENCODING_CONSTRAINT_7BIT));
    if (seven_bit) {
        // Plain ASCII in short lines needs no encoding at all.
        std::size_t longest = 0;
        for (std::size_t from = 0; from < body.size();) {
            const std::size_t end = std::min(body.find('\n', from), body.size());
            longest = std::max(longest, end - from);
            from = end + 1;
        }
        if (longest < 900)
            g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_7BIT);
    }
    return GMIME_OBJECT(part);
}

GMimeObject* with_files(GMimeObject* text, const std::vector<MailFile>& files) {
    GMimeMultipart* mixed = g_mime_multipart_new_with_subtype("mixed");
    g_mime_multipart_add(mixed, text);
    g_object_unref(text);
    for (const MailFile& file : files) {
        const GRef<GMimeObject> part(file_part(file));
        g_mime_multipart_add(mixed, part.get());
    }
    return GMIME_OBJECT(mixed);
}

std::string files_original(const std::string& text, const std::vector<MailFile>& files) {
    start_gmime();
    const GRef<GMimeObject> whole(with_files(text_part(text), files));
    // The same of the same, for who says a message again is known by its bytes.
    std::string all = text;
    for (const MailFile& each : files)
        all += '\n' + each.about.name + '\n' + short_hash(each.bytes);
    g_mime_multipart_set_boundary(GMIME_MULTIPART(whole.get()), ("=-" + short_hash(all)).c_str());
    const GText written(g_mime_object_to_string(whole.get(), nullptr));
    return std::string(kFirstLine) + '\n' + text_of(written.get());
}

bool is_files_original(std::istream& original) {
    std::string line(kFirstLine.size() + 1, '\0');
    original.read(line.data(), static_cast<std::streamsize>(line.size()));
    original.clear();
    original.seekg(0);
    return line == std::string(kFirstLine) + '\n';
}

Result<std::vector<MailFile>> files_of(std::istream& mail, std::size_t most) {
    const MailLimits limits;
    const auto tree = parse_mail(mail, limits);
    if (!tree.ok()) return tree.error();
    const MailParts parts = read_parts(g_mime_message_get_mime_part(tree->message.get()), limits);
    std::vector<MailFile> files;
    for (std::size_t i = 0; i < parts.objects.size(); ++i) {
        MailFile file{parts.attachments[i], description_of(parts.objects[i]), {}};
        // Of a mail that was not read to its end no part is surely whole.
        if (!tree->cut && file.about.bytes <= most) {
            auto bytes = bytes_of(parts.objects[i]);
            if (!bytes.ok()) return bytes.error();
            most -= std::min(most, bytes->size());
            file.bytes = std::move(*bytes);
        }
        files.push_back(std::move(file));
    }
    return files;
}

}  // namespace waypost::email
