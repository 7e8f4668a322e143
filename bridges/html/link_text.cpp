// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/link_text.h"

#include <algorithm>
#include <array>

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

// What follows "https://", or nothing.
std::string_view without_scheme(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (url.size() > scheme.size() && lower_ascii(url.substr(0, scheme.size())) == scheme)
            return url.substr(scheme.size());
    }
    return {};
}

struct Parts {
    std::string host;  // with its port
    std::string_view path, query, fragment;
};

std::string_view take_from(std::string_view& rest, char mark) {
    const std::size_t at = std::min(rest.find(mark), rest.size());
    const std::string_view taken = rest.substr(std::min(at + 1, rest.size()));
    rest = rest.substr(0, at);
    return taken;
}

Parts parts_of(std::string_view url) {
    std::string_view rest = without_scheme(url);
    Parts parts;
    parts.fragment = take_from(rest, '#');
    parts.query = take_from(rest, '?');
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    parts.path = rest.substr(slash);
    const std::string_view authority = rest.substr(0, slash);
    const std::size_t user = authority.rfind('@');
    parts.host =
        lower_ascii(user == std::string_view::npos ? authority : authority.substr(user + 1));
    if (parts.host.starts_with("www.") && parts.host.size() > 4) parts.host.erase(0, 4);
    return parts;
}

bool is_tracking(std::string_view parameter) {
    static constexpr std::array<std::string_view, 6> kNames = {"fbclid", "gclid",  "msclkid",
                                                               "mc_cid", "mc_eid", "igshid"};
    const std::string_view name = parameter.substr(0, parameter.find('='));
    return name.starts_with("utm_") ||
           std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string without_tracking(std::string_view query) {
    std::string kept;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (parameter.empty() || is_tracking(parameter)) continue;
        (kept += kept.empty() ? '?' : '&').append(parameter);
    }
    return kept;
}

bool is_letter_like(std::string_view run) {
    return is_utf8(run) && clean_name(run) == run && run.find("\u00a0") == std::string_view::npos;
}

// "%D0%9A" -> "К"; what is ASCII, or would not be seen, stays as it is.
std::string with_letters(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        std::string run;
        std::size_t end = at;
        while (end + 2 < text.size() && text[end] == '%') {
            const auto byte = from_hex(text.substr(end + 1, 2));
            if (!byte || static_cast<unsigned char>(byte->front()) < 0x80) break;
            run += *byte;
            end += 3;
        }
        if (run.empty()) {
            out += text[at++];
        } else {
            out += is_letter_like(run) ? run : std::string(text.substr(at, end - at));
            at = end;
        }
    }
    return out;
}

// As people write it: without what browsers do not show.
std::string bare(std::string_view text) {
    const std::string_view rest = without_scheme(text);
    std::string out = lower_ascii(rest.empty() ? text : rest);
    if (out.starts_with("www.")) out.erase(0, 4);
    for (const std::string_view end : {kEllipsis, std::string_view("..."), std::string_view("/")}) {
        if (out.ends_with(end)) out.erase(out.size() - end.size());
    }
    return out;
}

}  // namespace

bool is_web_url(std::string_view url) {
    if (url.size() > kLongestUrl || !is_utf8(url)) return false;
    const auto unfit = [](char c) {
        return (c >= 0 && c <= ' ') || c == 0x7f || c == '"' || c == '\'' || c == '<' || c == '>' ||
               c == '\\' || c == '`';
    };
    return std::none_of(url.begin(), url.end(), unfit) && clean_name(url) == url &&
           !parts_of(url).host.empty();
}

std::string short_link(std::string_view url, std::size_t most) {
    if (!is_web_url(url)) return {};
    const Parts parts = parts_of(url);
    std::string link = parts.host + with_letters(parts.path);
    link += with_letters(without_tracking(parts.query));
    if (parts.fragment.starts_with('/') || parts.fragment.starts_with('!'))
        link.append("#").append(with_letters(parts.fragment));
    if (link == parts.host + '/') link.pop_back();
    return link.size() <= most ? link : parts.host + '/' + std::string(kEllipsis);
}

bool is_own_address(std::string_view url, std::string_view text) {
    const std::string shown = bare(text);
    if (shown.find('.') == std::string::npos || shown.find(' ') != std::string::npos) return false;
    return bare(url).starts_with(shown) || bare(with_letters(url)).starts_with(shown);
}

}  // namespace waypost
