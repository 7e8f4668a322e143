// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/receipts.h"

#include "gateway/custody/language.h"
#include "gateway/custody/outside.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kAddressBytes = 60;

// A stranger's radio may have a name by now, and its numbers with it.
std::string owner_now(const Box& box, const std::string& owner) {
    const auto address = parse_address(owner);
    if (owner.find(":!") == std::string::npos || !address.ok()) return owner;
    const std::string now = box.directory.get()->owner_of(*address);
    return now.empty() ? owner : now;
}

// Who wrote from a mail program reads there what became of it.
bool wrote_from_mailbox(const Box& box, const std::string& owner, const Message& message) {
    const Address his = mailbox(owner);
    return box.directory.get()->endpoint(his) != nullptr &&
           box.router.network_of(his) == message.network;
}

// As a mail: in the thread of the one that it speaks of, thus without a number.
void tell_by_mail(Ledger& ledger, const std::string& owner, const store::DeliveryRow& row,
                  const std::string& reason) {
    const Catalogue& words = words_of(ledger, owner);
    ledger.say(
        mailbox(owner),
        words.say("mail_fail",
                  {{"who", one_line(row.recipient.value, kAddressBytes)},
                   {"reason", reason.empty() ? words.say("mail_expired")
                                             : said_why(words, row.state, row.code, reason)}}),
        store::Kind::Receipt, Priority::Urgent, owner, row.message);
}

}  // namespace

Address endpoint_of(const Box& box, const std::string& owner) {
    const auto people = box.directory.get();
    if (const Person* person = people->find(owner)) {
        return person->endpoints.empty() ? Address{} : person->endpoints.front();
    }
    const auto address = parse_address(owner);
    return address.ok() && owner.find(":!") != std::string::npos ? *address : Address{};
}

void tell_failure(Ledger& ledger, const store::DeliveryRow& row, const std::string& reason) {
    const auto message = ledger.tables().messages.find(row.message);
    // What the gateway said itself fails in silence: a failure of a failure tells nobody anything.
    if (!message || message->owner.empty() || message->message.automatic) return;
    if (wrote_by_chat(message->message)) return;  // there: outside.h
    // It goes on by itself (alarm.h); who called was told whom it reaches here.
    if (message->kind == store::Kind::Alarm) return;
    const std::string owner = owner_now(ledger.box(), message->owner);
    const Address endpoint = endpoint_of(ledger.box(), owner);
    if (is_mailbox(endpoint) || wrote_from_mailbox(ledger.box(), owner, message->message)) {
        return tell_by_mail(ledger, owner, row, reason);
    }
    const auto item = ledger.tables().items.by_message(owner, row.message);
    if (endpoint.empty() || !item) return;
    const Catalogue& words = words_of(ledger, owner);
    const std::string number = std::to_string(item->number);
    ledger.say(endpoint,
               reason.empty()
                   ? words.say("expired", {{"item", number}})
                   : words.say("fail", {{"item", number},
                                        {"reason", said_why(words, row.state, row.code, reason)}}),
               store::Kind::Receipt);
}

}  // namespace waypost
