// SPDX-License-Identifier: Apache-2.0
// What a note says as plain text, for radios, mails and chats. Pure; any thread.
#pragma once

#include "bridges/activitypub/vocab/activity.h"
#include "bridges/html/html_text.h"

namespace waypost::activitypub {

struct NoteTextOptions {
    std::size_t most = 64 * 1024;  // bytes of it; cut for a radio elsewhere
    LinkForm links = LinkForm::Short;
    std::size_t description = 300;  // bytes of what is said of one picture
    // Ids of actors of ours, not named where the note begins with them.
    std::vector<std::string> known_mentions{};
};

// In this order, where there is any: the content warning, the title, the text; then each on a line
// of its own: where the whole of an article or a film is, the poll, what is attached.
//
//     CW: food. We ate the fish that Ben caught.
//     poll: 1 yes (3) 2 no (1)
//     [2 pictures: a cat; (no description)] [recording]
std::string note_text(const Note& note, const NoteTextOptions& options = {});

}  // namespace waypost::activitypub
