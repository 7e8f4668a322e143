// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/address.h"

#include <algorithm>
#include <array>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMaxValue = 320;  // RFC 5321 4.5.3.1.1 and .2: 64 + "@" + 255
// RFC 5321 4.5.3.1.1 says 64, and asks to take longer ones: rewritten senders (SRS) are.
constexpr std::size_t kMaxLocal = 192;

bool has_domain(std::string_view scheme) {
    return scheme == "mailto" || scheme == "xmpp" || scheme == "acct";
}

bool printable(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '<' || c == '>' ||
               c == '"' || c == ',' || c == ';' || c == '\\';
    });
}

// Letters, digits, hyphens and non-ASCII (RFC 6531), in labels of 1 to 63 bytes.
bool plausible_domain(std::string_view domain) {
    if (domain.empty() || domain.size() > 255) return false;
    std::size_t label = 0;
    for (const char c : domain) {
        if (c == '.') {
            if (label == 0) return false;
            label = 0;
            continue;
        }
        const auto u = static_cast<unsigned char>(c);
        const bool fits =
            u >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!fits || ++label > 63) return false;
    }
    return label > 0;
}

Result<Address> with_domain(std::string scheme, std::string_view value) {
    const std::size_t at = value.rfind('@');
    if (at == std::string_view::npos || at == 0) {
        return bad_input("an address looks like name@place.example");
    }
    const std::string_view local = value.substr(0, at);
    const std::string domain = lower_ascii(value.substr(at + 1));
    if (local.size() > kMaxLocal) return bad_input("the part before @ is too long");
    if (local.find('@') != std::string_view::npos) return bad_input("two @ in one address");
    if (!plausible_domain(domain)) return bad_input("after @ comes a name like place.example");
    return Address{std::move(scheme), std::string(local) + '@' + domain};
}

// "scheme:" of RFC 3986 3.1, if the text has one.
std::string_view scheme_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    const std::string_view scheme = text.substr(0, colon);
    const bool fits = std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '-' || c == '.';
    });
    return fits ? scheme : std::string_view{};
}

}  // namespace

std::string_view Address::domain() const {
    if (!has_domain(scheme)) return {};
    const std::size_t at = value.rfind('@');
    return at == std::string::npos ? std::string_view{} : std::string_view(value).substr(at + 1);
}

std::string_view Address::local_part() const {
    const std::size_t at = has_domain(scheme) ? value.rfind('@') : std::string::npos;
    return std::string_view(value).substr(0, at);
}

Result<Address> parse_address(std::string_view text) {
    const std::string_view scheme = scheme_of(text);
    const std::string_view value = scheme.empty() ? text : text.substr(scheme.size() + 1);
    if (value.empty()) return bad_input("an address is empty");
    if (value.size() > kMaxValue) return bad_input("an address is longer than 320 bytes");
    if (!printable(value))
        return bad_input("an address has a space or a sign that cannot be there");
    const std::string kind = scheme.empty() ? "mailto" : lower_ascii(scheme);
    if (has_domain(kind)) return with_domain(kind, value);
    return Address{kind, kind == "xbee" || kind == "meshtastic" || kind == "meshcore" ||
                                 kind == "person" || kind == "mailbox" || kind == "group"
                             ? lower_ascii(value)
                             : std::string(value)};
}

Address mailto(std::string_view local_part, std::string_view domain) {
    return {"mailto", std::string(local_part) + '@' + lower_ascii(domain)};
}

Address person(std::string_view handle) { return {"person", std::string(handle)}; }

Address mailbox(std::string_view handle) { return {"mailbox", std::string(handle)}; }

Address group(std::string_view name) { return {"group", std::string(name)}; }

bool is_group(const Address& address) { return address.scheme == "group"; }

Address public_address(std::string_view domain) {
    return {"acct", std::string(kPublicName) + '@' + std::string(domain)};
}

bool is_mailbox(const Address& address) { return address.scheme == "mailbox"; }

}  // namespace waypost
