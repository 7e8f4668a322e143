// SPDX-License-Identifier: Apache-2.0
// What hangs on a message of ours that goes to the fediverse: its pictures, made fit for others,
// and a line about what cannot go along.
#pragma once

#include <string>
#include <vector>

#include "bridges/activitypub/pictures/picture_options.h"
#include "gateway/original.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

struct AttachedPicture {
    WebPicture picture;
    std::string description{};  // may be empty
    std::string file_name{};    // as it was attached
};

struct Attached {
    std::vector<AttachedPicture> pictures;
    std::vector<Attachment> left_out;
};

// What a file's name says of its picture, "our goat on the bridge" of "our goat on the
// bridge.jpg"; empty where a camera or program made it up: IMG_2041.jpg.
std::string description_in(const std::string& file_name);

// "[not sent along: plan.pdf 84k]", in the words of this language; empty for none.
std::string said_left_out(const std::vector<Attachment>& files, const std::string& language);

// Thread-safe.
class AttachedFiles {
  public:
    AttachedFiles(Office& office, Originals originals, WebPictureOptions options);

    // Blocks. A delivery whose original is gone, or of a network that is not known, has none.
    Attached of(const Delivery& delivery);

  private:
    Office& office_;
    const Originals originals_;
    WebPictures web_;
};

}  // namespace waypost::activitypub
