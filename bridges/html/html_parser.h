// SPDX-License-Identifier: Apache-2.0
// What an HTML parser finds, in the order of the page. libxml2 parses; no tree is built, and
// nothing is ever fetched.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace waypost {

// The attributes of a tag: name, value, name, value, null. A value may be null. They are looked at,
// not kept.
using HtmlAttributes = const unsigned char**;

std::string html_attribute(HtmlAttributes attributes, std::string_view name);  // empty: it has none
bool has_html_class(HtmlAttributes attributes, std::string_view name);
// By its own style; what a style sheet says is not known.
bool is_html_hidden(HtmlAttributes attributes);

bool is_html_tag(std::string_view tag, std::initializer_list<std::string_view> tags);
bool is_block_tag(std::string_view tag);   // begins a line
bool is_hidden_tag(std::string_view tag);  // its content is not for reading: scripts, style sheets
bool is_void_tag(std::string_view tag);    // has no content: br, img

// Every open() has its close(), void tags may have one. Names of tags are in small letters.
class HtmlEvents {
  public:
    virtual ~HtmlEvents() = default;
    virtual void open(std::string_view tag, HtmlAttributes attributes) = 0;
    virtual void close(std::string_view tag) = 0;
    virtual void text(std::string_view piece) = 0;  // decoded; comes in pieces of any size
    virtual bool enough() const = 0;                // nothing more is wanted of the page
};

// `html` is what plain_tags() (html_tags.h) made. Linear time. False: no memory.
bool parse_html(const std::string& html, HtmlEvents& events);

}  // namespace waypost
