// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/footers.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kMostLines = 10;       // of one footer
constexpr std::size_t kMostAdvert = 6;       // of one that only a web address gives away
constexpr std::size_t kLongestLine = 160;    // of one line in it
constexpr std::size_t kLongestAdvert = 500;  // of one that a program put on one line
constexpr std::size_t kDevice = 120;         // of "Sent from my telephone"

bool speaks_of_list(const std::string& text) {
    return contains_any(text, {"mailing list",
                               "mailinglist",
                               "maillist",
                               "mailing-list",
                               "listinfo",
                               "unsubscri",
                               "(un)subscri",
                               "sponsored by",
                               "from our sponsor",
                               "do you yahoo",
                               "don't yahoo",
                               "yahoo! groups",
                               "yahoogroups",
                               "groups.google",
                               "googlegroups",
                               "msn hotmail",
                               "hotmail.com",
                               "msn messenger",
                               "msn photos",
                               "messenger.msn",
                               "list maintainer",
                               "list archive",
                               "list-archive",
                               "free email",
                               "free e-mail",
                               "free @yahoo",
                               "scanned for virus",
                               "virus scan",
                               "checked for virus",
                               "antivirus",
                               "anti-virus",
                               "mailingliste",
                               "abbestellen",
                               "liste de diffusion",
                               "d\u00e9sabonn",
                               "lista de correo",
                               "lista de discuss",
                               "lista di discussione",
                               "verzendlijst",
                               "\u0440\u0430\u0441\u0441\u044b\u043b\u043a",
                               "\u043e\u0442\u043f\u0438\u0441",
                               "yahoo! mail",
                               "mail.yahoo",
                               "adresse @yahoo",
                               "gmx.",
                               "web.de",
                               "lycos",
                               "excite.com",
                               "mail2web",
                               "phorum"});
}

bool is_device(const Line& line) {
    if (line.text.size() >= kDevice) return false;
    return starts_with_any(
        line.lower, {"sent from my ",
                     "sent from outlook",
                     "sent from yahoo",
                     "sent from mail for",
                     "sent from proton",
                     "sent from a ",
                     "sent from samsung",
                     "get outlook for ",
                     "get bluemail",
                     "von meinem iphone gesendet",
                     "von meinem ipad gesendet",
                     "von meinem smartphone",
                     "gesendet von ",
                     "gesendet mit ",
                     "diese nachricht wurde von meinem android",
                     "enviado desde mi",
                     "enviado desde ",
                     "enviado do meu",
                     "enviado de mi",
                     "envoy\u00e9 de mon",
                     "envoy\u00e9 depuis",
                     "inviato da ",
                     "inviato dal mio",
                     "verzonden vanaf",
                     "verstuurd vanaf",
                     "skickat fr\u00e5n min",
                     "sendt fra min",
                     "l\u00e4hetetty ",
                     "wys\u0142ane z ",
                     "odesl\u00e1no z ",
                     "iphone'umdan g\u00f6nderildi",
                     "\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e \u0441 ",
                     "\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e \u0438\u0437 ",
                     "\u043d\u0430\u0434\u0456\u0441\u043b\u0430\u043d\u043e \u0437",
                     "\u0623\u0631\u0633\u0644\u062a \u0645\u0646",
                     "\u062a\u0645 \u0627\u0644\u0625\u0631\u0633\u0627\u0644 \u0645\u0646",
                     "imetumwa kutoka",
                     "\u53d1\u81ea\u6211\u7684",
                     "\u767c\u81ea\u6211\u7684",
                     "iphone\u304b\u3089\u9001\u4fe1",
                     "\u0645\u0631\u0633\u0644 \u0645\u0646 ",
                     "sent via ",
                     "sent with proton",
                     "sent with aquamail"});
}

// "----- Yahoo! Groups Sponsor -----~-->" is a drawn line with words in it.
bool begins_advert(std::string_view line) {
    if (line.size() > kLongestLine || !starts_with_any(trim_left(line), {"--", "__", "=="}))
        return false;
    return contains_any(lower_text(line), {"groups sponsor", "~-->", "~->"});
}

struct Footer {
    std::size_t end = 0;   // the line after it
    std::size_t full = 0;  // lines with something in them
    bool list = false;
    bool link = false;
};

// What follows the drawn line `rule`: to the next drawn line, quote or gap.
Footer read_footer(const Lines& lines, std::size_t rule) {
    Footer footer;
    footer.end = rule + 1;
    for (std::size_t i = rule + 1; i < lines.size(); ++i) {
        const std::string_view text = lines[i].text;
        if (!is_own(lines[i]) || is_rule(text) || begins_advert(text) || text == "--") break;
        if (text.empty() && footer.full > 0) break;
        if (text.size() > kLongestLine || footer.full >= kMostLines) break;
        footer.end = i + 1;
        if (text.empty()) continue;
        ++footer.full;
        const std::string lower = lower_text(text);
        footer.list = footer.list || speaks_of_list(lower);
        footer.link = footer.link || has_link(lower);
    }
    return footer;
}

// Up to the closing line of an advertisement between drawn lines.
std::size_t advert_end(const Lines& lines, std::size_t begin) {
    for (std::size_t i = begin + 1; i < lines.size() && i <= begin + kMostLines; ++i) {
        if (lines[i].text.size() > kLongestLine) break;
        if (is_rule(lines[i].text) || begins_advert(lines[i].text)) return i + 1;
    }
    return begin + 1;
}

bool is_advert_line(const std::string& lower) {
    return starts_with_any(
        lower, {"do you yahoo!?", "get your free email", "get your private, free e-mail",
                "join the world's largest e-mail", "your use of yahoo! groups is subject to",
                "this sf.net email is sponsored by"});
}

// The address of a list's page alone on its line.
bool is_list_page(std::string_view line) {
    if (line.size() > kLongestLine || line.find(' ') != std::string_view::npos) return false;
    const std::string lower = lower_text(line);
    return has_link(lower) && lower.find("listinfo/") != std::string::npos;
}

// Only blank, drawn, quoted and dropped lines from here to the end.
class Tail {
  public:
    explicit Tail(const Lines& lines) : begins_(lines.size()) {
        while (begins_ > 0 && !has_words(lines[begins_ - 1])) --begins_;
    }
    void moved(const Lines& lines, std::size_t to) {
        if (to < begins_) begins_ = to;
        while (begins_ > 0 && (!has_words(lines[begins_ - 1]))) --begins_;
    }
    bool reached(const Lines& lines, std::size_t i) const { return next_full(lines, i) >= begins_; }

  private:
    std::size_t begins_;
};

// From the last line up, so that each footer is seen with what is below it already marked.
void mark_ruled(Lines& lines) {
    Tail tail(lines);
    for (std::size_t i = lines.size(); i-- > 0;) {
        if (!has_words(lines[i])) continue;
        const std::string_view text = lines[i].text;
        const bool rule = is_rule(text) || text == "--";
        if (!rule) continue;
        const Footer footer = read_footer(lines, i);
        if (footer.full == 0) continue;
        const bool last = tail.reached(lines, footer.end);
        const bool advert =
            last && footer.link && footer.full <= kMostAdvert && trim_left(text)[0] == '_';
        if (!footer.list && !advert) continue;
        if (!last && !any_own_before(lines, i)) continue;
        mark(lines, i, footer.end, Role::Footer);
        if (last) tail.moved(lines, i);
    }
}

}  // namespace

void mark_footers(Lines& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!has_words(lines[i])) continue;
        if (is_device(lines[i]) || is_list_page(trim_left(lines[i].text))) {
            lines[i].role = Role::Footer;
        } else if (begins_advert(lines[i].text)) {
            mark(lines, i, advert_end(lines, i), Role::Footer);
        } else if (lines[i].text.size() < kLongestAdvert && is_advert_line(lines[i].lower)) {
            std::size_t end = i;
            while (end < lines.size() && end < i + kMostAdvert && has_words(lines[end])) ++end;
            mark(lines, i, end, Role::Footer);
        }
    }
    mark_ruled(lines);
}

}  // namespace waypost::email
