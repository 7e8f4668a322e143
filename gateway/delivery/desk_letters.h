// SPDX-License-Identifier: Apache-2.0
// Letters as people look at them: a villager at his own, an operator at envelopes. Any thread.
// What was somebody's who bore the same name before is not his, nor is what he has not let in. Of a
// post to a group its author sees the group, not its members.
#pragma once

#include <string>
#include <vector>

#include "gateway/delivery/desk.h"

namespace waypost {

enum class LetterBox { In, Out };

struct ListedLetter {
    store::LetterRow letter;
    std::vector<store::DeliveryRow> deliveries;  // In: his own only
};

struct LetterPage {
    std::vector<ListedLetter> letters;  // newest first
    // Ask again below this for more; 0: there is no more. A search may give a short page, or an
    // empty one, and more below.
    MessageId next = 0;
};

struct LetterSearch {
    MessageId before = 0;  // 0: from the newest
    int most = 50;         // 1 to 100
    std::string text;      // in subject, text, or whom it is from or to; in either case
};

Result<LetterPage> own_letters(GatewayOffice& office, const std::string& handle, LetterBox box,
                               const LetterSearch& search);
// Of everybody, or what one person wrote or got. Texts are not searched, and not given.
Result<LetterPage> envelopes(GatewayOffice& office, const std::string& person,
                             const LetterSearch& search);
// With his copy, or what he sent, and the events of those. NotFound, too, if it is not his. A
// letter that waited only because he has no radio and no mailbox counts as read by this.
Result<Trace> own_letter(GatewayOffice& office, const std::string& handle, MessageId id);
// Whether own_letter() would give it.
bool is_own_letter(GatewayOffice& office, const std::string& handle, MessageId id);
// For an operator: on record, where its owner sees it, before it is given.
Result<store::MessageRow> open_letter(GatewayOffice& office, const Visitor& visitor, MessageId id);

}  // namespace waypost
