// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/old_mail_words.h"

#include <algorithm>

#include "bridges/email/mime/lines.h"

namespace waypost::email {
namespace {

constexpr std::size_t kLongestName = 24;   // of a header's name
constexpr std::size_t kLongestRule = 100;  // "----- Original Message -----"

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

}  // namespace

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

bool names_writer(std::string_view header_name) { return is_one_of(header_name, kFrom); }

}  // namespace waypost::email
