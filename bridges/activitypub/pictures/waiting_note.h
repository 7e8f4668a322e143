// SPDX-License-Identifier: Apache-2.0
// A note whose pictures are to be fetched before it goes on, as a text to be kept meanwhile. Pure.
#pragma once

#include <string>
#include <vector>

#include "bridges/activitypub/vocab/activity.h"
#include "gateway/message/message.h"

namespace waypost::activitypub {

struct WaitingNote {
    // As it would be without pictures: from, to, origin_id, written, from_name, text, references,
    // privacy; all else is as Gate::message_from makes it.
    Message message;
    std::vector<MediaLink> pictures;  // to be fetched; none: it only waits for its turn
    std::string language;             // of who reads it
};

std::string write_waiting_note(const WaitingNote& note);
// BadInput: it is no such text.
Result<WaitingNote> read_waiting_note(const std::string& text);

}  // namespace waypost::activitypub
