// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/old_mail.h"

#include <algorithm>
#include <array>
#include <optional>

namespace waypost::email {
namespace {

constexpr std::size_t kLongestName = 24;   // of a header's name
constexpr std::size_t kLongestRule = 100;  // "----- Original Message -----"
constexpr std::size_t kMostHeaders = 20;

const Words kFrom = {"from",
                     "von",
                     "de",
                     "da",
                     "van",
                     "fr\u00e5n",
                     "fra",
                     "od",
                     "\u043e\u0442",
                     "\u0432\u0456\u0434",
                     "\u53d1\u4ef6\u4eba",
                     "\u5bc4\u4ef6\u8005",
                     "\u5dee\u51fa\u4eba",
                     "\ubcf4\ub0b8\uc0ac\ub78c",
                     "\u0645\u0646",
                     "l\u00e4hett\u00e4j\u00e4",
                     "\u03b1\u03c0\u03cc",
                     "kimden",
                     "kutoka",
                     "\u05de\u05d0\u05ea"};
const Words kOthers = {"to",
                       "cc",
                       "bcc",
                       "sent",
                       "subject",
                       "date",
                       "reply-to",
                       "organization",
                       "message-id",
                       "newsgroups",
                       "status",
                       "x-mailer",
                       "delivered-to",
                       "sender",
                       "return-path",
                       "received",
                       "forwarded-by",
                       "content-type",
                       "mime-version",
                       "content-transfer-encoding",
                       "references",
                       "in-reply-to",
                       "priority",
                       "importance",
                       "attachments",
                       "resent-from",
                       "resent-to",
                       "resent-date",
                       "user-agent",
                       "precedence",
                       "list-id",
                       "errors-to",
                       "old-subject",
                       "approved-by",
                       "an",
                       "gesendet",
                       "betreff",
                       "datum",
                       "kopie",
                       "antwort an",
                       "\u00e0",
                       "envoy\u00e9",
                       "objet",
                       "para",
                       "enviado",
                       "enviado el",
                       "asunto",
                       "fecha",
                       "assunto",
                       "data",
                       "a",
                       "inviato",
                       "oggetto",
                       "aan",
                       "verzonden",
                       "onderwerp",
                       "till",
                       "skickat",
                       "\u00e4mne",
                       "til",
                       "sendt",
                       "emne",
                       "do",
                       "wys\u0142ano",
                       "temat",
                       "komu",
                       "odesl\u00e1no",
                       "p\u0159edm\u011bt",
                       "\u043a\u043e\u043c\u0443",
                       "\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e",
                       "\u0434\u0430\u0442\u0430",
                       "\u0442\u0435\u043c\u0430",
                       "\u043d\u0430\u0434\u0456\u0441\u043b\u0430\u043d\u043e",
                       "\u043a\u043e\u043f\u0438\u044f",
                       "\u6536\u4ef6\u4eba",
                       "\u53d1\u9001\u65f6\u95f4",
                       "\u4e3b\u9898",
                       "\u6284\u9001",
                       "\u5b9b\u5148",
                       "\u9001\u4fe1\u65e5\u6642",
                       "\u4ef6\u540d",
                       "\u0625\u0644\u0649",
                       "\u0627\u0644\u0645\u0648\u0636\u0648\u0639",
                       "\u062a\u0627\u0631\u064a\u062e"};

const Words kAnswered = {"original message",
                         "urspr\u00fcngliche nachricht",
                         "original-nachricht",
                         "mensaje original",
                         "message d'origine",
                         "message original",
                         "messaggio originale",
                         "mensagem original",
                         "oorspronkelijk bericht",
                         "ursprungligt meddelande",
                         "originalmeddelande",
                         "oprindelig meddelelse",
                         "opprinnelig melding",
                         "alkuper\u00e4inen viesti",
                         "oryginalna wiadomo\u015b\u0107",
                         "p\u016fvodn\u00ed zpr\u00e1va",
                         "\u0438\u0441\u0445\u043e\u0434\u043d\u043e\u0435 "
                         "\u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435",
                         "\u539f\u59cb\u90ae\u4ef6",
                         "\u539f\u59cb\u90f5\u4ef6",
                         "original mail",
                         "original email"};
const Words kForwarded = {
    "forwarded message",
    "forwarded text",
    "forwarded mail",
    "forwarded by",
    "weitergeleitete nachricht",
    "mensaje reenviado",
    "message transf\u00e9r\u00e9",
    "messaggio inoltrato",
    "mensagem encaminhada",
    "doorgestuurd bericht",
    "vidarebefordrat",
    "przekazana wiadomo\u015b\u0107",
    "\u043f\u0435\u0440\u0435\u0441\u044b\u043b\u0430\u0435\u043c\u043e\u0435",
    "\u043f\u0435\u0440\u0435\u0430\u0434\u0440\u0435\u0441\u043e\u0432\u0430\u043d",
    "\u8f6c\u53d1\u90ae\u4ef6",
    "start of forwarded",
    "forwarded letter"};

bool is_one_of(std::string_view text, Words words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

enum class RuleKind { None, Answered, Forwarded, End };

// A line between dashes that says what follows, or that it ends here.
RuleKind rule_kind(std::string_view line) {
    if (line.size() > kLongestRule || line.size() < 8) return RuleKind::None;
    const std::string lower = lower_text(trim_left(line));
    const bool drawn = starts_with_any(lower, {"--", "__", "==", "**", "- -"});
    if (!drawn) {
        const bool begin =
            starts_with_any(lower, {"begin forwarded message", "anfang der weitergeleiteten",
                                    "d\u00e9but du message r\u00e9exp\u00e9di\u00e9",
                                    "inizio messaggio inoltrato"});
        return begin ? RuleKind::Forwarded : RuleKind::None;
    }
    if (contains_any(lower, {" end ", "-end ", "- ende "})) {
        const bool one = contains_any(lower, {"forwarded", "original message"});
        return one ? RuleKind::End : RuleKind::None;
    }
    if (contains_any(lower, kForwarded)) return RuleKind::Forwarded;
    return contains_any(lower, kAnswered) ? RuleKind::Answered : RuleKind::None;
}

// The name of "From: x", "*From:* x", "De : x" in small letters; empty if the line is no header.
std::string header_name(std::string_view line) {
    line = trim_left(line);
    while (!line.empty() && line[0] == '*') line.remove_prefix(1);
    std::size_t colon = std::min(line.find(':'), line.find("\uff1a"));
    if (colon == std::string_view::npos || colon == 0 || colon > kLongestName) return {};
    std::string_view name = trim(line.substr(0, colon));
    if (name.size() >= 2 && name.substr(name.size() - 2) == "\u00a0")
        name = trim(name.substr(0, name.size() - 2));
    while (!name.empty() && name.back() == '*') name.remove_suffix(1);
    const std::string lower = lower_text(name);
    if (is_one_of(lower, kFrom) || is_one_of(lower, kOthers) || lower.rfind("x-", 0) == 0)
        return lower;
    return {};
}

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
            block.raw = block.raw || is_one_of(name, {"received", "return-path", "delivered-to"});
            if (!block.from && is_one_of(name, kFrom)) block.from = i;
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
            line.text = trim_left(line.text.substr(1));
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
        line.text = who(line.text);
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
