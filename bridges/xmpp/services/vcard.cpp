// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/vcard.h"

#include <utility>

#include "bridges/xmpp/services/avatar.h"
#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

struct Card {
    std::string name, nick, mail, note;
    std::string picture_of;  // of which name it is made
};

Card card_of(const Gate& gate, const Request& request) {
    const std::string village = gate.office.village();
    if (request.person) {
        const Resident& who = *request.person;
        const std::string name = who.name.empty() ? who.handle : who.name;
        return {name, who.handle, who.handle + '@' + gate.names.box(),
                request.words.letter(who.has_radio ? "chat_note" : "chat_note_no_radio",
                                     {{"who", name}, {"village", village}}),
                who.handle};
    }
    if (request.target.kind == Target::Kind::Outside) {
        const Address& address = request.target.address;
        return {address.value, "", address.scheme == "mailto" ? address.value : "",
                request.words.letter("chat_outside", {{"village", village}}), address.value};
    }
    return {village, village, "postmaster@" + gate.names.box(),
            request.words.letter("chat_gateway", {{"village", village}}), village};
}

Element worded(std::string_view name, std::string_view text) {
    return Element(name).set_text(text);
}

}  // namespace

Reply vcard_temp(const Gate& gate, const Request& request) {
    const Card card = card_of(gate, request);
    Element answer("vCard", "vcard-temp");
    answer.add(worded("FN", card.name));
    if (!card.nick.empty()) answer.add(worded("NICKNAME", card.nick));
    if (!card.mail.empty())
        answer.add(Element("EMAIL").add(Element("INTERNET")).add(worded("USERID", card.mail)));
    answer.add(worded("JABBERID", request.target.jid.text()));
    answer.add(worded("DESC", card.note));
    answer.add(Element("PHOTO")
                   .add(worded("TYPE", "image/png"))
                   .add(worded("BINVAL", to_base64(avatar_png(card.picture_of)))));
    return result_of(request.iq, std::move(answer));
}

Reply vcard4(const Gate& gate, const Request& request) {
    const Card card = card_of(gate, request);
    const auto text = [](std::string_view name, std::string_view value) {
        return Element(name).add(worded("text", value));
    };
    Element answer("vcard", "urn:ietf:params:xml:ns:vcard-4.0");
    answer.add(text("fn", card.name));
    if (!card.nick.empty()) answer.add(text("nickname", card.nick));
    if (!card.mail.empty()) answer.add(text("email", card.mail));
    answer.add(Element("impp").add(worded("uri", "xmpp:" + request.target.jid.text())));
    answer.add(text("note", card.note));
    return result_of(request.iq, std::move(answer));
}

}  // namespace waypost::xmpp
