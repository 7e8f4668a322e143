// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <memory>
#include <utility>

#include "bridges/email/mime/html_gather.h"
#include "bridges/email/mime/html_tags.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

const char* text_of(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

struct Parse {
    explicit Parse(std::size_t most) : gather(most) {}
    HtmlGather gather;
    htmlParserCtxtPtr context = nullptr;
    bool too_deep = false;
};

void on_open(void* user, const xmlChar* name, const xmlChar** attributes) {
    auto& parse = *static_cast<Parse*>(user);
    parse.gather.open(text_of(name), attributes);
    if (!parse.gather.too_deep()) return;
    parse.too_deep = true;
    xmlStopParser(parse.context);
}

void on_close(void* user, const xmlChar* name) {
    static_cast<Parse*>(user)->gather.close(text_of(name));
}

void on_text(void* user, const xmlChar* text, int size) {
    static_cast<Parse*>(user)->gather.text({text_of(text), static_cast<std::size_t>(size)});
}

void on_nothing(void*, const xmlChar*, int) {}

// Events only: no tree is built, and with no entity loader and no network nothing is fetched.
bool parse(const std::string& html, Parse& state) {
    htmlSAXHandler events{};
    events.startElement = on_open;
    events.endElement = on_close;
    events.characters = on_text;
    events.ignorableWhitespace = on_text;
    events.cdataBlock = on_nothing;  // scripts and style sheets
    const std::unique_ptr<htmlParserCtxt, void (*)(htmlParserCtxtPtr)> context(
        htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())), htmlFreeParserCtxt);
    if (!context) return false;
    state.context = context.get();
    htmlCtxtUseOptions(context.get(), HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                          HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
    *context->sax = events;
    context->userData = &state;
    htmlParseDocument(context.get());
    if (context->myDoc != nullptr) xmlFreeDoc(context->myDoc);
    context->myDoc = nullptr;
    return !state.too_deep;
}

}  // namespace

std::string html_to_text(std::string_view html, std::size_t most) {
    const std::string source = plain_tags(clean_utf8(html));
    if (is_blank(source)) return {};
    Parse state(most);
    std::string text = parse(source, state) ? std::move(state.gather).take() : without_tags(source);
    text.erase(text.find_last_not_of(" \n") + 1);
    return std::string(cut_bytes(clean_utf8(text), most));
}

}  // namespace waypost::email
