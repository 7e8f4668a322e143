// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/pgp_mime.h"

#include <algorithm>
#include <array>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/header_fields.h"
#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

constexpr std::string_view kHiddenSubject = "Subject: [...]\r\n";

// What only a server on the way may say.
constexpr std::array kOfServers = {"received",
                                   "return-path",
                                   "delivered-to",
                                   "authentication-results",
                                   "x-waypost-loop",
                                   "dkim-signature",
                                   "arc-authentication-results",
                                   "x-original-to"};
// What must not count where anybody could have written it.
constexpr std::array kOnlyInside = {"subject", "autocrypt", "mime-version"};
// What stays readable for servers, and for programs that thread without opening.
constexpr std::array kOutside = {"from",         "to",         "date",     "message-id",
                                 "in-reply-to",  "references", "reply-to", "auto-submitted",
                                 "chat-version", "autocrypt"};

template <class Names>
bool among(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool begins(std::string_view name, std::string_view with) { return name.rfind(with, 0) == 0; }

bool of_content(std::string_view name) { return begins(name, "content-"); }

// Whether its From is this one mailbox. Read as a mail's From is: what another eye takes for the
// address ("carl@x, <eve@y>") must not differ from what was compared.
bool only_from(const SplitMail& mail, const Address& sender) {
    const auto from = [](const HeaderField& f) { return f.name == "from"; };
    if (std::count_if(mail.fields.begin(), mail.fields.end(), from) != 1) return false;
    const GRef<InternetAddressList> list(internet_address_list_parse(
        g_mime_parser_options_get_default(), mail.value("from").c_str()));
    if (!list || internet_address_list_length(list.get()) != 1) return false;
    InternetAddress* one = internet_address_list_get_address(list.get(), 0);
    if (!INTERNET_ADDRESS_IS_MAILBOX(one)) return false;
    const auto address = parse_address(
        clean_utf8(text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)))));
    return address.ok() && *address == sender;
}

std::string decoded(GMimeObject* object, std::size_t most) {
    if (!GMIME_IS_PART(object)) return {};
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(object));
    if (content == nullptr) return {};
    const GRef<GMimeStream> memory(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(content, memory.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
    if (bytes->len > most) return {};
    return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

GMimeObject* child(GMimeObject* object, int i) {
    return g_mime_multipart_get_part(GMIME_MULTIPART(object), i);
}

int children(GMimeObject* object) {
    return GMIME_IS_MULTIPART(object) ? g_mime_multipart_get_count(GMIME_MULTIPART(object)) : 0;
}

bool control_and_data(GMimeObject* control, GMimeObject* data) {
    return is(control, "application", "pgp-encrypted") && is(data, "application", "octet-stream");
}

// The part with the message, in the three shapes that are met: as RFC 3156 has it; flattened into
// multipart/mixed behind an empty text (Exchange); whole, behind a footer (list and mail services).
GMimeObject* data_part(GMimeObject* root) {
    const int count = children(root);
    if (is(root, "multipart", "encrypted") && count == 2 &&
        control_and_data(child(root, 0), child(root, 1))) {
        return child(root, 1);
    }
    if (!is(root, "multipart", "mixed") || count < 2 || !is(child(root, 0), "text", "plain"))
        return nullptr;
    if (count == 3 && control_and_data(child(root, 1), child(root, 2))) return child(root, 2);
    if (count != 2 || !is(child(root, 1), "multipart", "encrypted")) return nullptr;
    return data_part(child(root, 1));
}

// Tells readers that this header is the one to show (RFC 9788 2.1.1; the older form beside it).
std::string protected_content_type(const HeaderField& field) {
    return "Content-Type: " + field.value() + ";\r\n protected-headers=\"v1\"; hp=\"cipher\"\r\n";
}

}  // namespace

bool is_sealed(std::string_view mail) {
    const std::string type = lower_ascii(split_mail(mail).value("content-type"));
    const bool smime = begins(type, "application/pkcs7-mime") ||  // which also stands for signed
                       begins(type, "application/x-pkcs7-mime");
    return begins(type, "multipart/encrypted") ||
           (smime && type.find("enveloped-data") != std::string::npos);
}

std::optional<std::string> encrypted_part(std::string_view mail, std::size_t most) {
    start_gmime();
    if (mail.size() > 2 * most) return std::nullopt;
    const GRef<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(mail.data(), mail.size()));
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GRef<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    GMimeObject* root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
    GMimeObject* data = root != nullptr ? data_part(root) : nullptr;
    if (data == nullptr) return std::nullopt;
    std::string bytes = decoded(data, most);
    if (bytes.empty()) return std::nullopt;
    return bytes;
}

std::string opened_mail(std::string_view mail, std::string_view inside, const Address& sender) {
    start_gmime();
    const SplitMail outer = split_mail(mail);
    const SplitMail inner = split_mail(inside);
    const bool same_sender = only_from(inner, sender);
    const auto wins = [&](const HeaderField& field) {
        if (field.name == "from") return same_sender;
        return !among(kOfServers, field.name);
    };
    std::string opened;
    for (const HeaderField& field : outer.fields) {
        const bool hidden = among(kOnlyInside, field.name) || of_content(field.name) ||
                            begins(field.name, "chat-") || begins(field.name, "secure-join");
        const bool replaced =
            std::any_of(inner.fields.begin(), inner.fields.end(),
                        [&](const HeaderField& f) { return f.name == field.name && wins(f); });
        if (!hidden && !replaced) opened.append(field.raw);
    }
    bool has_type = false;
    for (const HeaderField& field : inner.fields) {
        has_type = has_type || field.name == "content-type";
        if (wins(field)) opened.append(field.raw);
    }
    if (has_type) opened += "MIME-Version: 1.0\r\n";
    if (!opened.empty() && opened.back() != '\n') opened += "\r\n";
    return opened + "\r\n" + std::string(inner.body);
}

Result<std::string> sealed_mail(
    std::string_view mail, const std::string& boundary,
    const std::function<Result<std::string>(std::string_view)>& encrypt) {
    const SplitMail split = split_mail(mail);
    std::string inside;
    std::string outside;
    bool has_type = false;
    for (const HeaderField& field : split.fields) {
        const bool of_server = among(kOfServers, field.name);
        if (of_server || among(kOutside, field.name)) outside.append(field.raw);
        if (field.name == "content-type") {
            has_type = true;
            inside += protected_content_type(field);
        } else if (!of_server && field.name != "mime-version") {
            inside.append(field.raw);
        }
    }
    if (!has_type)
        inside += "Content-Type: text/plain; protected-headers=\"v1\"; hp=\"cipher\"\r\n";
    inside += "\r\n";
    inside.append(split.body);
    auto message = encrypt(inside);
    if (!message.ok()) return message.error();
    return outside + std::string(kHiddenSubject) +
           "MIME-Version: 1.0\r\nContent-Type: multipart/encrypted;\r\n"
           " protocol=\"application/pgp-encrypted\"; boundary=\"" +
           boundary + "\"\r\n\r\n--" + boundary +
           "\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--" + boundary +
           "\r\nContent-Type: application/octet-stream; name=\"encrypted.asc\"\r\n\r\n" + *message +
           "\r\n--" + boundary + "--\r\n";
}

}  // namespace waypost::email::openpgp
