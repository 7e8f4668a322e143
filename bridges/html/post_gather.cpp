// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/post_gather.h"

#include <algorithm>
#include <utility>

#include "bridges/html/link_text.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

bool is_mark(char c) { return c == '@' || c == '#'; }

}  // namespace

std::string PostGather::take() {
    new_line();
    return std::move(out_);
}

bool PostGather::is_hidden(HtmlAttributes attributes) const {
    return is_html_hidden(attributes) || has_html_class(attributes, "invisible");
}

void PostGather::span_opened(HtmlAttributes attributes) {
    cut_.push_back(has_html_class(attributes, "ellipsis"));
}

void PostGather::span_closed() {
    if (cut_.empty()) return;
    if (cut_.back() && !at_line_start() && out_.size() < most_) out_ += "\u2026";
    cut_.pop_back();
}

void PostGather::link_opened(HtmlAttributes attributes) {
    target_ = html_attribute(attributes, "href");
    is_tag_ = has_html_class(attributes, "mention") || has_html_class(attributes, "hashtag");
    in_link_ = true;
    link_text_ = out_.size();
}

void PostGather::link_closed() {
    in_link_ = false;
    const std::string target = std::exchange(target_, {});
    if (out_.size() >= most_ || out_.size() <= link_text_) return;
    if (is_known_mention(target)) {
        out_.erase(link_text_);
        return;
    }
    std::size_t begin = link_text_;
    while (begin < out_.size() && (out_[begin] == ' ' || out_[begin] == '\n')) ++begin;
    const std::string_view shown = std::string_view(out_).substr(begin);
    if (is_blank(shown)) return;
    // Some put the mark before the link: "@<a>bob</a>".
    const bool marked = is_mark(shown.front()) || (begin > 0 && is_mark(out_[begin - 1]));
    const bool is_word = shown.find_first_of(" \n") == std::string_view::npos;
    if (!is_tag_ && !(marked && is_word)) show_address(target, begin);
}

bool PostGather::is_known_mention(const std::string& target) const {
    const auto& known = options_.known_mentions;
    return std::find(known.begin(), known.end(), target) != known.end() &&
           out_.find_first_not_of(" \n") >= link_text_;
}

void PostGather::show_address(const std::string& target, std::size_t begin) {
    if (!is_web_url(target)) return;
    const std::string address = options_.links == LinkForm::Whole ? target : short_link(target);
    if (is_own_address(target, std::string_view(out_).substr(begin))) {
        out_.erase(begin);
        out_ += address;
    } else {
        out_.append(" <").append(address).append(">");
    }
}

}  // namespace waypost
