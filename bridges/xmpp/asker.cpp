// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/asker.h"

#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

// "pt-BR" is written in Portuguese; "hi-latn" is a catalogue of its own.
std::string known_language(std::string_view tag) {
    const std::string whole = lower_ascii(tag);
    if (is_language(whole)) return whole;
    const std::string first = whole.substr(0, whole.find('-'));
    return is_language(first) ? first : std::string();
}

}  // namespace

Asker asker_of(const Gate& gate, const Jid& from) {
    Asker asker{from, gate.people.handle_of(Names::address_of_foreign(from))};
    if (asker.resident()) return asker;
    const std::string named = gate.names.handle_of_account(from);
    if (named.empty() || gate.people.on_record(asker.address())) return asker;
    const auto resident = gate.people.resident(named);
    if (resident && resident->handle == named) asker.handle = named;
    return asker;
}

bool locked_out(const Gate& gate, const Asker& asker) {
    return !asker.resident() && gate.people.on_record(asker.address());
}

const Catalogue& words_for(const Gate& gate, const Asker& asker, std::string_view lang) {
    if (asker.resident()) {
        const auto resident = gate.people.resident(asker.handle);
        if (resident && is_language(resident->language)) return catalogue(resident->language);
    }
    return catalogue(known_language(lang));
}

Target target_of(const Names& names, const Jid& to) {
    Target target{Target::Kind::Nobody, to.bare(), {}, {}};
    if (to.local().empty()) {
        target.kind = Target::Kind::Gateway;
        return target;
    }
    const auto address = names.address_of(to);
    if (!address) return target;
    target.address = *address;
    if (address->scheme == "mailto" && address->domain() == names.box()) {
        target.kind = Target::Kind::Person;
        target.handle = std::string(address->local_part());
    } else {
        target.kind = Target::Kind::Outside;
    }
    return target;
}

Message message_from(const Gate& gate, const Asker& asker) {
    const bool locked = locked_out(gate, asker);
    const bool account = !locked && !gate.names.handle_of_account(asker.jid).empty();
    Message message;
    message.from = asker.address();
    message.return_path = message.from;
    message.network = "xmpp";
    message.transport = gate.transport;
    // Servers vouch for their own domain. Ours has accounts of people only where the operator says
    // so: else anybody may have taken a name there. For who has an account that was lost nobody
    // does.
    message.verified_sender = !locked && (account || asker.jid.domain() != gate.names.box());
    message.submitted = account;
    message.trusted = asker.resident();
    return message;
}

}  // namespace waypost::xmpp
