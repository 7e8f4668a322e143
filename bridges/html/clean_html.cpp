// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "bridges/html/html_parser.h"
#include "bridges/html/html_tags.h"
#include "bridges/html/html_write.h"
#include "bridges/html/link_text.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kDeepest = 400;        // elements inside each other, of the page
constexpr std::size_t kDeepestWritten = 32;  // and of what comes out

// The tag that is written for one of the page; empty: none.
std::string_view allowed(std::string_view tag) {
    static constexpr std::string_view kSame[] = {
        "p", "a", "span", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote"};
    const auto* same = std::find(std::begin(kSame), std::end(kSame), tag);
    if (same != std::end(kSame)) return *same;
    if (is_html_tag(tag, {"b", "h1", "h2", "h3", "h4", "h5", "h6"})) return "strong";
    if (tag == "i") return "em";
    if (is_html_tag(tag, {"s", "strike"})) return "del";
    return {};
}

class Cleaner final : public HtmlEvents {
  public:
    explicit Cleaner(std::size_t most) : most_(most) {}

    void open(std::string_view tag, HtmlAttributes attributes) override {
        if (full_) return;
        if (tag == "br" && hidden_at_ == 0) put_break();
        if (is_void_tag(tag)) return;
        open_.push_back({});
        too_deep_ = too_deep_ || open_.size() > kDeepest;
        if (hidden_at_ > 0) return;
        if (is_hidden_tag(tag) || is_html_hidden(attributes)) {
            hidden_at_ = open_.size();
            return;
        }
        const std::string_view written = allowed(tag);
        if (is_block_tag(tag) && written != tag) break_ = true;
        if (!written.empty()) write(written, attributes);
    }

    void close(std::string_view tag) override {
        if (full_ || is_void_tag(tag) || open_.empty()) return;
        const std::string_view written = open_.back();
        if (hidden_at_ == open_.size()) hidden_at_ = 0;
        open_.pop_back();
        if (!written.empty()) put_close(written);
        if (hidden_at_ == 0 && is_block_tag(tag) && allowed(tag) != tag) break_ = true;
    }

    void text(std::string_view piece) override {
        if (full_ || hidden_at_ > 0) return;
        const bool blank = is_blank(piece);
        if (break_ && blank) return;
        if (break_ && !at_block_) put_break();
        put_text(clean_utf8(piece));
        at_block_ = at_block_ && blank;
        break_ = false;
    }

    bool enough() const override { return full_ || too_deep_; }
    bool too_deep() const { return too_deep_; }

    std::string take() {
        full_ = true;
        for (auto tag = open_.rbegin(); tag != open_.rend(); ++tag) {
            if (!tag->empty()) out_.append("</").append(*tag).append(">");
        }
        return std::move(out_);
    }

  private:
    // False, and nothing more is written: there is no room for it and for what has to be closed.
    bool put(std::string_view html, std::size_t closing = 0) {
        full_ = full_ || out_.size() + html.size() + closing_ + closing > most_;
        if (!full_) out_.append(html);
        return !full_;
    }

    void put_text(std::string_view text) {
        if (out_.size() + closing_ + escape_html(text).size() <= most_)
            return append_html(out_, text);
        each_code_point(text,
                        [&](std::int32_t, std::string_view bytes) { put(escape_html(bytes)); });
    }

    void put_break() {
        put("<br>");
        break_ = false;
        at_block_ = true;
    }

    static std::string tag_html(std::string_view tag, HtmlAttributes attributes) {
        std::string html = "<" + std::string(tag);
        std::string classes;
        for (const std::string_view name : {"mention", "hashtag", "invisible", "ellipsis"}) {
            if (has_html_class(attributes, name))
                (classes += classes.empty() ? "" : " ").append(name);
        }
        if (tag == "a")
            html += " href=\"" + escape_html(html_attribute(attributes, "href")) +
                    "\" rel=\"nofollow noopener\"";
        if (!classes.empty() && (tag == "a" || tag == "span")) html += " class=\"" + classes + '"';
        return html + '>';
    }

    void write(std::string_view tag, HtmlAttributes attributes) {
        if (written_ >= kDeepestWritten) return;
        if (tag == "a" && !is_web_url(html_attribute(attributes, "href"))) return;
        const bool block = is_block_tag(tag);
        if (break_ && !block && !at_block_) put_break();
        const std::size_t closing = tag.size() + 3;
        if (!put(tag_html(tag, attributes), closing)) return;
        closing_ += closing;
        ++written_;
        open_.back() = tag;
        at_block_ = at_block_ || block;
        break_ = break_ && !block;
    }

    void put_close(std::string_view tag) {
        closing_ -= tag.size() + 3;
        --written_;
        out_.append("</").append(tag).append(">");
        at_block_ = is_block_tag(tag);
    }

    const std::size_t most_;
    std::string out_;
    std::vector<std::string_view> open_;  // what was written for each open element; or nothing
    std::size_t written_ = 0;
    std::size_t closing_ = 0;    // bytes that closing them takes
    std::size_t hidden_at_ = 0;  // how many were open with the one that is not shown; 0: none
    bool at_block_ = true;       // a line begins here by itself
    bool break_ = false;         // a block of the page begins or ended that is none here
    bool full_ = false;
    bool too_deep_ = false;
};

}  // namespace

std::string clean_html(std::string_view html, std::size_t most) {
    const std::string source = plain_tags(clean_utf8(html));
    if (is_blank(source)) return {};
    Cleaner cleaner(most);
    if (parse_html(source, cleaner) && !cleaner.too_deep()) return cleaner.take();
    Cleaner bare(most);
    bare.text(without_tags(source));
    return bare.take();
}

}  // namespace waypost
