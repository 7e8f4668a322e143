// SPDX-License-Identifier: Apache-2.0
#include "gateway/groups/standing.h"

#include <algorithm>

namespace waypost {
namespace {

using store::GroupMode;

Address author_of(const Box& box, const Letter& letter) {
    if (letter.owner.empty()) {
        const Address& from = letter.message.from;
        return box.router.ours(from) ? Address{} : from;  // ours only where somebody vouches
    }
    return is_nameless(letter.owner) ? Address{} : person(letter.owner);
}

}  // namespace

Standing standing_of(Ledger& ledger, const store::GroupRow& group, const Letter& letter) {
    const Message& message = letter.message;
    Standing standing;
    standing.author = author_of(ledger.box(), letter);
    if (standing.author.empty()) return standing;
    standing.vouched = !letter.owner.empty() || message.verified_sender;
    standing.member = ledger.tables().groups.member(group.name, standing.author);
    // Whoever vouches for From vouches for what else is of its domain.
    if (!standing.member && letter.owner.empty() && message.lists &&
        message.lists->last.domain() == message.from.domain()) {
        standing.member = ledger.tables().groups.member(group.name, message.lists->last);
    }
    return standing;
}

Passage passage(const store::GroupRow& group, const Standing& standing) {
    if (standing.author.empty()) return Passage::Refused;
    if (standing.vouched && standing.member && standing.member->moderator) return Passage::Passes;
    if (group.mode == GroupMode::Closed) return Passage::Refused;
    if (group.mode == GroupMode::Moderated) return Passage::Waits;
    const bool may = standing.member || group.posters == store::Posters::Anyone;
    return may && standing.vouched ? Passage::Passes : Passage::Refused;
}

bool goes_round(const Box& box, const store::GroupRow& group, const Message& message) {
    if (!message.lists) return false;
    const std::string own = list_address(box, group.name).value;
    const auto& passed = message.lists->passed;
    return message.lists->last.value == own || message.lists->id == list_id(box, group.name) ||
           std::find(passed.begin(), passed.end(), own) != passed.end();
}

bool by_a_program(const Message& message) {
    return message.program || (message.automatic && !message.lists);
}

Address list_address(const Box& box, const std::string& group) {
    return mailto(group, box.settings->domain);
}

std::string list_id(const Box& box, const std::string& group) {
    return group + '.' + box.settings->domain;
}

}  // namespace waypost
