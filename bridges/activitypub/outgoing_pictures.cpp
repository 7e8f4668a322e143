// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/outgoing.h"
#include "bridges/activitypub/pictures/media.h"

namespace waypost::activitypub {
namespace {

constexpr int kNameBytes = 16;  // nobody guesses them

}  // namespace

// A note that is tried once more has what it had the first time, and nothing is made small again.
void Outgoing::attach(const Delivery& delivery, OwnNote& note) {
    if (files_ == nullptr) return;
    Media media(gate_.state);
    std::optional<NoteMedia> has = media.of(note.id);
    if (!has) {
        Attached attached = files_->of(delivery);
        has = NoteMedia{{}, said_left_out(attached.left_out, note.language)};
        std::vector<Media::New> fresh;
        for (AttachedPicture& each : attached.pictures) {
            has->pictures.push_back({gate_.office.random().hex(kNameBytes) + ".jpg",
                                     std::move(each.description), each.picture.width,
                                     each.picture.height});
            fresh.push_back({has->pictures.back(), std::move(each.picture.jpeg)});
        }
        if (!fresh.empty()) media.put(note.id, fresh, gate_.now(), room_, has->left_out);
    }
    for (const OwnPicture& each : has->pictures)
        note.media.push_back({gate_.site.base() + "/ap/media/" + each.name, kMediaType,
                              each.description, each.width, each.height});
    if (has->left_out.empty()) return;
    note.source += (note.source.empty() ? "" : "\n\n") + has->left_out;
}

}  // namespace waypost::activitypub
