// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/old_mail.h"

#include <algorithm>
#include <optional>

#include "bridges/email/mime/old_mail_words.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostHeaders = 20;

struct Block {
    std::size_t end = 0;  // the line after it
    std::size_t headers = 0;
    std::optional<std::size_t> from;  // the line that says who wrote it
    bool raw = false;                 // with what no program shows: somebody pasted it to show it
};

// Headers from `begin` on; a line that begins with white space or follows a header that is long
// goes on with it.
Block read_block(const Lines& lines, std::size_t begin) {
    Block block;
    block.end = begin;
    for (std::size_t i = begin; i < lines.size() && block.headers < kMostHeaders; ++i) {
        const std::string_view text = lines[i].text;
        const std::string name = header_name(text);
        if (!name.empty()) {
            ++block.headers;
            block.raw =
                block.raw || name == "received" || name == "return-path" || name == "delivered-to";
            if (!block.from && names_writer(name)) block.from = i;
        } else if (text.empty() || block.headers == 0) {
            break;
        } else if (text[0] != ' ' && text[0] != '\t' &&
                   (lines[i - 1].text.size() < 60 || i + 1 >= lines.size() ||
                    header_name(lines[i + 1].text).empty())) {
            break;
        }
        block.end = i + 1;
    }
    return block;
}

// "From: Ana <ana@x>" shortened to "From: Ana".
std::string_view who(std::string_view line) {
    std::string_view name = line.substr(0, line.find_first_of("<["));
    name = name.substr(0, name.find_last_not_of(" \t") + 1);
    return name.empty() || name.back() == ':' ? line : name;
}

class OldMail {
  public:
    OldMail(Lines& lines, bool forward) : lines_(lines), forward_(forward) {}

    void run() {
        for (std::size_t i = 0; i < lines_.size();) {
            words_ = words_ || (has_words(lines_[i]) && !is_rule(lines_[i].text) && !said(i));
            i = is_own(lines_[i]) ? step(i) : i + 1;
        }
    }

  private:
    bool said(std::size_t i) const {
        return rule_kind(lines_[i].text) != RuleKind::None || !header_name(lines_[i].text).empty();
    }

    std::size_t step(std::size_t i) {
        const RuleKind kind = rule_kind(lines_[i].text);
        if (kind == RuleKind::End) {
            lines_[i].role = Role::Rule;
            return i + 1;
        }
        const bool ruled = kind != RuleKind::None;
        if (!ruled && header_name(lines_[i].text).empty()) return i + 1;
        const std::size_t begin = ruled ? next_full(lines_, i + 1) : i;
        if (kind == RuleKind::Forwarded) unquote(begin);
        const Block block = read_block(lines_, begin);
        const bool good =
            block.from && !(block.raw && words_) && block.headers >= (ruled ? 1u : 3u);
        if (!ruled && !good)
            return quoted_below(i, block) ? drop(i, block) : std::max(block.end, i + 1);
        if (quoted_below(i, block)) return drop(i, block);
        if (kind == RuleKind::Forwarded || forward_ || !words_) return keep_content(i, block);
        return drop_old(i);
    }

    // Some programs forward with quote marks, which say nothing there.
    void unquote(std::size_t from) {
        for (; from < lines_.size(); ++from) {
            Line& line = lines_[from];
            if (line.role != Role::Quote || line.text[0] != '>') break;
            set_text(line, trim_left(line.text.substr(1)));
            line.role = !line.text.empty() && line.text[0] == '>' ? Role::Quote : Role::Own;
        }
    }

    // Only the header went in without marks, as some programs do it.
    bool quoted_below(std::size_t i, const Block& block) const {
        const std::size_t next = next_full(lines_, std::max(block.end, i + 1));
        return next < lines_.size() && lines_[next].role == Role::Quote &&
               (block.from || block.headers == 0);
    }

    std::size_t drop(std::size_t i, const Block& block) {
        mark(lines_, i, std::max(block.end, i + 1), Role::Attribution);
        return std::max(block.end, i + 1);
    }

    std::size_t keep_content(std::size_t i, const Block& block) {
        const std::size_t end = drop(i, block);
        if (named_ && !own_between(*named_ + 1, i)) lines_[*named_].role = Role::Attribution;
        named_ = block.from;
        if (!named_) return end;
        Line& line = lines_[*named_];
        set_text(line, who(line.text));
        line.role = Role::Own;
        return end;
    }

    bool own_between(std::size_t from, std::size_t to) const {
        return std::any_of(lines_.begin() + static_cast<std::ptrdiff_t>(from),
                           lines_.begin() + static_cast<std::ptrdiff_t>(to),
                           [](const Line& line) { return has_words(line); });
    }

    std::size_t drop_old(std::size_t i) {
        std::size_t end = i + 1;
        while (end < lines_.size() && rule_kind(lines_[end].text) != RuleKind::End) ++end;
        mark(lines_, i, end, Role::OldMail);
        return end;
    }

    Lines& lines_;
    bool forward_;
    bool words_ = false;                // somebody wrote something before this line
    std::optional<std::size_t> named_;  // the last "From:" that was kept
};

}  // namespace

void mark_old_mail(Lines& lines, bool forward) { OldMail(lines, forward).run(); }

}  // namespace waypost::email
