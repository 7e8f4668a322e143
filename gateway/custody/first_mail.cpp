// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/first_mail.h"

#include "gateway/base/encoding.h"
#include "gateway/custody/language.h"

namespace waypost {
namespace {

constexpr char kState[] = "first-mail";  // of a recipient -> the delivery that carries the note

// Kept for good, so it is no address that is kept.
std::string of(const Address& recipient) { return short_hash(recipient.uri()); }

}  // namespace

void note_first_mail(Ledger& ledger, const store::DeliveryRow& row) {
    auto& tables = ledger.tables();
    if (const auto carrier = tables.state.get(kState, of(row.recipient))) {
        const auto before = tables.deliveries.find(std::stoll(*carrier));
        const bool never_left =
            before && (before->state == State::Failed || before->state == State::Expired ||
                       before->state == State::Cancelled);
        if (!never_left) return;
    }
    tables.state.put(kState, of(row.recipient), std::to_string(row.id));
}

std::string first_mail_note(store::Tables& tables, const Box& box, const store::DeliveryRow& row,
                            const store::MessageRow& message) {
    if (!box.router.ordered(message.message.network)) return {};  // not from a radio
    if (tables.state.get(kState, of(row.recipient)) != std::to_string(row.id)) return {};
    const Catalogue& own = words_of(tables, box, message.owner);
    const Catalogue& english = catalogue("en");
    std::string note = "\n\n-- \n" + own.letter("read_on_a_radio") + '\n';
    if (&own != &english) note += english.letter("read_on_a_radio") + '\n';
    return note;
}

}  // namespace waypost
