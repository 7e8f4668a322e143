// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "bridges/email/mime/attribution.h"
#include "bridges/email/mime/html_tags.h"
#include "bridges/email/mime/lines.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr int kDeepestQuote = 8;
constexpr int kDeepest = 400;          // elements inside each other
constexpr std::size_t kMostLinks = 5;  // of which the addresses are shown; a newsletter has more
constexpr std::size_t kLongestLink = 200;

const char* text_of(const xmlChar* text) { return reinterpret_cast<const char*>(text); }

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

std::string attribute(const xmlChar** attributes, std::string_view name) {
    for (; attributes != nullptr && *attributes != nullptr; attributes += 2) {
        if (attributes[1] != nullptr && name == text_of(attributes[0]))
            return text_of(attributes[1]);
    }
    return {};
}

bool is_not_shown(const xmlChar** attributes) {
    std::string style = lower_text(attribute(attributes, "style"));
    style.erase(std::remove(style.begin(), style.end(), ' '), style.end());
    return style.find("display:none") != std::string::npos ||
           style.find("mso-hide:all") != std::string::npos ||
           style.find("visibility:hidden") != std::string::npos;
}

// Gathers text from the parser's events. What they name is the parser's and not kept.
class Gather {
  public:
    explicit Gather(std::size_t most) : most_(most) {}

    void open(std::string_view tag, const xmlChar** attributes) {
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
        if (tag == "li") put("- ");
        if (tag == "blockquote") open_quote(attributes);
    }

    void close(std::string_view tag) {
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

    void text(std::string_view piece) {
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

    bool too_deep() const { return depth_ > kDeepest; }

    std::string take() && {
        if (links_.size() <= kMostLinks) add_links();
        return std::move(out_);
    }

  private:
    struct Link {
        std::size_t at = 0;
        std::string target;
    };

    bool at_line_start() const { return out_.empty() || out_.back() == '\n'; }

    void put(std::string_view text) {
        if (at_line_start()) {
            if (blank_ && !out_.empty()) out_ += '\n';
            for (int i = 0; i < quote_; ++i) out_ += "> ";
        } else if (space_ && out_.back() != ' ') {
            out_ += ' ';
        }
        space_ = blank_ = false;
        out_.append(text);
    }

    void new_line() {
        while (!out_.empty() && out_.back() == ' ') out_.pop_back();
        if (!at_line_start()) out_ += '\n';
        space_ = false;
    }

    // Newsletters indent with it; mail programs say that they quote, or somebody introduces it.
    void open_quote(const xmlChar** attributes) {
        bool quote = lower_text(attribute(attributes, "type")) == "cite" ||
                     !attribute(attributes, "cite").empty() ||
                     contains_any(lower_text(attribute(attributes, "class")), {"quote", "cite"}) ||
                     contains_any(lower_text(attribute(attributes, "style")), {"border-left"}) ||
                     introduced();
        quote = quote && quote_ < kDeepestQuote;
        quotes_.push_back(quote);
        quote_ += quote ? 1 : 0;
    }

    bool introduced() const {
        const std::size_t end = out_.find_last_not_of(" \n");
        if (end == std::string::npos) return false;
        const std::size_t before = out_.rfind('\n', end);
        const std::size_t begin = before == std::string::npos ? 0 : before + 1;
        return introduces_quote(std::string_view(out_).substr(begin, end + 1 - begin));
    }

    void open_link(std::string target) {
        target_ = std::move(target);
        link_text_ = out_.size();
    }

    void close_link() {
        const std::string target = std::exchange(target_, {});
        if (target.rfind("http", 0) != 0 || target.size() > kLongestLink) return;
        const std::string_view shown =
            std::string_view(out_).substr(std::min(link_text_, out_.size()));
        if (is_blank(shown) || shown.find("http") != std::string_view::npos ||
            shown.find("www.") != std::string_view::npos) {
            return;
        }
        if (links_.size() <= kMostLinks) links_.push_back({out_.size(), target});
    }

    void add_links() {
        for (auto link = links_.rbegin(); link != links_.rend(); ++link) {
            if (link->at <= out_.size()) out_.insert(link->at, " <" + link->target + '>');
        }
    }

    std::size_t most_;
    std::string out_;
    int depth_ = 0;
    int hidden_at_ = 0;  // depth of the element whose content is not shown, 0: none
    int pre_ = 0;
    int quote_ = 0;
    std::vector<bool> quotes_;  // of the open blockquotes: does it quote
    bool space_ = false;        // white space was seen and not yet put
    bool blank_ = false;        // the next line begins a paragraph
    std::string target_;
    std::size_t link_text_ = 0;
    std::vector<Link> links_;
};

struct Parse {
    explicit Parse(std::size_t most) : gather(most) {}
    Gather gather;
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
