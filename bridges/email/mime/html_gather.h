// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::email {

// The attributes of a tag as an HTML parser gives them: name, value, name, value, null. A value may
// be null. They are looked at, not kept.
using HtmlAttributes = const unsigned char**;

// Gathers what a person reads from a parser's events, in the order of the page: every open() has
// its close(), tags without content (br, img) may have one.
class HtmlGather {
  public:
    explicit HtmlGather(std::size_t most) : most_(most) {}

    void open(std::string_view tag, HtmlAttributes attributes);
    void close(std::string_view tag);
    void text(std::string_view piece);
    bool too_deep() const;  // deeper than any page nests
    std::string take() &&;

  private:
    struct Link {
        std::size_t at = 0;
        std::string target;
    };
    struct TextLine {
        std::size_t end = 0;  // in out_, after its line feed
        bool links = false;   // and nothing else
    };

    bool at_line_start() const { return out_.empty() || out_.back() == '\n'; }
    void put(std::string_view text);
    void put_mark(std::string_view mark);
    void new_line();
    void open_quote(HtmlAttributes attributes);
    bool introduced() const;
    void open_link(std::string target);
    void close_link();
    void add_links();
    bool in_menu(const TextLine& line, std::size_t begin) const;
    std::string without_menus() const;

    std::size_t most_;
    std::string out_;
    int depth_ = 0;
    int hidden_at_ = 0;  // depth of the element whose content is not shown, 0: none
    int pre_ = 0;
    int quote_ = 0;
    std::vector<bool> quotes_;  // of the open blockquotes: does it quote
    bool space_ = false;        // white space was seen and not yet put
    bool blank_ = false;        // the next line begins a paragraph
    bool in_link_ = false;
    bool plain_ = false;  // this line has text that is no link
    std::string target_;
    std::size_t link_text_ = 0;
    std::vector<Link> links_;
    std::vector<TextLine> lines_;
};

}  // namespace waypost::email
