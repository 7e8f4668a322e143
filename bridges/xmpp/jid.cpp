// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/jid.h"

#include <arpa/inet.h>
#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "bridges/xmpp/precis.h"
#include "gateway/base/printable_ascii.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kPartBytes = 1023;  // RFC 7622 3.2-3.4
constexpr std::size_t kLabelBytes = 63;
constexpr std::size_t kDomainBytes = 253;
// RFC 7622 3.3.1, beside what the profile refuses.
constexpr std::string_view kNotInLocal = "\"&'/:<>@";

bool is_small(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

Error wrong(std::string_view part, const std::string& why) {
    return bad_input("no XMPP address: " + std::string(part) + ": " + why);
}

Result<std::string> within(std::string_view part, Result<std::string> text) {
    if (!text.ok()) return wrong(part, text.error().text);
    if (text->size() > kPartBytes) return wrong(part, "it is longer than 1023 bytes");
    return text;
}

// Most local parts need no tables.
bool is_plain_local(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_small(c) || c == '.' || c == '-' || c == '_' || c == '\\';
    });
}

Result<std::string> local_part(std::string_view text) {
    if (text.size() > kPartBytes) return wrong("the part before the @", "it is too long");
    if (is_plain_local(text)) return std::string(text);
    auto local = within("the part before the @", username_case_mapped(text));
    if (local.ok() && local->find_first_of(kNotInLocal) != std::string::npos)
        return wrong("the part before the @",
                     "quotes, & / : < > and @ are not allowed there; \\40 stands for an @");
    return local;
}

Result<std::string> resource_part(std::string_view text) {
    if (text.size() > kPartBytes) return wrong("the part behind the /", "it is too long");
    if (is_printable_ascii(text)) return std::string(text);
    return within("the part behind the /", opaque_string(text));
}

bool labels_fit(std::string_view ascii) {
    if (ascii.size() > kDomainBytes) return false;
    while (true) {
        const std::size_t dot = std::min(ascii.find('.'), ascii.size());
        const std::string_view label = ascii.substr(0, dot);
        if (label.empty() || label.size() > kLabelBytes || label.front() == '-' ||
            label.back() == '-')
            return false;
        if (dot == ascii.size()) return true;
        ascii.remove_prefix(dot + 1);
    }
}

std::optional<std::string> literal(std::string_view text) {
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
    const std::string inside(text.substr(1, text.size() - 2));
    in6_addr address{};
    char form[INET6_ADDRSTRLEN];
    if (inside.find('\0') != std::string::npos ||
        ::inet_pton(AF_INET6, inside.c_str(), &address) != 1 ||
        ::inet_ntop(AF_INET6, &address, form, sizeof form) == nullptr)
        return std::nullopt;
    return '[' + std::string(form) + ']';
}

const icu::IDNA& idna() {
    static const std::unique_ptr<icu::IDNA> instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::IDNA>(icu::IDNA::createUTS46Instance(
            UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_CHECK_CONTEXTO |
                UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
            status));
    }();
    return *instance;
}

// U-labels in small letters; what DNS would take, judged by the A-labels.
Result<std::string> unicode_domain(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    icu::IDNAInfo info;
    icu::UnicodeString name;
    const auto whole = icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    idna().nameToUnicode(whole, name, info, status);
    if (U_FAILURE(status) || info.hasErrors())
        return wrong("the domain", "it is no name that the Internet's rules allow (IDNA2008)");
    icu::IDNAInfo ascii_info;
    icu::UnicodeString ascii;
    idna().nameToASCII(name, ascii, ascii_info, status);
    std::string wire, domain;
    if (U_FAILURE(status) || ascii_info.hasErrors() || !labels_fit(ascii.toUTF8String(wire)))
        return wrong("the domain", "it is too long, or a part of it is");
    return name.toUTF8String(domain);
}

Result<std::string> domain_part(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);  // RFC 7622 3.2
    if (text.empty()) return wrong("the domain", "there is none");
    if (text.size() > kPartBytes) return wrong("the domain", "it is too long");
    if (text.front() == '[') {
        if (auto address = literal(text)) return *address;
        return wrong("the domain", "what is in brackets is no IPv6 address");
    }
    const bool plain = std::all_of(text.begin(), text.end(),
                                   [](char c) { return is_small(c) || c == '.' || c == '-'; });
    if (plain && text.find("xn--") == std::string_view::npos && labels_fit(text))
        return std::string(text);
    if (!is_utf8(text)) return wrong("the domain", "it is no UTF-8");
    return within("the domain", unicode_domain(text));
}

}  // namespace

Jid Jid::bare() const {
    Jid jid = *this;
    jid.resource_.clear();
    return jid;
}

std::string Jid::bare_text() const { return local_.empty() ? domain_ : local_ + '@' + domain_; }

std::string Jid::text() const {
    return resource_.empty() ? bare_text() : bare_text() + '/' + resource_;
}

Result<Jid> make_jid(std::string_view local, std::string_view domain, std::string_view resource) {
    Jid jid;
    auto name = domain_part(domain);
    if (!name.ok()) return name.error();
    jid.domain_ = std::move(*name);
    if (!local.empty()) {
        auto part = local_part(local);
        if (!part.ok()) return part.error();
        jid.local_ = std::move(*part);
    }
    if (!resource.empty()) {
        auto part = resource_part(resource);
        if (!part.ok()) return part.error();
        jid.resource_ = std::move(*part);
    }
    return jid;
}

// RFC 7622 3.1: the first / ends the domain, then the first @ of what is before it begins it.
Result<Jid> parse_jid(std::string_view text) {
    std::string_view resource;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        resource = text.substr(slash + 1);
        text = text.substr(0, slash);
        if (resource.empty()) return wrong("the part behind the /", "there is none");
    }
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) return make_jid({}, text, resource);
    if (at == 0) return wrong("the part before the @", "there is none");
    return make_jid(text.substr(0, at), text.substr(at + 1), resource);
}

}  // namespace waypost::xmpp
