// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/mail_gather.h"

#include <algorithm>
#include <utility>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostLinks = 5;  // of which the addresses are shown; a newsletter has more
constexpr std::size_t kLongestLink = 200;
constexpr std::size_t kMenu = 4;       // short lines in a row that are links and nothing else
constexpr std::size_t kMenuWords = 4;  // at most, in each of them

// In small letters.
bool attribute_has(HtmlAttributes attributes, std::string_view name, std::string_view words) {
    return lower_ascii(html_attribute(attributes, name)).find(words) != std::string::npos;
}

}  // namespace

std::string MailGather::take() {
    new_line();
    if (links_.size() > kMostLinks) return without_menus();
    add_links();
    return std::move(out_);
}

void MailGather::line_ended() { lines_.push_back({out_.size(), !plain_}); }

// "Home", "News", "Contact": where to go in a newsletter or on its pages.
bool MailGather::in_menu(const TextLine& line, std::size_t begin) const {
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

std::string MailGather::without_menus() const {
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
bool MailGather::is_quote(HtmlAttributes attributes) const {
    return lower_ascii(html_attribute(attributes, "type")) == "cite" ||
           !html_attribute(attributes, "cite").empty() ||
           attribute_has(attributes, "class", "quote") ||
           attribute_has(attributes, "class", "cite") ||
           attribute_has(attributes, "style", "border-left") || introduced();
}

bool MailGather::introduced() const {
    const std::size_t end = out_.find_last_not_of(" \n");
    if (introduces_ == nullptr || end == std::string::npos) return false;
    const std::size_t before = out_.rfind('\n', end);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return introduces_(std::string_view(out_).substr(begin, end + 1 - begin));
}

void MailGather::link_opened(HtmlAttributes attributes) {
    target_ = html_attribute(attributes, "href");
    in_link_ = !target_.empty();
    link_text_ = out_.size();
}

void MailGather::link_closed() {
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

void MailGather::add_links() {
    for (auto link = links_.rbegin(); link != links_.rend(); ++link) {
        if (link->at <= out_.size()) out_.insert(link->at, " <" + link->target + '>');
    }
}

}  // namespace waypost
