// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/read_mail.h"

#include <algorithm>
#include <cstdio>
#include <mutex>

#include "bridges/email/mime/mail_parts.h"
#include "bridges/email/mime/mail_tree.h"
#include "bridges/email/mime/message_ids.h"
#include "bridges/email/mime/own_words.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kSubjectBytes = 200;
constexpr std::size_t kNameBytes = 80;
constexpr int kDeepestEnclosed = 5;
constexpr std::size_t kMostLists = 25;
constexpr std::size_t kListIdBytes = 255;

std::string header(GMimeMessage* message, const char* name) {
    return text_of(g_mime_object_get_header(GMIME_OBJECT(message), name));
}

bool contains(std::string text, const char* word) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return g_ascii_tolower(c); });
    return text.find(word) != std::string::npos;
}

// The value's first word, before parameters and comments.
bool is_word(const std::string& value, const char* word) {
    const std::size_t from = value.find_first_not_of(" \t");
    if (from == std::string::npos) return false;
    const std::string first = value.substr(from, value.find_first_of(" \t;(", from) - from);
    return g_ascii_strcasecmp(first.c_str(), word) == 0;
}

// RFC 3834 section 2 and 5, and what robots set: never answered automatically.
bool by_program(GMimeMessage* message) {
    const std::string submitted = header(message, "Auto-Submitted");
    if (!submitted.empty() && !is_word(submitted, "no")) return true;
    const std::string precedence = header(message, "Precedence");
    if (contains(precedence, "bulk") || contains(precedence, "junk")) return true;
    if (!header(message, "X-Auto-Response-Suppress").empty()) return true;
    GMimeContentType* type = g_mime_object_get_content_type(
        g_mime_message_get_mime_part(message) ? g_mime_message_get_mime_part(message)
                                              : GMIME_OBJECT(message));
    return type != nullptr && g_mime_content_type_is_type(type, "multipart", "report");
}

// What mailing lists set, with which a person's mail comes to many.
bool by_list(GMimeMessage* message) {
    return contains(header(message, "Precedence"), "list") || !header(message, "List-Id").empty() ||
           !header(message, "List-Unsubscribe").empty();
}

// "<mailto:news@hill.example>" among others (RFC 2369 2), "News <news.hill.example>" (RFC 2919 3).
std::string in_angles(const std::string& value, const std::string& scheme) {
    const std::size_t from = lower_ascii(value).find('<' + scheme);
    const std::size_t end = value.find('>', from);
    if (from == std::string::npos || end == std::string::npos) return {};
    const std::size_t begin = from + 1 + scheme.size();
    return value.substr(begin, std::min(value.find('?', begin), end) - begin);
}

// As it looks, one address; what is none is left out.
std::string plain_address(const std::string& text) {
    const auto address = parse_address(lower_ascii(squeeze(clean_utf8(text))));
    return address.ok() && address->scheme == "mailto" ? address->value : std::string();
}

void note_list(ParsedMail& mail, std::string address) {
    if (address.empty()) return;
    if (!mail.lists) mail.lists.emplace();
    if (mail.lists->passed.size() < kMostLists) mail.lists->passed.push_back(std::move(address));
}

ListTrail read_lists(GMimeMessage* message) {
    ListTrail lists;
    const auto last =
        parse_address(plain_address(in_angles(header(message, "List-Post"), "mailto:")));
    if (last.ok()) lists.last = *last;
    lists.id =
        one_line(lower_ascii(in_angles(clean_utf8(header(message, "List-Id")), "")), kListIdBytes);
    return lists;
}

std::int64_t date_of(GMimeMessage* message) {
    GDateTime* date = g_mime_message_get_date(message);
    return date == nullptr ? 0 : std::max<std::int64_t>(g_date_time_to_unix(date), 0);
}

std::string name_of(InternetAddress* address) {
    return one_line(clean_name(text_of(internet_address_get_name(address))), kNameBytes);
}

void read_from(GMimeMessage* message, ParsedMail& mail) {
    InternetAddressList* list = g_mime_message_get_from(message);
    for (int i = 0; list != nullptr && i < internet_address_list_length(list); ++i) {
        InternetAddress* each = internet_address_list_get_address(list, i);
        if (!INTERNET_ADDRESS_IS_MAILBOX(each)) continue;
        const std::string address =
            text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(each)));
        auto parsed = parse_address(clean_utf8(address));
        if (!parsed.ok()) continue;
        mail.from = std::move(*parsed);
        mail.from_name = name_of(each);
        return;
    }
}

// Headers of which there may be several.
void read_repeated(GMimeMessage* message, ParsedMail& mail) {
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    const int count = std::min(g_mime_header_list_get_count(headers), 500);
    for (int i = 0; i < count; ++i) {
        GMimeHeader* each = g_mime_header_list_get_header_at(headers, i);
        const char* name = g_mime_header_get_name(each);
        const auto value = [&] { return text_of(g_mime_header_get_value(each)); };
        if (g_ascii_strcasecmp(name, "Received") == 0) ++mail.received;
        if (g_ascii_strcasecmp(name, "X-Waypost-Loop") == 0)
            mail.loop_tags.push_back(squeeze(value()));
        if (g_ascii_strcasecmp(name, "X-Loop") == 0) note_list(mail, plain_address(value()));
        if (g_ascii_strcasecmp(name, "Authentication-Results") == 0) {
            mail.authentication_results.push_back(squeeze(value()));
        }
    }
}

// Of a mail that only encloses another: who wrote that one, and what.
std::string enclosed_text(GMimeMessage* message, const MailLimits& limits, int depth) {
    const MailParts parts = read_parts(g_mime_message_get_mime_part(message), limits);
    const std::string words = own_words(parts.text, MailKind::Forward).text;
    if (words.empty() && parts.enclosed != nullptr && depth < kDeepestEnclosed)
        return enclosed_text(parts.enclosed, limits, depth + 1);
    if (words.empty()) return {};
    ParsedMail writer;
    read_from(message, writer);
    const std::string name = writer.from_name.empty() ? writer.from.value : writer.from_name;
    return name.empty() ? words : "From: " + name + '\n' + words;
}

ParsedMail read(GMimeMessage* message, const MailLimits& limits, const MailEnvelope& envelope) {
    ParsedMail mail;
    std::vector<std::string> own;
    add_message_ids(header(message, "Message-Id"), false, 1, own);
    if (!own.empty()) mail.message_id = own.front();
    mail.date = date_of(message);
    add_message_ids(header(message, "In-Reply-To"), false, limits.references, mail.references);
    add_message_ids(header(message, "References"), true, limits.references, mail.references);
    read_from(message, mail);
    // A chat program (Delta Chat) makes up a subject: "Message from Bob". Nobody wrote it.
    if (header(message, "Chat-Version").empty()) {
        mail.subject =
            one_line(clean_title(text_of(g_mime_message_get_subject(message))), kSubjectBytes);
    }
    mail.program = by_program(message);
    if (by_list(message)) mail.lists = read_lists(message);
    mail.automatic = mail.program || mail.lists;
    read_repeated(message, mail);
    MailParts parts = read_parts(g_mime_message_get_mime_part(message), limits);
    mail.report = read_delivery_report(message, parts.text, envelope.null_sender);
    mail.program = mail.program || mail.report;
    mail.automatic = mail.automatic || mail.report;
    mail.attachments = std::move(parts.attachments);
    mail.encrypted = parts.encrypted;
    OwnWords words = own_words(parts.text, mail_kind(mail.subject, !mail.references.empty()));
    mail.text = std::move(parts.invitation);
    if (words.text.empty() && parts.enclosed != nullptr && !mail.report)
        words.text = enclosed_text(parts.enclosed, limits, 0);
    if (!mail.text.empty() && !words.text.empty()) mail.text += '\n';
    mail.text += words.text;
    mail.cut = words.cut;
    mail.encrypted = mail.encrypted || words.encrypted;
    return mail;
}

Result<GRef<GMimeMessage>> parse(GMimeStream* stream) {
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream));
    GRef<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    if (!message) return bad_input("this is not a mail");
    return {std::move(message)};
}

// Where the header ends; over the limit it is refused before a parser takes it apart.
bool header_fits(std::string_view bytes, std::size_t limit) {
    const std::size_t lf = bytes.find("\n\n");
    const std::size_t crlf = bytes.find("\r\n\r\n");
    return std::min({lf, crlf, bytes.size()}) <= limit;
}

// A part costs the parser kilobytes even where it has but a few bytes, so what would make too many
// of them is left out beforehand.
std::string_view without_bomb(std::string_view bytes, int boundary_lines) {
    std::size_t at = bytes.find("\n--");
    for (int line = 0; line < boundary_lines && at != std::string_view::npos; ++line) {
        at = bytes.find("\n--", at + 1);
    }
    return bytes.substr(0, at);
}

// The same for a stream: where to stop reading it.
std::int64_t end_without_bomb(std::istream& mail, int boundary_lines) {
    mail.clear();
    mail.seekg(0);
    std::int64_t at = 0;
    int boundaries = 0;
    char bytes[16 * 1024];
    int matched = 0;  // of "\n--"
    for (;;) {
        mail.read(bytes, sizeof bytes);
        const std::streamsize got = mail.gcount();
        if (got <= 0) return at;
        for (std::streamsize i = 0; i < got; ++i, ++at) {
            const char c = bytes[i];
            matched = c == '\n' ? 1 : (matched > 0 && c == '-') ? matched + 1 : 0;
            if (matched < 3) continue;
            matched = 0;
            if (++boundaries > boundary_lines) return at - 2;
        }
    }
}

// GMime reads what C calls a file; this one is a stream of ours, which outlives it.
ssize_t read_stream(void* cookie, char* bytes, std::size_t size) {
    auto& in = *static_cast<std::istream*>(cookie);
    in.clear();
    in.read(bytes, static_cast<std::streamsize>(size));
    return in.gcount();
}

int seek_stream(void* cookie, off64_t* offset, int whence) {
    auto& in = *static_cast<std::istream*>(cookie);
    in.clear();
    in.seekg(*offset, whence == SEEK_SET   ? std::ios::beg
                      : whence == SEEK_CUR ? std::ios::cur
                                           : std::ios::end);
    *offset = in.tellg();
    return *offset < 0 ? -1 : 0;
}

FILE* as_file(std::istream& in) {
    cookie_io_functions_t functions{};
    functions.read = read_stream;
    functions.seek = seek_stream;
    return ::fopencookie(&in, "r", functions);
}

}  // namespace

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] {
        g_mime_init();
        static const char* kUnlabelled[] = {"utf-8", "windows-1252", nullptr};  // 8-bit headers
        g_mime_parser_options_set_fallback_charsets(g_mime_parser_options_get_default(),
                                                    kUnlabelled);
    });
}

Result<ParsedMail> read_mail(std::string_view bytes, const MailLimits& limits,
                             const MailEnvelope& envelope) {
    start_gmime();
    if (!header_fits(bytes, limits.header_bytes)) return bad_input("the header is too long");
    bytes = without_bomb(bytes, limits.boundary_lines);
    const GRef<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const auto message = parse(stream.get());
    if (!message.ok()) return message.error();
    return read(message->get(), limits, envelope);
}

Result<MailTree> parse_mail(std::istream& mail, const MailLimits& limits) {
    start_gmime();
    std::string head(limits.header_bytes + 4, '\0');
    mail.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(mail.gcount()));
    if (!header_fits(head, limits.header_bytes)) return bad_input("the header is too long");
    const std::int64_t end = end_without_bomb(mail, limits.boundary_lines);
    FILE* file = as_file(mail);
    if (file == nullptr) return Error{Code::Internal, "no memory to read a mail", true};
    const GRef<GMimeStream> stream(
        g_mime_stream_file_new_with_bounds(file, 0, end));  // closes the file
    auto message = parse(stream.get());
    if (!message.ok()) return message.error();
    mail.clear();
    mail.seekg(0, std::ios::end);
    return MailTree{std::move(*message), end, end < static_cast<std::int64_t>(mail.tellg())};
}

Result<ParsedMail> read_mail(std::istream& mail, const MailLimits& limits,
                             const MailEnvelope& envelope) {
    const auto tree = parse_mail(mail, limits);
    if (!tree.ok()) return tree.error();
    return read(tree->message.get(), limits, envelope);
}

}  // namespace waypost::email
