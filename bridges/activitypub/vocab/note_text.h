// SPDX-License-Identifier: Apache-2.0
// What a note says as plain text, for radios, mails and chats. Pure; any thread.
#pragma once

#include "bridges/activitypub/vocab/activity.h"
#include "bridges/html/html_text.h"
#include "gateway/commands/catalogue.h"

namespace waypost::activitypub {

struct NoteTextOptions {
    std::size_t most = 64 * 1024;  // bytes of it; cut for a radio elsewhere
    LinkForm links = LinkForm::Short;
    std::size_t description = 300;  // bytes of what is said of one picture
    // Of the reader: what is said of pictures and polls is in these words, and of a note in several
    // languages that one is taken. Null: English.
    const Catalogue* words = nullptr;
    std::int64_t now = 0;  // Unix seconds, for polls that have ended; 0: not known
    // Ids of actors of ours, not named where the note begins with them.
    std::vector<std::string> known_mentions{};
};

// In this order, where there is any: the content warning, the title, the text; then each on a line
// of its own: where the whole of an article or a film is, the poll, what is attached. How many have
// voted is said when nobody can vote any more.
//
//     CW: food. We ate the fish that Ben caught.
//     poll, several answers: 1 roach 2 pike, until 28.11. 14:00
//     [2 pictures: a cat; (no description)] [recording]
std::string note_text(const Note& note, const NoteTextOptions& options = {});

// Nobody can vote any more; `now` as above. False: it is no poll.
bool is_over(const Note& poll, std::int64_t now);

}  // namespace waypost::activitypub
