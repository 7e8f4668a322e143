// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/html_gather.h"

#include <algorithm>

#include "bridges/html/html_tags.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr int kDeepestQuote = 8;
constexpr int kDeepest = 400;  // elements inside each other

}  // namespace

void HtmlGather::open(std::string_view tag, HtmlAttributes attributes) {
    if (!is_void_tag(tag)) ++depth_;
    too_deep_ = too_deep_ || depth_ > kDeepest;
    if (hidden_at_ > 0) return;
    if (is_hidden_tag(tag) || is_hidden(attributes)) {
        if (!is_void_tag(tag)) hidden_at_ = depth_;
        return;
    }
    if (tag == "a") return link_opened(attributes);
    if (tag == "span") return span_opened(attributes);
    if (tag == "td" || tag == "th") space_ = true;
    if (!is_block_tag(tag)) return;
    new_line();
    if (tag == "pre") ++pre_;
    if (tag == "li") put_mark("- ");
    if (tag == "blockquote") open_quote(attributes);
}

void HtmlGather::close(std::string_view tag) {
    if (is_void_tag(tag)) return;
    const bool shows_again = hidden_at_ == depth_;
    --depth_;
    if (shows_again) hidden_at_ = 0;
    if (shows_again || hidden_at_ > 0) return;
    if (tag == "a") return link_closed();
    if (tag == "span") return span_closed();
    if (!is_block_tag(tag)) return;
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
        line_ended();
    }
    space_ = false;
    plain_ = false;
}

void HtmlGather::open_quote(HtmlAttributes attributes) {
    const bool quote = quote_ < kDeepestQuote && is_quote(attributes);
    quotes_.push_back(quote);
    quote_ += quote ? 1 : 0;
}

std::string gather_text(std::string_view html, HtmlGather& gather, std::size_t most) {
    const std::string source = plain_tags(clean_utf8(html));
    if (is_blank(source)) return {};
    const bool parsed = parse_html(source, gather) && !gather.too_deep();
    std::string text = parsed ? gather.take() : without_tags(source);
    text.erase(text.find_last_not_of(" \n") + 1);
    return std::string(cut_bytes(clean_utf8(text), most));
}

}  // namespace waypost
