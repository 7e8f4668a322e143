// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/bounce_text.h"

#include <glib.h>

#include <algorithm>
#include <vector>

#include "bridges/email/mime/bounce_parts.h"
#include "bridges/email/mime/bounce_words.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kSaidBytes = std::size_t{64} * 1024;
constexpr std::size_t kMostLines = 2000;
constexpr std::size_t kHeaderBytes = std::size_t{64} * 1024;
constexpr std::size_t kDiagnosticBytes = 120;
constexpr std::size_t kDiagnosticLines = 12;  // below the recipient
constexpr int kFirstLines = 15;  // a bounce says what it is before that, blank lines apart
constexpr int kNear = 6;         // lines after the one that says it, blank ones apart
constexpr std::size_t kNone = std::string_view::npos;

// "Name: value" (RFC 5322 2.2).
bool is_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == kNone || colon == 0) return false;
    return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                       [](char c) { return g_ascii_isgraph(c); });
}

struct Line {
    std::string text;   // squeezed
    std::string lower;  // the same in lower case
    bool quoted = false;
};

// "couldn\u2019t", as word processors write it.
std::string plain_apostrophes(std::string_view text) {
    constexpr std::string_view kCurly = "\u2019";
    std::string out;
    for (std::size_t at = text.find(kCurly); at != kNone; at = text.find(kCurly)) {
        out.append(text.substr(0, at));
        out += '\'';
        text.remove_prefix(at + kCurly.size());
    }
    return out.append(text);
}

std::vector<Line> lines_of(std::string_view said) {
    std::vector<Line> lines;
    while (!said.empty() && lines.size() < kMostLines) {
        const std::string_view raw = take_line(said);
        Line& line = lines.emplace_back();
        line.text = plain_apostrophes(squeeze(raw));
        line.lower = lower_ascii(line.text);
        line.quoted = !raw.empty() && raw[0] == '>';
    }
    return lines;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) {
        return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
    });
}

// What is just before an address, without the brackets and quotes around it.
std::string_view before(std::string_view lower, std::size_t address) {
    std::string_view text = lower.substr(0, address);
    const std::size_t last = text.find_last_not_of(" <\"'([");
    return text.substr(0, last == kNone ? 0 : last + 1);
}

// "bob@x.org fails, try ..." speaks of an address; "bob@x.org ... unknown host" names it.
bool begins_sentence(std::string_view lower, std::size_t end) {
    const std::string_view behind = lower.substr(std::min(end, lower.size()));
    return behind.size() > 1 && behind[0] == ' ' && g_ascii_isalpha(behind[1]) &&
           behind.substr(0, 4) != " on ";
}

// How much speaks for it that an address is the one that failed. Forms, not programs: it stands at
// the head of a line ("<bob@x.org>: host said"), or behind a word for a recipient, or in or near
// the sentence that says what happened.
int weight(const Line& line, const FoundAddress& each, bool says, bool near) {
    constexpr int kHead = 4, kName = 3, kWord = 2, kClose = 2;
    const int close = says || near ? kClose : 0;
    const std::string_view ahead = before(line.lower, each.begin);
    if (ends_with_any(ahead,
                      {"generated from", "expanded from", "generated from:", "expanded from:"}))
        return kHead;
    if (ends_with_any(ahead, {"from", "from:", "by", "via"})) return 0;
    if (ahead == "to:" || ahead == "cc:") return 1 + close;  // of the mail it is about
    if (ahead.find_first_not_of(">*-. ") == kNone)
        return begins_sentence(line.lower, each.end) ? (says ? kHead : 0) : kHead + close;
    if (ends_with_any(ahead, {"recipient:", "recipient", "rcpt to:", "smtp=", "smtp:"}))
        return kName + close;
    const bool word =
        ends_with_any(ahead, {":", " to", "user", "address", "addressed,", "for", "mailbox"});
    return (word ? kWord : 0) + close;
}

// The reply or the reason that stands with a recipient.
std::string reason(const std::vector<Line>& lines, std::size_t at, std::size_t behind) {
    std::string text = lines[at].text.substr(std::min(behind, lines[at].text.size()));
    const std::size_t begin = text.find_first_not_of("> :;,.)]\"'");
    text.erase(0, begin == kNone ? text.size() : begin);
    std::string below;
    const std::size_t end = std::min(lines.size(), at + 1 + kDiagnosticLines);
    for (std::size_t i = at + 1; i < end; ++i) {
        const bool next_one = !lines[i].text.empty() && lines[i].text[0] == '<';
        if (next_one && !text.empty()) break;
        if (lines[i].text.empty() && find_reply(text) != kNone) break;
        if (!lines[i].text.empty()) text += (text.empty() ? "" : " ") + lines[i].text;
    }
    const std::size_t reply = find_reply(text);
    return one_line(clean_utf8(text.substr(reply == kNone ? 0 : reply)), kDiagnosticBytes);
}

struct Found {
    Address recipient;
    std::size_t line = 0;
    std::size_t behind = 0;  // the address, in its line
    int weight = 2;          // less does not count
};

class NoticeReader {
  public:
    NoticeReader(std::string_view said, std::string_view subject, std::string_view own)
        : lines_(lines_of(said)), own_(lower_ascii(own)) {
        failed_ = says_failed(subject);
        delayed_ = says_delayed(subject);
        if (failed_ || delayed_) since_ = 0;
    }

    std::optional<DeliveryReport> read() {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (lines_[i].text.empty()) continue;
            if (lines_[i].lower.rfind("subject:", 0) == 0) continue;
            if (asks_for_something(lines_[i].lower)) return std::nullopt;
            read_line(i);
        }
        if (!failed_ && !delayed_) return std::nullopt;
        DeliveryReport report;
        report.action = delayed_ ? DeliveryReport::Action::Delayed : DeliveryReport::Action::Failed;
        report.recipient = found_.recipient;
        if (!found_.recipient.empty()) {
            report.diagnostic = reason(lines_, found_.line, found_.behind);
        } else if (said_at_ < lines_.size()) {
            report.diagnostic = reason(lines_, said_at_, 0);
        }
        report.status = find_status(report.diagnostic);
        return report;
    }

  private:
    void read_line(std::size_t at) {
        const Line& line = lines_[at];
        ++count_;
        const bool may = may_say(line);
        // A sentence may be broken between two lines.
        const bool goes_on = at > 0 && may_say(lines_[at - 1]);
        const std::string both = (goes_on ? lines_[at - 1].lower + ' ' : "") + line.lower;
        const bool fails = may && says_failed(both);
        const bool delays = may && says_delayed(both);
        failed_ = failed_ || fails;
        delayed_ = delayed_ || delays;
        if ((fails || delays) && said_at_ == kNone) said_at_ = at;
        since_ = fails || delays ? 0 : since_ + 1;
        if (!offers_help(line.lower)) read_addresses(at, fails || delays, since_ <= kNear);
    }

    // Not what is quoted, nor what would be if ("If mail is returned as undeliverable twice, ...").
    bool may_say(const Line& line) const {
        return !line.quoted && count_ <= kFirstLines && line.lower.rfind("if ", 0) != 0;
    }

    void read_addresses(std::size_t at, bool says, bool near) {
        const Line& line = lines_[at];
        std::size_t from = 0;
        while (const auto each = find_address(line.text, from)) {
            from = each->end;
            const std::string local = lower_ascii(each->address.local_part());
            if (local == "postmaster" || local == "mailer-daemon") continue;
            if (own_.find(lower_ascii(each->address.value)) != std::string::npos) continue;
            const int its = weight(line, *each, says, near);
            if (its <= found_.weight) continue;
            found_ = {each->address, at, each->end, its};
        }
    }

    std::vector<Line> lines_;
    std::string own_;
    Found found_;
    bool failed_ = false;
    bool delayed_ = false;
    std::size_t said_at_ = kNone;
    int count_ = 0;
    int since_ = 1000;  // lines since one that said it
};

}  // namespace

Notice split_notice(std::string_view text) {
    Notice notice;
    std::string_view rest = text;
    while (!rest.empty() && notice.said.size() < kSaidBytes) {
        const std::string_view before_line = rest;
        const std::string_view line = take_line(rest);
        const std::string lower = lower_ascii(squeeze(line.substr(0, 500)));
        if (begins_original(lower)) {
            const bool is_header = lower[0] == 'r';  // "received:", "return-path:"
            notice.original = (is_header ? before_line : rest).substr(0, kHeaderBytes);
            return notice;
        }
        notice.said.append(line.substr(0, kSaidBytes - notice.said.size()));
        notice.said += '\n';
    }
    return notice;
}

std::optional<DeliveryReport> read_notice(std::string_view said, std::string_view subject,
                                          std::string_view own) {
    return NoticeReader(said, subject, own).read();
}

std::string returned_message_id(std::string_view original) {
    constexpr std::string_view kName = "message-id:";
    bool begun = false;
    std::string header;
    while (!original.empty() && header.size() < kHeaderBytes) {
        std::string_view line = take_line(original);
        if (!line.empty() && line[0] == '>') line.remove_prefix(line.substr(0, 2) == "> " ? 2 : 1);
        if (is_blank(line) && begun) break;
        begun = begun || is_field(line);
        if (!begun) continue;  // the rest of the sentence that announced it
        header.append(line);
        header += '\n';
    }
    const std::string lower = lower_ascii(header);
    for (std::size_t at = lower.find(kName); at != kNone; at = lower.find(kName, at + 1)) {
        // HTML may have made one line of all fields.
        if (at > 0 && lower[at - 1] != '\n' && lower[at - 1] != ' ') continue;
        const std::size_t value = header.find_first_not_of(" \t\n", at + kName.size());
        if (value == kNone || header[value] != '<') return {};
        return bare_id(std::string_view(header).substr(value));
    }
    return {};
}

}  // namespace waypost::email
