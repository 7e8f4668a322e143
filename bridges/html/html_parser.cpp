// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/html_parser.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>

#include "gateway/message/text.h"

namespace waypost {
namespace {

const char* text_of(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

struct Parse {
    HtmlEvents& events;
    htmlParserCtxtPtr context;

    void stop_if_enough() const {
        if (events.enough()) xmlStopParser(context);
    }
};

void on_open(void* user, const xmlChar* name, const xmlChar** attributes) {
    const auto& parse = *static_cast<Parse*>(user);
    parse.events.open(text_of(name), attributes);
    parse.stop_if_enough();
}

void on_close(void* user, const xmlChar* name) {
    static_cast<Parse*>(user)->events.close(text_of(name));
}

void on_text(void* user, const xmlChar* text, int size) {
    const auto& parse = *static_cast<Parse*>(user);
    parse.events.text({text_of(text), static_cast<std::size_t>(size)});
    parse.stop_if_enough();
}

void on_nothing(void*, const xmlChar*, int) {}

}  // namespace

bool parse_html(const std::string& html, HtmlEvents& events) {
    htmlSAXHandler handlers{};
    handlers.startElement = on_open;
    handlers.endElement = on_close;
    handlers.characters = on_text;
    handlers.ignorableWhitespace = on_text;
    handlers.cdataBlock = on_nothing;  // scripts and style sheets
    const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> context(
        htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())), htmlFreeParserCtxt);
    if (!context) return false;
    Parse parse{events, context.get()};
    htmlCtxtUseOptions(context.get(), HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                          HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
    *context->sax = handlers;
    context->userData = &parse;
    htmlParseDocument(context.get());
    if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
    context->myDoc = nullptr;
    return true;
}

std::string html_attribute(HtmlAttributes attributes, std::string_view name) {
    for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
        if (attributes[1] != nullptr && name == text_of(attributes[0]))
            return text_of(attributes[1]);
    }
    return {};
}

bool has_html_class(HtmlAttributes attributes, std::string_view name) {
    const std::string value = html_attribute(attributes, "class");
    for (std::size_t at = value.find(name); at != std::string::npos;
         at = value.find(name, at + 1)) {
        const auto is_border = [&](std::size_t i) {
            return i >= value.size() ||
                   std::string_view(" \t\n").find(value[i]) != std::string::npos;
        };
        if ((at == 0 || is_border(at - 1)) && is_border(at + name.size())) return true;
    }
    return false;
}

bool is_html_hidden(HtmlAttributes attributes) {
    std::string style = lower_ascii(html_attribute(attributes, "style"));
    style.erase(std::remove(style.begin(), style.end(), ' '), style.end());
    return style.find("display:none") != std::string::npos ||
           style.find("mso-hide:all") != std::string::npos ||
           style.find("visibility:hidden") != std::string::npos;
}

bool is_html_tag(std::string_view tag, std::initializer_list<std::string_view> tags) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

bool is_block_tag(std::string_view tag) {
    return is_html_tag(
        tag, {"p",  "div",     "br",      "tr",     "table",   "h1",      "h2",         "h3",
              "h4", "h5",      "h6",      "ul",     "ol",      "li",      "blockquote", "pre",
              "hr", "section", "article", "header", "footer",  "form",    "dl",         "dt",
              "dd", "center",  "caption", "body",   "address", "fieldset"});
}

bool is_hidden_tag(std::string_view tag) {
    return is_html_tag(tag, {"script", "style", "head", "title", "template", "svg", "select",
                             "object", "iframe", "map"});
}

bool is_void_tag(std::string_view tag) {
    return is_html_tag(tag, {"br", "hr", "img", "input", "meta", "link", "area", "base", "col",
                             "wbr", "param", "frame"});
}

}  // namespace waypost
