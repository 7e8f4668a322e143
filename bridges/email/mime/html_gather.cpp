// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/html_gather.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "bridges/email/mime/attribution.h"
#include "bridges/email/mime/lines.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr int kDeepestQuote = 8;
constexpr int kDeepest = 400;          // elements inside each other
constexpr std::size_t kMostLinks = 5;  // of which the addresses are shown; a newsletter has more
constexpr std::size_t kLongestLink = 200;
constexpr std::size_t kMenu = 4;       // short lines in a row that are links and nothing else
constexpr std::size_t kMenuWords = 4;  // at most, in each of them

const char* text_of(const unsigned char* text) { return reinterpret_cast<const char*>(text); }

bool is_one_of(std::string_view tag, std::initializer_list<std::string_view> tags) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_block(std::string_view tag) {
    return is_one_of(
        tag, {"p",  "div",     "br",      "tr",     "table",   "h1",      "h2",         "h3",
              "h4", "h5",      "h6",      "ul",     "ol",      "li",      "blockquote", "pre",
              "hr", "section", "article", "header", "footer",  "form",    "dl",         "dt",
              "dd", "center",  "caption", "body",   "address", "fieldset"});
}

bool is_hidden_tag(std::string_view tag) {
    return is_one_of(tag, {"script", "style", "head", "title", "template", "svg", "select",
                           "object", "iframe", "map"});
}

bool is_void(std::string_view tag) {
    return is_one_of(tag, {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "wbr",
                           "param", "frame"});
}

std::string attribute(HtmlAttributes attributes, std::string_view name) {
    for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
        if (attributes[1] != nullptr && name == text_of(attributes[0]))
            return text_of(attributes[1]);
    }
    return {};
}

bool is_not_shown(HtmlAttributes attributes) {
    std::string style = lower_text(attribute(attributes, "style"));
    style.erase(std::remove(style.begin(), style.end(), ' '), style.end());
    return style.find("display:none") != std::string::npos ||
           style.find("mso-hide:all") != std::string::npos ||
           style.find("visibility:hidden") != std::string::npos;
}

}  // namespace

void HtmlGather::open(std::string_view tag, HtmlAttributes attributes) {
    if (!is_void(tag)) ++depth_;
    if (hidden_at_ > 0) return;
    if (is_hidden_tag(tag) || is_not_shown(attributes)) {
        if (!is_void(tag)) hidden_at_ = depth_;
        return;
    }
    if (tag == "a") return open_link(attribute(attributes, "href"));
    if (tag == "td" || tag == "th") space_ = true;
    if (!is_block(tag)) return;
    new_line();
    if (tag == "pre") ++pre_;
    if (tag == "li") put_mark("- ");
    if (tag == "blockquote") open_quote(attributes);
}

void HtmlGather::close(std::string_view tag) {
    if (is_void(tag)) return;
    const bool shows_again = hidden_at_ == depth_;
    --depth_;
    if (shows_again) hidden_at_ = 0;
    if (shows_again || hidden_at_ > 0) return;
    if (tag == "a") return close_link();
    if (!is_block(tag)) return;
    new_line();
    if (tag == "pre") pre_ = std::max(pre_ - 1, 0);
    if (tag == "p" || tag == "h1" || tag == "h2") blank_ = true;
    if (tag == "blockquote" && !quotes_.empty()) {
        quote_ -= quotes_.back() ? 1 : 0;
        quotes_.pop_back();
    }
}

void HtmlGather::text(std::string_view piece) {
    if (hidden_at_ > 0) return;
    for (std::size_t i = 0; i < piece.size() && out_.size() < most_; ++i) {
        const char c = piece[i];
        const bool nbsp = piece.substr(i, 2) == "\u00a0";
        if (nbsp) ++i;
        if (pre_ > 0 && c == '\n') {
            new_line();
        } else if (pre_ > 0 && (c == ' ' || nbsp)) {
            put(" ");
        } else if (nbsp || c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            space_ = true;
        } else {
            put(piece.substr(i, 1));
        }
    }
}

bool HtmlGather::too_deep() const { return depth_ > kDeepest; }

std::string HtmlGather::take() && {
    new_line();
    if (links_.size() > kMostLinks) return without_menus();
    add_links();
    return std::move(out_);
}

void HtmlGather::put(std::string_view text) {
    if (at_line_start()) {
        if (blank_ && !out_.empty()) out_ += '\n';
        for (int i = 0; i < quote_; ++i) out_ += "> ";
    } else if (space_ && out_.back() != ' ') {
        out_ += ' ';
    }
    space_ = blank_ = false;
    out_.append(text);
    plain_ = plain_ || !in_link_;
}

void HtmlGather::put_mark(std::string_view mark) {
    const bool plain = plain_;
    put(mark);
    plain_ = plain;
}

void HtmlGather::new_line() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!at_line_start()) {
        out_ += '\n';
        lines_.push_back({out_.size(), !plain_});
    }
    space_ = false;
    plain_ = false;
}

// "Home", "News", "Contact": where to go in a newsletter or on its pages.
bool HtmlGather::in_menu(const TextLine& line, std::size_t begin) const {
    const std::string_view text = std::string_view(out_).substr(begin, line.end - begin);
    std::size_t words = 0;
    bool inside = false;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        words += !space && !inside ? 1 : 0;
        inside = !space;
    }
    return line.links && words <= kMenuWords + (text.substr(0, 2) == "- " ? 1 : 0);
}

std::string HtmlGather::without_menus() const {
    std::string text;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < lines_.size();) {
        std::size_t end = begin;
        std::size_t last = i;
        while (last < lines_.size() && in_menu(lines_[last], end)) end = lines_[last++].end;
        if (last - i < kMenu) {
            last = std::max(last, i + 1);
            end = lines_[last - 1].end;
            text.append(out_, begin, end - begin);
        } else if (!text.empty()) {
            text += '\n';
        }
        begin = end;
        i = last;
    }
    return text;
}

// Newsletters indent with it; mail programs say that they quote, or somebody introduces it.
void HtmlGather::open_quote(HtmlAttributes attributes) {
    bool quote = lower_text(attribute(attributes, "type")) == "cite" ||
                 !attribute(attributes, "cite").empty() ||
                 contains_any(lower_text(attribute(attributes, "class")), {"quote", "cite"}) ||
                 contains_any(lower_text(attribute(attributes, "style")), {"border-left"}) ||
                 introduced();
    quote = quote && quote_ < kDeepestQuote;
    quotes_.push_back(quote);
    quote_ += quote ? 1 : 0;
}

bool HtmlGather::introduced() const {
    const std::size_t end = out_.find_last_not_of(" \n");
    if (end == std::string::npos) return false;
    const std::size_t before = out_.rfind('\n', end);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return introduces_quote(std::string_view(out_).substr(begin, end + 1 - begin));
}

void HtmlGather::open_link(std::string target) {
    in_link_ = !target.empty();
    target_ = std::move(target);
    link_text_ = out_.size();
}

void HtmlGather::close_link() {
    in_link_ = false;
    const std::string target = std::exchange(target_, {});
    if (target.rfind("http", 0) != 0 || target.size() > kLongestLink) return;
    const std::string_view shown = std::string_view(out_).substr(std::min(link_text_, out_.size()));
    if (is_blank(shown) || shown.find("http") != std::string_view::npos ||
        shown.find("www.") != std::string_view::npos) {
        return;
    }
    if (links_.size() <= kMostLinks) links_.push_back({out_.size(), target});
}

void HtmlGather::add_links() {
    for (auto link = links_.rbegin(); link != links_.rend(); ++link) {
        if (link->at <= out_.size()) out_.insert(link->at, " <" + link->target + '>');
    }
}

}  // namespace waypost::email
