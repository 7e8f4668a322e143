// SPDX-License-Identifier: Apache-2.0
// A stranger's HTML: what is shown of it is text within its limit, and what is cleaned for a
// browser has nothing but what is allowed, well nested.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "bridges/html/html_text.h"
#include "bridges/html/html_write.h"
#include "bridges/html/link_text.h"
#include "gateway/message/text.h"

namespace {

using namespace waypost;

void check(bool right) {
    if (!right) std::abort();
}

bool take(std::string_view& rest, std::string_view expected) {
    if (rest.substr(0, expected.size()) != expected) return false;
    rest.remove_prefix(expected.size());
    return true;
}

void skip_entity(std::string_view& rest) {
    for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
        if (take(rest, entity)) return;
    }
    std::abort();
}

// Up to the quote behind it.
std::string_view value_of(std::string_view& rest) {
    const std::string_view begin = rest;
    while (!rest.empty() && rest.front() != '"') {
        check(rest.front() != '<' && rest.front() != '>' && rest.front() != '\'');
        if (rest.front() == '&') {
            skip_entity(rest);
        } else {
            rest.remove_prefix(1);
        }
    }
    const std::string_view value = begin.substr(0, begin.size() - rest.size());
    check(take(rest, "\""));
    return value;
}

void check_attributes(std::string_view& rest, bool link) {
    bool href = false;
    while (take(rest, " ")) {
        if (take(rest, "href=\"")) {
            const std::string_view url = value_of(rest);
            const std::string scheme = lower_ascii(url.substr(0, 8));
            check(link && (scheme == "https://" || scheme.rfind("http://", 0) == 0));
            href = true;
        } else if (take(rest, "class=\"")) {
            for (const char c : value_of(rest))
                check((c >= 'a' && c <= 'z') || c == ' ' || c == '-');
        } else {
            check(take(rest, "rel=\"nofollow noopener\""));
        }
    }
    check(href == link);
    check(take(rest, ">"));
}

std::string_view name_of(std::string_view& rest) {
    static constexpr std::array<std::string_view, 13> kTags = {
        "blockquote", "strong", "span", "code", "pre", "del", "em",
        "ul",         "ol",     "li",   "br",   "p",   "a"};
    for (const std::string_view tag : kTags) {
        const std::string_view next = rest.substr(std::min(tag.size(), rest.size()), 1);
        if (rest.substr(0, tag.size()) == tag && (next == ">" || next == " ")) {
            rest.remove_prefix(tag.size());
            return tag;
        }
    }
    std::abort();
}

void check_clean(std::string_view rest) {
    check(is_utf8(rest) && clean_utf8(rest) == rest);
    std::vector<std::string_view> open;
    while (!rest.empty()) {
        if (take(rest, "</")) {
            const std::string_view tag = name_of(rest);
            check(!open.empty() && open.back() == tag && take(rest, ">"));
            open.pop_back();
        } else if (take(rest, "<")) {
            const std::string_view tag = name_of(rest);
            check_attributes(rest, tag == "a");
            if (tag != "br") open.push_back(tag);
        } else if (rest.front() == '&') {
            skip_entity(rest);
        } else {
            check(rest.front() != '>' && rest.front() != '"' && rest.front() != '\'');
            rest.remove_prefix(1);
        }
    }
    check(open.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const std::size_t most : {std::size_t{100'000}, std::size_t{60}, std::size_t{7}}) {
        const std::string clean = clean_html(bytes, most);
        check(clean.size() <= most);
        check_clean(clean);
        HtmlPostOptions options;
        options.most = most;
        options.links = most == 60 ? LinkForm::Whole : LinkForm::Short;
        options.known_mentions = {"https://hill.example/ap/ana"};
        const std::string text = html_post_to_text(bytes, options);
        check(text.size() <= most && is_utf8(text) && clean_utf8(text) == text);
        check(is_utf8(html_mail_to_text(bytes, most, nullptr)));
    }
    check_clean(text_to_html(bytes, {{"@ana", "https://hill.example/ap/ana"}}));
    const std::string link = short_link(bytes);
    check(link.empty() == !is_web_url(bytes) && is_utf8(link));
    return 0;
}
