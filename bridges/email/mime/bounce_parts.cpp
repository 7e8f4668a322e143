// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/bounce_parts.h"

#include <glib.h>

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kIdBytes = 250;
constexpr std::size_t kLocalBytes = 64;    // RFC 5321 4.5.3.1.1
constexpr std::size_t kDomainBytes = 255;  // RFC 5321 4.5.3.1.2
constexpr std::size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_local(char c) {  // atext and dot (RFC 5322 3.2.3, RFC 6532)
    return g_ascii_isalnum(c) || is_high(c) ||
           std::string_view("!#$%&'*+/=?^_`{|}~.-").find(c) != kNone;
}

bool is_domain(char c) { return g_ascii_isalnum(c) || is_high(c) || c == '.' || c == '-'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t count = 0;
    while (at + count < text.size() && is_digit(text[at + count])) ++count;
    return count;
}

// How long a status code is that begins here; 0: none does.
std::size_t status_at(std::string_view text, std::size_t at) {
    constexpr char kLastSubject = '7';  // RFC 3463 section 3
    constexpr std::size_t kDetailDigits = 3;
    if (text.size() - at < 5 || text[at + 1] != '.' || text[at + 3] != '.') return 0;
    if (text[at] != '2' && text[at] != '4' && text[at] != '5') return 0;
    if (text[at + 2] < '0' || text[at + 2] > kLastSubject) return 0;
    const std::size_t detail = digits_at(text, at + 4);
    if (detail == 0 || detail > kDetailDigits) return 0;
    const std::size_t end = at + 4 + detail;
    const bool goes_on = end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1]);
    return goes_on ? 0 : end - at;
}

}  // namespace

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    std::size_t next = end;
    if (next < rest.size() && rest[next] == '\r') ++next;
    if (next < rest.size() && rest[next] == '\n') ++next;
    rest.remove_prefix(next);
    return line;
}

std::optional<FoundAddress> find_address(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('@', from); at != kNone; at = text.find('@', at + 1)) {
        std::size_t begin = at;
        while (begin > from && at - begin < kLocalBytes && is_local(text[begin - 1])) --begin;
        std::size_t end = at + 1;
        while (end < text.size() && end - at <= kDomainBytes && is_domain(text[end])) ++end;
        while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
        constexpr std::string_view kX400 = "smtp=";  // dda:SMTP=bob@example.org
        if (at - begin > kX400.size() &&
            g_ascii_strncasecmp(text.data() + begin, kX400.data(), kX400.size()) == 0) {
            begin += kX400.size();
        }
        while (begin < at && (text[begin] == '\'' || text[begin] == '.')) ++begin;
        if (begin == at || end == at + 1) continue;
        auto address = parse_address("mailto:" + clean_utf8(text.substr(begin, end - begin)));
        if (address.ok()) return FoundAddress{std::move(*address), begin, end};
    }
    return std::nullopt;
}

std::size_t find_reply(std::string_view text) {
    for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
        if ((text[at] != '4' && text[at] != '5') || digits_at(text.substr(0, at + 4), at) != 3)
            continue;
        if (text[at + 1] > '5') continue;  // RFC 5321 4.2.1: the second digit
        const char before = at == 0 ? ' ' : text[at - 1];
        const char after = at + 3 == text.size() ? ' ' : text[at + 3];
        if (std::string_view(" \t'\"#(>:;[").find(before) == kNone) continue;
        if (std::string_view(" -:)").find(after) != kNone) return at;
    }
    return kNone;
}

std::string find_status(std::string_view text) {
    for (std::size_t at = 0; at + 5 <= text.size(); ++at) {
        const bool inside =
            at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.' || is_local(text[at - 1])) &&
            text[at - 1] != '-' && text[at - 1] != '#' && text[at - 1] != '\'';
        if (inside) continue;
        if (const std::size_t length = status_at(text, at))
            return std::string(text.substr(at, length));
    }
    return {};
}

bool is_vague(std::string_view status) {
    return status.empty() || (status.size() == 5 && status.substr(1) == ".0.0");
}

std::string field(std::string_view block, std::string_view name) {
    std::string value;
    bool inside = false;
    while (!block.empty()) {
        const std::string_view line = take_line(block);
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

std::string bare_id(std::string_view value) {
    const std::size_t open = value.find('<');
    if (open == kNone) return {};
    const std::size_t close = value.find('>', open);
    if (close == kNone || close - open > kIdBytes) return {};
    const std::string_view id = value.substr(open, close - open + 1);
    return id.size() > 2 ? std::string(id) : std::string();
}

}  // namespace waypost::email
