// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/file_mail.h"

#include <array>

#include "bridges/email/mime/mail_message.h"
#include "gateway/base/encoding.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr std::string_view kFolder = "to/";
constexpr std::size_t kLine = 57;  // bytes of a line of 76 letters (RFC 2045 6.8)
constexpr std::size_t kLinesTogether = 800;

struct Named {
    std::string person, file;
};

// Two components, or three of which the first is "to".
std::optional<Named> named(std::string_view path) {
    if (path.substr(0, kFolder.size()) == kFolder) path.remove_prefix(kFolder.size());
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size())
        return std::nullopt;
    if (path.find('/', slash + 1) != std::string_view::npos) return std::nullopt;
    return Named{std::string(path.substr(0, slash)), clean_file_name(path.substr(slash + 1))};
}

Address node_address(const Arrival& arrival, const Routes& routes) {
    return mailto("nncp", routes.domain_of(*arrival.sender));
}

// Only what a picture or text is shown by; all else is a file.
std::string_view type_of(const std::string& name) {
    struct Type {
        std::string_view ending, type;
    };
    static constexpr std::array<Type, 7> kTypes = {{{".jpg", "image/jpeg"},
                                                    {".jpeg", "image/jpeg"},
                                                    {".png", "image/png"},
                                                    {".gif", "image/gif"},
                                                    {".webp", "image/webp"},
                                                    {".pdf", "application/pdf"},
                                                    {".txt", "text/plain; charset=utf-8"}}};
    const std::string lower = lower_ascii(name);
    for (const Type& each : kTypes) {
        if (lower.size() > each.ending.size() &&
            lower.compare(lower.size() - each.ending.size(), each.ending.size(), each.ending) == 0)
            return each.type;
    }
    return "application/octet-stream";
}

// RFC 2231: each byte outside of letters and digits as %XX.
std::string parameter(const std::string& name) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
        if (plain) {
            out += c;
        } else {
            out += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return out;
}

Result<void> write_base64(Source& source, BodyWriter& out) {
    std::string bytes(kLine * kLinesTogether, '\0');
    for (;;) {
        const auto got = source.read({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        if (!got.ok()) return got.error();
        std::string lines;
        for (std::size_t at = 0; at < *got; at += kLine)
            lines +=
                to_base64(std::string_view(bytes).substr(at, std::min(kLine, *got - at))) + "\r\n";
        if (const auto written = out.write(lines); !written.ok()) return written;
        if (*got < bytes.size()) return {};
    }
}

}  // namespace

std::optional<FileRecipient> file_recipient(const Arrival& arrival, const Routes& routes,
                                            Office& office) {
    if (arrival.sender == nullptr || arrival.area != nullptr) return std::nullopt;
    const auto who = named(arrival.plain.path);
    if (!who) return std::nullopt;
    auto to = parse_address("mailto:" + who->person + '@' + office.domain());
    if (!to.ok()) return std::nullopt;
    const Sender sender{node_address(arrival, routes), false};
    Verdict verdict = office.check(sender, *to, arrival.packet.bytes);
    const bool nobody = verdict.kind == Verdict::Kind::Refused &&
                        verdict.reason == Verdict::Reason::UnknownRecipient;
    if (nobody) return std::nullopt;
    return FileRecipient{std::move(*to), std::move(verdict)};
}

Result<Message> file_message(const Arrival& arrival, const Address& to, const Content& content,
                             const Routes& routes, Office& office) {
    const auto who = named(arrival.plain.path);
    if (!who) return Error{Code::BadInput, "it names nobody", false};
    const Address from = node_address(arrival, routes);
    const std::string mark = to_base32(arrival.packet.name).substr(0, 24);
    const std::string text =
        "file " + who->file + ' ' + short_size(content.bytes()) + " from " + arrival.sender->name;
    auto body = office.new_body();
    // Without a date: a repeat is the same to its last byte.
    std::string head = "From: <" + from.value + ">\r\nTo: <" + to.value +
                       ">\r\nSubject: file\r\nMessage-ID: <" + mark + '@' +
                       std::string(from.domain()) +
                       ">\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=" + mark +
                       "\r\n\r\n--" + mark +
                       "\r\nContent-Type: text/plain; charset=utf-8\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n";
    MemorySource words(text);
    if (const auto done = body->write(head); !done.ok()) return done.error();
    if (const auto done = write_base64(words, *body); !done.ok()) return done.error();
    head = "--" + mark + "\r\nContent-Type: " + std::string(type_of(who->file)) +
           "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; "
           "filename*=utf-8''" +
           parameter(who->file) + "\r\n\r\n";
    if (const auto done = body->write(head); !done.ok()) return done.error();
    const auto source = content.source();
    if (const auto done = write_base64(*source, *body); !done.ok()) return done.error();
    if (const auto done = body->write("--" + mark + "--\r\n"); !done.ok()) return done.error();
    const auto mail = email::read_mail(*body->written(), {}, {});
    if (!mail.ok()) return mail.error();
    Message message = email::message_of(*mail, from);
    message.to = {to};
    message.from_name = arrival.sender->name;
    message.return_path = {};
    message.privacy = Privacy::ToGateway;
    auto stored = body->finish();
    if (!stored.ok()) return stored.error();
    message.body = std::move(*stored);
    return message;
}

}  // namespace waypost::nncp
