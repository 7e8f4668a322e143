// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/outgoing.h"
#include "bridges/activitypub/pictures/media.h"

namespace waypost::activitypub {
namespace {

constexpr int kNameBytes = 16;  // nobody guesses them

}  // namespace

// Those of a note that is tried once more are there already, under their names.
void Outgoing::attach(const Delivery& delivery, OwnNote& note) {
    if (files_ == nullptr) return;
    Attached attached = files_->of(delivery);
    Media media(gate_.state);
    auto pictures = media.of(note.id);
    if (!pictures && !attached.pictures.empty()) {
        std::vector<Media::New> fresh;
        for (AttachedPicture& each : attached.pictures)
            fresh.push_back({{gate_.office.random().hex(kNameBytes) + ".jpg",
                              std::move(each.description), each.picture.width, each.picture.height},
                             std::move(each.picture.jpeg)});
        media.put(note.id, fresh, gate_.now(), room_);
        pictures = media.of(note.id);
    }
    if (pictures)
        for (const OwnPicture& each : *pictures)
            note.media.push_back({gate_.site.base() + "/ap/media/" + each.name, kMediaType,
                                  each.description, each.width, each.height});
    const std::string left_out = said_left_out(attached.left_out, note.language);
    if (left_out.empty()) return;
    note.source += (note.source.empty() ? "" : "\n\n") + left_out;
}

}  // namespace waypost::activitypub
