// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/own_words.h"

#include <algorithm>

#include "bridges/email/mime/armour.h"
#include "bridges/email/mime/attribution.h"
#include "bridges/email/mime/boilerplate.h"
#include "bridges/email/mime/fine_print.h"
#include "bridges/email/mime/footers.h"
#include "bridges/email/mime/lines.h"
#include "bridges/email/mime/old_mail.h"
#include "bridges/email/mime/quote_marks.h"
#include "bridges/email/mime/signature.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostLines = 20'000;  // a radio reads the first few

void mark_rules(Lines& lines) {
    for (Line& line : lines) {
        if (is_own(line) && (is_rule(line.text) || line.text == "--")) line.role = Role::Rule;
    }
}

bool any(const Lines& lines, Role role) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const Line& line) { return line.role == role && !line.text.empty(); });
}

// Everything of one role is own again.
void give_back(Lines& lines, Role role) {
    for (Line& line : lines) {
        if (line.role == role) line.role = Role::Own;
    }
}

// Nothing is left: the least doubtful of what was taken comes back, and with it what was said.
bool give_back_something(Lines& lines) {
    for (const Role role : {Role::Guess, Role::OldMail, Role::Quote, Role::Signature}) {
        if (!any(lines, role)) continue;
        give_back(lines, role);
        if (role == Role::Quote) give_back(lines, Role::Attribution);
        return true;
    }
    return false;
}

// Without the name of a list: "[news] Re: x".
std::string_view without_tag(std::string_view subject) {
    subject = trim(subject);
    const std::size_t close = subject.find(']');
    if (subject.empty() || subject[0] != '[' || close == std::string_view::npos) return subject;
    if (starts_with_any(lower_text(subject), {"[fw", "[re"})) return subject.substr(1);
    return trim(subject.substr(close + 1));
}

bool is_forward(std::string_view lower) {
    return starts_with_any(
               lower, {"fw:", "fwd:", "fwd ", "wg:", "tr:", "rv:", "enc:", "i:", "doorst:", "vs:",
                       "vb:", "pd:", "\u8f6c\u53d1:", "\u8f49\u5bc4:", "(fwd)"}) ||
           ends_with_any(lower, {"(fwd)", "(fw)"});
}

bool is_reply(std::string_view lower) {
    return starts_with_any(lower, {"re:", "re[", "re :", "re^", "aw:", "sv:", "antw:", "r:", "rif:",
                                   "res:", "ref:", "odp:", "vs:", "ynt:", "bls:", "\u0441\u0442:",
                                   "\u56de\u590d:", "\u56de\u8986:", "\u7b54\u590d:"}) ||
           lower.find(" re: ") != std::string_view::npos;
}

}  // namespace

MailKind mail_kind(std::string_view subject, bool refers) {
    const std::string lower = lower_text(without_tag(subject));
    if (is_forward(lower)) return MailKind::Forward;
    return refers || lower.empty() || is_reply(lower) ? MailKind::Answer : MailKind::Forward;
}

OwnWords own_words(std::string_view text, MailKind kind) {
    OwnWords words;
    Lines lines = split_lines(text, kMostLines, words.cut);
    words.encrypted = mark_armour(lines);
    mark_quotes(lines);
    mark_old_mail(lines, kind == MailKind::Forward);
    mark_footers(lines);
    mark_signatures(lines);
    mark_attributions(lines);
    mark_adverts(lines);
    mark_boilerplate(lines);
    mark_fine_print(lines);
    mark_cards(lines);
    mark_rules(lines);
    if (!any(lines, Role::Own)) give_back_something(lines);
    for (const Line& line : lines) {
        words.cut = words.cut || (!is_own(line) && line.role != Role::Rule && !line.text.empty());
    }
    words.text = join_own(lines);
    return words;
}

}  // namespace waypost::email
