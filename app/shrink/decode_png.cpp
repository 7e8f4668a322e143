// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include "app/shrink/picture.h"

namespace waypost::shrink {

// libpng's simplified interface: all forms come out as eight bits of blue, green, red and alpha.
Decoded decode_png(Bytes file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0)
        return {ShrinkEnd::Broken, {}};
    Decoded decoded;
    if (std::int64_t{image.width} * image.height > kMostPixels) {
        decoded.end = ShrinkEnd::TooManyPixels;
    } else if (decoded.picture =
                   Picture::make(static_cast<int>(image.width), static_cast<int>(image.height));
               !decoded.picture) {
        decoded.end = ShrinkEnd::NoMemory;
    } else {
        image.format = PNG_FORMAT_BGRA;
        const bool read = png_image_finish_read(&image, nullptr, decoded.picture->bytes(),
                                                decoded.picture->bytes_per_row(), nullptr) != 0;
        decoded.end = read ? ShrinkEnd::Done : ShrinkEnd::Broken;
    }
    png_image_free(&image);
    if (decoded.end != ShrinkEnd::Done) decoded.picture.reset();
    return decoded;
}

}  // namespace waypost::shrink
