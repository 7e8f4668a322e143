// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stanza_error.h"

#include <utility>

#include "bridges/xmpp/stream/stream_parser.h"
#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"

namespace waypost::xmpp {
namespace {

using Reason = Verdict::Reason;

StanzaError in_english(const Verdict& verdict) {
    if (verdict.kind == Verdict::Kind::Later) return {"wait", "resource-constraint", verdict.text};
    switch (verdict.reason) {
        case Reason::UnknownRecipient:
            return {"cancel", "item-not-found", verdict.text};
        case Reason::NotAllowed:
            return {"auth", "forbidden", verdict.text};
        case Reason::TooLarge:
            return {"modify", "policy-violation", verdict.text};
        case Reason::QuotaFull:
        case Reason::StorageFull:
        case Reason::Busy:
            return {"wait", "resource-constraint", verdict.text};
        case Reason::Loop:
        case Reason::BadInput:
        case Reason::None:
            break;
    }
    return {"modify", "not-acceptable", verdict.text};
}

std::string reason_in(const Catalogue& words, const Verdict& verdict) {
    switch (verdict.reason) {
        case Reason::UnknownRecipient:
            return words.say("why_nobody");
        case Reason::NotAllowed:
            return words.say("why_not_allowed");
        case Reason::TooLarge:
            return words.say("too_long");
        case Reason::Loop:
            return words.say("why_loop");
        case Reason::StorageFull:
            return words.say("box_full");
        case Reason::QuotaFull:
            return words.letter("chat_error_tomorrow");
        case Reason::Busy:
        case Reason::BadInput:
        case Reason::None:
            break;
    }
    return verdict.kind == Verdict::Kind::Later ? words.letter("chat_error_later")
                                                : words.say("why_other");
}

}  // namespace

std::optional<Element> error_to(const Element& stanza, const StanzaError& error) {
    const std::string_view type = stanza.get("type");
    if (type == "error" || (type == "result" && stanza.name() == "iq")) return std::nullopt;
    if (stanza.get("from").empty() || stanza.get("to").empty()) return std::nullopt;
    Element said("error");
    said.set("type", error.type).add(Element(error.condition, kStanzaErrorSpace));
    if (!error.text.empty())
        said.add(Element("text", kStanzaErrorSpace).set_lang(error.lang).set_text(error.text));
    Element answer(stanza.name());
    answer.set("type", "error").set("from", stanza.get("to")).set("to", stanza.get("from"));
    if (const std::string* id = stanza.find_attribute("id")) answer.set("id", *id);
    answer.add(std::move(said));
    return answer;
}

std::optional<Element> answer_passed_over(const StanzaHead& head) {
    log(Level::Warning, "xmpp", "passed-over", {{"from", shorten(head.from)}, {"why", head.why}});
    if (head.from.empty() || head.name == "presence") return std::nullopt;
    Element stanza(head.name);
    stanza.set("from", head.from).set("to", head.to).set("type", head.type).set("id", head.id);
    return error_to(stanza, {"modify", "policy-violation", head.why});
}

StanzaError said_in(const Catalogue& words, StanzaError error, const char* letter) {
    if (words.language() == error.lang) return error;
    error.text = words.letter(letter);
    error.lang = words.language();
    return error;
}

StanzaError stanza_error(const Verdict& verdict, const Catalogue& words) {
    StanzaError error = in_english(verdict);
    if (words.language() == error.lang) return error;
    error.text = reason_in(words, verdict);
    error.lang = words.language();
    return error;
}

StanzaError stanza_error(const Error& error) {
    if (error.retry) return {"wait", "resource-constraint", error.text};
    switch (error.code) {
        case Code::NotFound:
            return {"cancel", "item-not-found", error.text};
        case Code::Refused:
            return {"auth", "forbidden", error.text};
        case Code::TooLarge:
            return {"modify", "policy-violation", error.text};
        case Code::BadInput:
            return {"modify", "not-acceptable", error.text};
        default:
            return {"cancel", "internal-server-error", error.text};
    }
}

}  // namespace waypost::xmpp
