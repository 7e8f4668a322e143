// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/boilerplate.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kMostLines = 25;       // of a disclaimer
constexpr std::size_t kMostNotice = 12;      // of a notice about a subscription
constexpr std::size_t kShortNotice = 500;    // bytes of one that may begin in any way
constexpr std::size_t kLongest = 4000;       // bytes of either
constexpr std::size_t kParagraphLine = 120;  // a line so long is a paragraph by itself
constexpr std::size_t kCopyright = 300;
constexpr std::size_t kMenuPieces = 3;  // of a row of links, at least
constexpr std::size_t kMenuPiece = 40;  // bytes of one, at most

bool is_disclaimer(const std::string& text) {
    const bool of_mail = contains_any(text, {"e-mail",
                                             "email",
                                             "message",
                                             "mail",
                                             "communication",
                                             "transmission",
                                             "nachricht",
                                             "courriel",
                                             "mensaje",
                                             "mensagem",
                                             "correo",
                                             "messaggio",
                                             "bericht",
                                             "meddelande",
                                             "wiadomo",
                                             "\u043f\u0438\u0441\u044c\u043c",
                                             "\u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438",
                                             "\u90ae\u4ef6",
                                             "\u90f5\u4ef6",
                                             "\u0631\u0633\u0627\u0644\u0629",
                                             "fax",
                                             "post"});
    if (!of_mail) return false;  // most text; the long list is slow
    static const Words kPhrases = {"confidential",
                                   "intended recipient",
                                   "intended solely",
                                   "intended only",
                                   "intended for the",
                                   "addressee",
                                   "privileged",
                                   "sent in error",
                                   "received this e-mail in error",
                                   "received this email in error",
                                   "received this message in error",
                                   "received it in error",
                                   "received this in error",
                                   "notify the sender",
                                   "notify us",
                                   "advise the sender",
                                   "system manager",
                                   "legally binding",
                                   "unauthorised",
                                   "unauthorized",
                                   "strictly prohibited",
                                   "views expressed",
                                   "opinions expressed",
                                   "views of the",
                                   "do not necessarily represent",
                                   "not necessarily those of",
                                   "disclosure",
                                   "dissemination",
                                   "delete this",
                                   "delete the",
                                   "delete it",
                                   "swept for",
                                   "disclaimer",
                                   "computer viruses",
                                   "any attachments",
                                   "files transmitted with it",
                                   "warranty",
                                   "vertraulich",
                                   "bestimmungsgem\u00e4\u00df",
                                   "irrt\u00fcmlich",
                                   "unbefugt",
                                   "rechtlich gesch\u00fctzt",
                                   "nicht der richtige adressat",
                                   "vernichten sie",
                                   "ist nicht gestattet",
                                   "informieren sie",
                                   "confidentiel",
                                   "destinataire",
                                   "par erreur",
                                   "l'exp\u00e9diteur",
                                   "strictement interdit",
                                   "toute diffusion",
                                   "usage exclusif",
                                   "d\u00e9truire",
                                   "confidencial",
                                   "destinatario",
                                   "por error",
                                   "prohibid",
                                   "remitente",
                                   "destinat\u00e1rio",
                                   "por engano",
                                   "proibid",
                                   "privilegiad",
                                   "uso exclusivo",
                                   "riservat",
                                   "per errore",
                                   "mittente",
                                   "vietat",
                                   "d.lgs",
                                   "vertrouwelijk",
                                   "geadresseerde",
                                   "abusievelijk",
                                   "afzender",
                                   "konfidentiell",
                                   "mottagare",
                                   "fortrolig",
                                   "poufn",
                                   "adresat",
                                   "omy\u0142kowo",
                                   "\u043a\u043e\u043d\u0444\u0438\u0434\u0435\u043d\u0446",
                                   "\u0430\u0434\u0440\u0435\u0441\u0430\u0442",
                                   "\u043e\u0448\u0438\u0431\u043e\u0447\u043d",
                                   "\u0443\u0432\u0435\u0434\u043e\u043c\u0438\u0442\u0435",
                                   "\u5a5a\u5bc6",
                                   "\u4fdd\u5bc6",
                                   "\u6a5f\u5bc6",
                                   "\u6536\u4ef6\u4eba",
                                   "\u8aa4\u9001",
                                   "\u8bef\u53d1",
                                   "\u0633\u0631\u064a\u0629",
                                   "\u0627\u0644\u0645\u0631\u0633\u0644 \u0625\u0644\u064a\u0647"};
    return count_any(text, kPhrases) >= 2;
}

bool is_subscription_notice(const std::string& text) {
    if (text.size() <= kShortNotice &&
        contains_any(
            text, {"change your preferences", "update your preferences", "manage your preferences",
                   "cancel these notices", "edit your profile", "address for your subscription"})) {
        return true;
    }
    static const Words kOpenings = {"to unsubscribe",
                                    "to stop receiving",
                                    "to be removed",
                                    "to remove your",
                                    "to cancel your subscription",
                                    "to change your subscription",
                                    "to change your email",
                                    "to change your e-mail",
                                    "to change or cancel",
                                    "to subscribe",
                                    "to signup",
                                    "to sign up for",
                                    "to sign off",
                                    "if you wish to unsubscribe",
                                    "if you would like to unsubscribe",
                                    "if you no longer wish",
                                    "if you do not wish",
                                    "if you don't want to receive",
                                    "if you want to unsubscribe",
                                    "to manage your subscription",
                                    "to update your",
                                    "you have received this",
                                    "you received this",
                                    "you are receiving this",
                                    "you are subscribed",
                                    "you're receiving this",
                                    "you are currently subscribed",
                                    "this email was sent to",
                                    "this e-mail was sent to",
                                    "this message was sent to",
                                    "this newsletter was sent to",
                                    "this mailing is sent",
                                    "unsubscribe",
                                    "subscribe ",
                                    "sign up for more free newsletters",
                                    "manage your subscription",
                                    "manage subscriptions",
                                    "update your profile",
                                    "sent by",
                                    "how to unsubscribe",
                                    "how to subscribe",
                                    "you can unsubscribe",
                                    "subscription information",
                                    "subscription management",
                                    "for subscription",
                                    "for information on advertising",
                                    "to advertise",
                                    "please do not reply to this",
                                    "do not reply to this",
                                    "having trouble viewing",
                                    "view this email in",
                                    "view in browser",
                                    "can't see this email",
                                    "add us to your address book",
                                    "um diesen newsletter",
                                    "um den newsletter",
                                    "wenn sie diesen newsletter nicht",
                                    "wenn sie keine weiteren",
                                    "newsletter abbestellen",
                                    "abmelden",
                                    "pour vous d\u00e9sinscrire",
                                    "pour vous d\u00e9sabonner",
                                    "se d\u00e9sabonner",
                                    "si vous ne souhaitez plus",
                                    "para cancelar",
                                    "para darse de baja",
                                    "si no desea recibir",
                                    "para cancelar su suscripci\u00f3n",
                                    "se non desideri",
                                    "per cancellar",
                                    "cancella iscrizione",
                                    "\u0447\u0442\u043e\u0431\u044b "
                                    "\u043e\u0442\u043f\u0438\u0441\u0430\u0442\u044c\u0441\u044f",
                                    "\u043e\u0442\u043f\u0438\u0441\u0430\u0442\u044c\u0441\u044f"};
    static const Words kWays = {"to unsubscribe", "unsubscribe from", "please unsubscribe",
                                "unsubscribe or", "unsubscribe?",     "unsubscribe.",
                                "/unsubscribe",   "unsubscribe@",     "-unsubscribe"};
    if (text.size() <= kShortNotice && contains_any(text, kWays) &&
        contains_any(text, {"http", "www.", "@", "click", "klick"}))
        return true;
    static const Words kMeans = {"unsubscri", "subscri",     "http",       "www.",   "@",
                                 "click",     "preferences", "newsletter", "klick",  "cliquez",
                                 "haga clic", "clicca",      "reply",      "e-mail", "email"};
    std::size_t at = 0;
    while (at < text.size() &&
           std::string_view("*-=_#>|[(~ ").find(text[at]) != std::string_view::npos)
        ++at;
    return starts_with_any(std::string_view(text).substr(at), kOpenings) &&
           contains_any(text, kMeans);
}

bool is_copyright(const std::string& text) {
    if (text.size() > kCopyright) return false;
    if (starts_with_any(text, {"copyright", "\u00a9", "(c) ", "&copy;", "all rights reserved"}))
        return has_digit(text) || contains_any(text, {"reserved"});
    return contains_any(text, {"all rights reserved", "alle rechte vorbehalten",
                               "tous droits r\u00e9serv\u00e9s", "todos los derechos reservados"});
}

// A row of links: "Home | News | Contact".
bool is_navigation(std::string_view line) {
    std::size_t pieces = 0;
    for (std::size_t from = 0; from <= line.size(); ++pieces) {
        const std::size_t end = std::min(line.find('|', from), line.size());
        const std::string_view piece = trim(line.substr(from, end - from));
        const bool title = !piece.empty() && piece[0] >= 'A' && piece[0] <= 'Z';
        if (!title || piece.size() > kMenuPiece || has_digit(piece)) return false;
        from = end + 1;
    }
    return pieces >= kMenuPieces && line.find("   ") == std::string_view::npos;
}

// Where each line is a paragraph, as HTML and some programs give it.
void mark_single_lines(Lines& lines, std::size_t from, std::size_t to) {
    for (; from < to; ++from) {
        const std::string& text = lines[from].lower;
        const bool whole = text.size() >= kParagraphLine;
        if (is_subscription_notice(text) || is_copyright(text) || (whole && is_disclaimer(text)))
            lines[from].role = Role::Guess;
    }
}

}  // namespace

void mark_boilerplate(Lines& lines) {
    for (std::size_t from = 0; from < lines.size();) {
        if (!has_words(lines[from]) || is_rule(lines[from].text)) {
            ++from;
            continue;
        }
        std::size_t to = from;
        std::size_t bytes = 0;
        while (to < lines.size() && has_words(lines[to]) && !is_rule(lines[to].text))
            bytes += lines[to++].text.size();
        if (bytes <= kLongest && to - from <= kMostLines) {
            const std::string text = lower_joined(lines, from, to);
            const bool notice = to - from <= kMostNotice && is_subscription_notice(text);
            if (notice || is_disclaimer(text) || is_copyright(text)) {
                mark(lines, from, to, Role::Guess);
            } else if (to - from > 1) {
                mark_single_lines(lines, from, to);
            }
        }
        from = to;
    }
    for (Line& line : lines) {
        if (has_words(line) && is_navigation(line.text)) line.role = Role::Guess;
    }
}

}  // namespace waypost::email
