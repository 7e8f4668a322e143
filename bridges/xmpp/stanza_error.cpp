// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stanza_error.h"

namespace waypost::xmpp {

std::optional<Element> error_to(const Element& stanza, const StanzaError& error) {
    const std::string_view type = stanza.get("type");
    if (type == "error" || (type == "result" && stanza.name() == "iq")) return std::nullopt;
    if (stanza.get("from").empty() || stanza.get("to").empty()) return std::nullopt;
    Element said("error");
    said.set("type", error.type).add(Element(error.condition, kStanzaErrorSpace));
    if (!error.text.empty())
        said.add(Element("text", kStanzaErrorSpace).set_lang("en").set_text(error.text));
    Element answer(stanza.name());
    answer.set("type", "error").set("from", stanza.get("to")).set("to", stanza.get("from"));
    if (const std::string* id = stanza.find_attribute("id")) answer.set("id", *id);
    answer.add(std::move(said));
    return answer;
}

StanzaError stanza_error(const Verdict& verdict) {
    using Reason = Verdict::Reason;
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
