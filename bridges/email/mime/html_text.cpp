// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/html_text.h"

#include <algorithm>
#include <array>
#include <map>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr int kDeepestQuote = 8;
constexpr std::size_t kLongestTag = 4096;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_block(std::string_view tag) {
    static constexpr std::array<std::string_view, 24> kBlocks = {
        "p",  "div",     "br",      "tr",     "table",  "h1",   "h2",         "h3",
        "h4", "h5",      "h6",      "ul",     "ol",     "li",   "blockquote", "pre",
        "hr", "section", "article", "header", "footer", "form", "dl",         "dt"};
    return std::find(kBlocks.begin(), kBlocks.end(), tag) != kBlocks.end();
}

bool is_hidden(std::string_view tag) {
    return tag == "script" || tag == "style" || tag == "head" || tag == "title" ||
           tag == "template" || tag == "noscript" || tag == "svg";
}

void append_code_point(std::string& out, unsigned long c) {
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        out += static_cast<char>(0x80 | (c & 63));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        out += static_cast<char>(0x80 | ((c >> 12) & 63));
        out += static_cast<char>(0x80 | ((c >> 6) & 63));
        out += static_cast<char>(0x80 | (c & 63));
    }
}

// "&amp;", "&#8217;", "&#x2019;": appended to out; how many bytes of text it took, 0 if it is none.
std::size_t entity(std::string_view text, std::string& out) {
    static const std::map<std::string_view, const char*> kNamed = {
        {"amp", "&"},         {"lt", "<"},          {"gt", ">"},          {"quot", "\""},
        {"apos", "'"},        {"nbsp", " "},        {"ndash", "\u2013"},  {"mdash", "\u2014"},
        {"hellip", "\u2026"}, {"lsquo", "\u2018"},  {"rsquo", "\u2019"},  {"ldquo", "\u201c"},
        {"rdquo", "\u201d"},  {"euro", "\u20ac"},   {"copy", "\u00a9"},   {"zwnj", ""},
        {"shy", ""},          {"auml", "\u00e4"},   {"ouml", "\u00f6"},   {"uuml", "\u00fc"},
        {"szlig", "\u00df"},  {"eacute", "\u00e9"}, {"egrave", "\u00e8"}, {"agrave", "\u00e0"},
        {"ccedil", "\u00e7"}, {"ntilde", "\u00f1"}, {"deg", "\u00b0"}};
    const std::size_t end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    const std::string_view name = text.substr(1, end - 1);
    if (name[0] == '#') {
        const bool hex = name.size() > 1 && lower(name[1]) == 'x';
        char* stop = nullptr;
        const std::string digits(name.substr(hex ? 2 : 1));
        const unsigned long value = std::strtoul(digits.c_str(), &stop, hex ? 16 : 10);
        if (digits.empty() || *stop != '\0') return 0;
        append_code_point(out, value);
        return end + 1;
    }
    const auto found = kNamed.find(name);
    if (found == kNamed.end()) return 0;
    out += found->second;
    return end + 1;
}

class Converter {
  public:
    Converter(std::string_view html, std::size_t most) : html_(html), most_(most) {}

    std::string run() {
        while (at_ < html_.size() && out_.size() < most_) {
            if (html_[at_] == '<') {
                tag();
            } else {
                text();
            }
        }
        return clean_utf8(cut_bytes(clean_utf8(out_), most_));
    }

  private:
    void tag() {
        if (html_.substr(at_, 4) == "<!--") return skip_past("-->");
        const std::size_t end = html_.substr(at_, kLongestTag).find('>');
        if (end == std::string_view::npos) {
            if (hidden_.empty()) put("<");
            ++at_;
            return;
        }
        std::string_view inside = html_.substr(at_ + 1, end - 1);
        at_ += end + 1;
        const bool closing = !inside.empty() && inside[0] == '/';
        if (closing) inside.remove_prefix(1);
        std::string name;
        for (const char c : inside) {
            if (!((lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'))) break;
            name += lower(c);
        }
        if (!hidden_.empty()) {
            if (closing && name == hidden_) hidden_.clear();
            return;
        }
        if (is_hidden(name)) {
            const bool alone = !inside.empty() && inside.back() == '/';
            if (!closing && !alone) hidden_ = name;
            return;
        }
        if (name == "a") return link(inside, closing);
        if (name == "td" || name == "th") put(" ");
        if (!is_block(name)) return;
        new_line();
        if (name == "blockquote")
            quote_ = std::clamp(quote_ + (closing ? -1 : 1), 0, kDeepestQuote);
        if (name == "li" && !closing) put("- ");
        if ((name == "p" || name == "h1" || name == "h2") && closing) blank_ = true;
    }

    void link(std::string_view inside, bool closing) {
        if (!closing) {
            target_.clear();
            const std::size_t href = inside.find("href=");
            if (href != std::string_view::npos && href + 6 < inside.size()) {
                const char quote = inside[href + 5];
                const std::size_t from = href + 6;
                const std::size_t end = inside.find(quote, from);
                if ((quote == '"' || quote == '\'') && end != std::string_view::npos) {
                    target_ = std::string(inside.substr(from, end - from));
                }
            }
            link_text_ = out_.size();
            return;
        }
        const bool web = target_.rfind("http", 0) == 0 && target_.size() < 200;
        const std::string shown = out_.substr(std::min(link_text_, out_.size()));
        if (web && shown.find(target_) == std::string::npos && !squeeze(shown).empty() &&
            shown.find("http") == std::string::npos) {
            put(" <" + target_ + ">");
        }
        target_.clear();
    }

    void text() {
        const std::size_t end = std::min(html_.find('<', at_), html_.size());
        if (!hidden_.empty()) {
            at_ = end;
            return;
        }
        std::string run;
        while (at_ < end && out_.size() + run.size() < most_) {
            const char c = html_[at_];
            const std::size_t used = c == '&' ? entity(html_.substr(at_), run) : 0;
            if (used > 0) {
                at_ += used;
                continue;
            }
            ++at_;
            const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            if (!space) {
                run += c;
            } else if (run.empty() ? ends_in_text() : run.back() != ' ') {
                run += ' ';
            }
        }
        at_ = std::max(at_, end);
        put(run);
    }

    bool ends_in_text() const { return !out_.empty() && out_.back() != '\n' && out_.back() != ' '; }

    void put(const std::string& text) {
        if (text.empty()) return;
        if (out_.empty() || out_.back() == '\n') {
            if (blank_ && !out_.empty()) out_ += '\n';
            blank_ = false;
            for (int i = 0; i < quote_; ++i) out_ += "> ";
        }
        out_ += text;
    }

    void new_line() {
        while (!out_.empty() && out_.back() == ' ') out_.pop_back();
        if (!out_.empty() && out_.back() != '\n') out_ += '\n';
    }

    void skip_past(std::string_view mark) {
        const std::size_t end = html_.find(mark, at_);
        at_ = end == std::string_view::npos ? html_.size() : end + mark.size();
    }

    std::string_view html_;
    std::size_t most_;
    std::size_t at_ = 0;
    std::string out_;
    std::string hidden_;  // the element whose content is not shown
    std::string target_;
    std::size_t link_text_ = 0;
    int quote_ = 0;
    bool blank_ = false;
};

}  // namespace

std::string html_to_text(std::string_view html, std::size_t most) {
    return Converter(html, most).run();
}

}  // namespace waypost::email
