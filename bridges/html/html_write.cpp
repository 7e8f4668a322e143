// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/html_write.h"

#include <algorithm>

#include "bridges/html/link_text.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

// A letter of a word, or a part of one that is not ASCII.
bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::string open_tag(std::string_view href, std::string_view more) {
    return "<a href=\"" + escape_html(href) + "\" " + std::string(more) + ">";
}

// "@bob@social.example" is shown as "@bob".
std::string mention_html(const HtmlMention& mention) {
    std::string_view name = mention.text;
    name.remove_prefix(std::min(name.find_first_not_of('@'), name.size()));
    name = name.substr(0, name.find('@'));
    return "<span class=\"h-card\">" + open_tag(mention.href, "class=\"u-url mention\"") +
           "@<span>" + escape_html(name) + "</span></a></span>";
}

// Where a URL ends that begins at the start of `text`: what closes a sentence is none of it.
std::string_view url_at(std::string_view text) {
    const std::string begin = lower_ascii(text.substr(0, 8));
    if (begin.rfind("https://", 0) != 0 && begin.rfind("http://", 0) != 0) return {};
    std::string_view url = text.substr(0, text.find_first_of(" \t\n<>\"'`\\"));
    if (url.size() > kLongestUrl) return {};
    while (!url.empty()) {
        const char last = url.back();
        const bool unopened = last == ')' && url.find('(') == std::string_view::npos;
        if (!unopened && std::string_view(".,;:!?*_~").find(last) == std::string_view::npos) break;
        url.remove_suffix(1);
    }
    return is_web_url(url) ? url : std::string_view{};
}

class Writer {
  public:
    explicit Writer(const std::vector<HtmlMention>& mentions) {
        for (const HtmlMention& mention : mentions) {
            if (mention.text.size() > 1 && mention.text.front() == '@' && is_web_url(mention.href))
                mentions_.push_back(&mention);
        }
        std::stable_sort(mentions_.begin(), mentions_.end(), [](const auto* a, const auto* b) {
            return a->text.size() > b->text.size();
        });
    }

    std::string write(std::string_view text) && {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (in_paragraph_) out_ += "</p>";
        return std::move(out_);
    }

  private:
    void line(std::string_view text) {
        if (is_blank(text)) {
            if (in_paragraph_) out_ += "</p>";
            in_paragraph_ = false;
            return;
        }
        out_ += in_paragraph_ ? "<br>" : "<p>";
        in_paragraph_ = true;
        for (std::size_t at = 0; at < text.size();) at += piece(text, at);
    }

    // How many bytes of it were written.
    std::size_t piece(std::string_view text, std::size_t at) {
        const std::string_view rest = text.substr(at);
        const bool begins = at == 0 || !is_word(text[at - 1]);
        if (begins && (rest.front() == 'h' || rest.front() == 'H')) {
            if (const std::string_view url = url_at(rest); !url.empty()) {
                out_ += open_tag(url, "rel=\"nofollow noopener\"") + escape_html(url) + "</a>";
                return url.size();
            }
        }
        if (begins && rest.front() == '@') {
            if (const HtmlMention* mention = mention_at(rest)) {
                out_ += mention_html(*mention);
                return mention->text.size();
            }
        }
        append_html(out_, rest.substr(0, 1));
        return 1;
    }

    const HtmlMention* mention_at(std::string_view text) const {
        const auto found =
            std::find_if(mentions_.begin(), mentions_.end(), [&](const HtmlMention* mention) {
                const std::string_view begin = text.substr(0, mention->text.size());
                return lower_ascii(begin) == lower_ascii(mention->text) &&
                       ends_here(text.substr(begin.size()));
            });
        return found == mentions_.end() ? nullptr : *found;
    }

    // "@bob." at the end of a sentence is @bob; "@bob.b" is somebody else.
    static bool ends_here(std::string_view rest) {
        if (rest.empty()) return true;
        const bool joins = rest[0] == '.' || rest[0] == '-' || rest[0] == '@';
        return joins ? rest.size() == 1 || !is_word(rest[1]) : !is_word(rest[0]);
    }

    std::vector<const HtmlMention*> mentions_;
    std::string out_;
    bool in_paragraph_ = false;
};

}  // namespace

std::string text_to_html(std::string_view text, const std::vector<HtmlMention>& mentions) {
    return Writer(mentions).write(clean_utf8(text));
}

}  // namespace waypost
