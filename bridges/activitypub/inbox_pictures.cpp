// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/inbox.h"
#include "bridges/activitypub/pictures/note_pictures.h"

namespace waypost::activitypub {

bool Inbox::waits(const std::string& origin_id) const {
    return waiting_ != nullptr && waiting_->has(origin_id);
}

// Its pictures are fetched first, if somebody here has said yes to who sends them; and what he says
// after it comes after it. False: it goes on at once.
bool Inbox::put_aside(const Note& note, const Message& message) {
    if (waiting_ == nullptr) return false;
    std::vector<MediaLink> pictures = pictures_of(note);
    const bool wanted = !pictures.empty() && is_welcome(gate_.office, gate_.people, message);
    if (!wanted && !waiting_->holds(message.from)) return false;
    if (waits(message.origin_id)) return true;
    if (!wanted) pictures.clear();
    return waiting_->take({message, std::move(pictures), gate_.language_of(message.to)});
}

bool Inbox::take_waited(Message message) {
    const Verdict verdict = accept_with_pictures(
        std::move(message), [this](Message each) { return into_custody(std::move(each)); });
    return verdict.kind != Verdict::Kind::Later;
}

}  // namespace waypost::activitypub
