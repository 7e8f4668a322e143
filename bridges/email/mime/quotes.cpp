// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/quotes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using Lines = std::vector<std::string_view>;  // of the text that is looked at

Lines split(std::string_view text) {
    Lines lines;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        std::string_view line = text.substr(from, end - from);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        lines.push_back(line);
        from = end + 1;
    }
    return lines;
}

bool quoted(std::string_view line) { return !line.empty() && line[0] == '>'; }

bool starts(const std::string& text, std::string_view with) {
    return text.size() >= with.size() && text.compare(0, with.size(), with) == 0;
}
bool ends(const std::string& text, std::string_view with) {
    return text.size() >= with.size() &&
           text.compare(text.size() - with.size(), with.size(), with) == 0;
}

// "On 3 May, Ana wrote:" as mail programs say it.
bool introduces_quote(const std::string& text) {
    static constexpr std::array<std::string_view, 14> kEnds = {
        "wrote:",
        "schrieb:",
        "escribi\u00f3:",
        "a \u00e9crit :",
        "a \u00e9crit:",
        "escreveu:",
        "\u043d\u0430\u043f\u0438\u0441\u0430\u0432:",
        "\u043d\u0430\u043f\u0438\u0441\u0430\u0432(\u043b\u0430):",
        "\u043f\u0438\u0448\u0435\u0442:",
        "\u0643\u062a\u0628:",
        "\u0643\u062a\u0628\u062a:",
        "aliandika:",
        "\u0928\u0947 \u0932\u093f\u0916\u093e:",
        "scrisse:"};
    if (text.size() > 300) return false;
    return std::any_of(kEnds.begin(), kEnds.end(), [&](auto end) { return ends(text, end); });
}

// From line `i`, which is `line` once squeezed, to the end it is somebody else's mail.
bool begins_old_mail(const Lines& lines, std::size_t i, const std::string& line) {
    static constexpr std::array<std::string_view, 6> kRules = {
        "-----Original Message-----", "---- Original Message ----",
        "-------- Original Message",  "-----Urspr\u00fcngliche Nachricht-----",
        "-----Mensaje original-----", "-----Message d'origine-----"};
    if (std::any_of(kRules.begin(), kRules.end(), [&](auto rule) { return starts(line, rule); })) {
        return true;
    }
    // Outlook: a block of From / Sent / To / Subject, sometimes under a rule of underscores.
    static constexpr std::array<std::string_view, 6> kFrom = {
        "From: ", "Von: ", "De: ", "De : ", "\u041e\u0442: ", "\u0412\u0456\u0434: "};
    if (!std::any_of(kFrom.begin(), kFrom.end(), [&](auto from) { return starts(line, from); })) {
        return false;
    }
    int headers = 0;
    for (std::size_t j = i + 1; j < lines.size() && j <= i + 5; ++j) {
        const std::size_t colon = lines[j].find(':');
        if (colon != std::string::npos && colon < 16) ++headers;
    }
    return headers >= 2;
}

bool is_footer(const std::string& line) {
    static constexpr std::array<std::string_view, 14> kFooters = {
        "Sent from my ",
        "Sent from Outlook",
        "Sent from Yahoo",
        "Get Outlook for ",
        "Von meinem iPhone gesendet",
        "Gesendet von ",
        "Enviado desde mi ",
        "Enviado do meu ",
        "Envoy\u00e9 de mon ",
        "Envoy\u00e9 depuis mon ",
        "\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e \u0441 ",
        "\u041d\u0430\u0434\u0456\u0441\u043b\u0430\u043d\u043e \u0437 ",
        "Imetumwa kutoka ",
        "Sent via "};
    return line.size() < 120 && std::any_of(kFooters.begin(), kFooters.end(),
                                            [&](auto footer) { return starts(line, footer); });
}

std::string join(const Lines& lines) {
    std::string out;
    int blanks = 0;
    for (const std::string_view line : lines) {
        if (is_blank(line)) {
            ++blanks;
            continue;
        }
        if (!out.empty()) out += blanks > 0 ? "\n\n" : "\n";
        blanks = 0;
        out.append(line.substr(0, line.find_last_not_of(" \t") + 1));
    }
    return out;
}

bool has_digit(std::string_view text) {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

// Drops the introduction of a quote: one line or, broken by the mail program after the date, two.
void drop_introduction(Lines& kept) {
    while (!kept.empty() && is_blank(kept.back())) kept.pop_back();
    if (kept.empty() || !introduces_quote(squeeze(kept.back()))) return;
    const bool dated = has_digit(kept.back());
    kept.pop_back();
    if (!dated && !kept.empty() && has_digit(kept.back())) kept.pop_back();
}

}  // namespace

OwnWords own_words(std::string_view text) {
    const Lines lines = split(text);
    Lines kept;
    bool cut = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string line = squeeze(lines[i]);
        if (lines[i] == "-- " || lines[i] == "--" || begins_old_mail(lines, i, line)) {
            cut = true;
            break;
        }
        if (is_footer(line)) {
            cut = true;
            continue;
        }
        if (quoted(lines[i])) {
            if (!cut || kept.empty() || !quoted(lines[i - 1])) drop_introduction(kept);
            cut = true;
            continue;
        }
        kept.push_back(lines[i]);
    }
    // A rule of underscores above the old mail says nothing alone.
    while (!kept.empty() && kept.back().find_first_not_of("_ \t") == std::string_view::npos)
        kept.pop_back();
    std::string own = join(kept);
    if (own.empty() && cut) {
        // Only a signature or footer: nothing was said. Only quotes: that is what was said.
        const bool only_quotes = std::any_of(lines.begin(), lines.end(), quoted);
        return {only_quotes ? join(lines) : std::string(), !only_quotes};
    }
    return {std::move(own), cut};
}

}  // namespace waypost::email
