// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/html/html_parser.h"

namespace waypost {

// Gathers what a person reads: blocks become lines, what is not shown is left out. What links and
// quotes are like is for those that derive from it: pages of mails (mail_gather.h) and posts
// (post_gather.h).
class HtmlGather : public HtmlEvents {
  public:
    void open(std::string_view tag, HtmlAttributes attributes) override;
    void close(std::string_view tag) override;
    void text(std::string_view piece) override;
    bool enough() const override { return too_deep_; }

    bool too_deep() const { return too_deep_; }  // deeper than any page nests
    virtual std::string take() = 0;              // the text, once

  protected:
    explicit HtmlGather(std::size_t most) : most_(most) {}

    virtual bool is_hidden(HtmlAttributes attributes) const { return is_html_hidden(attributes); }
    virtual bool is_quote(HtmlAttributes attributes) const = 0;  // of a blockquote
    virtual void link_opened(HtmlAttributes attributes) = 0;
    virtual void link_closed() = 0;
    virtual void span_opened(HtmlAttributes) {}
    virtual void span_closed() {}
    virtual void line_ended() {}

    bool at_line_start() const { return out_.empty() || out_.back() == '\n'; }
    void put(std::string_view text);
    void new_line();

    const std::size_t most_;
    std::string out_;
    bool in_link_ = false;
    bool plain_ = false;  // this line has text that is no link

  private:
    void put_mark(std::string_view mark);
    void open_quote(HtmlAttributes attributes);

    int depth_ = 0;
    bool too_deep_ = false;
    int hidden_at_ = 0;  // depth of the element whose content is not shown, 0: none
    int pre_ = 0;
    int quote_ = 0;
    std::vector<bool> quotes_;  // of the open blockquotes: does it quote
    bool space_ = false;        // white space was seen and not yet put
    bool blank_ = false;        // the next line begins a paragraph
};

// `html` as it came. Empty where nothing is to be read; the bare text where it nests too deep.
std::string gather_text(std::string_view html, HtmlGather& gather, std::size_t most);

}  // namespace waypost
