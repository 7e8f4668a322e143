// SPDX-License-Identifier: Apache-2.0
#include "app/shrink/picture.h"

#include <bit>
#include <utility>

namespace waypost::shrink {

static_assert(std::endian::native == std::endian::little, "a pixel's bytes are BGRA");

std::optional<Picture> Picture::make(int width, int height) {
    Picture picture;
    if (WebPPictureInit(&picture.raw_) == 0) return std::nullopt;
    picture.raw_.use_argb = 1;
    picture.raw_.width = width;
    picture.raw_.height = height;
    if (WebPPictureAlloc(&picture.raw_) == 0) return std::nullopt;
    return picture;
}

Picture::Picture(Picture&& other) noexcept : raw_(std::exchange(other.raw_, WebPPicture{})) {}

Picture& Picture::operator=(Picture&& other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
}

Picture::~Picture() { WebPPictureFree(&raw_); }

bool Picture::scale(int width, int height) {
    return (width == raw_.width && height == raw_.height) ||
           WebPPictureRescale(&raw_, width, height) != 0;
}

// Orientation n: where the pixel at (x, y) of the upright picture stands in the stored one.
bool Picture::turn_upright(int orientation) {
    if (orientation <= 1 || orientation > 8) return true;
    const bool on_its_side = orientation >= 5;
    const int right = width() - 1;
    const int bottom = height() - 1;
    auto upright = make(on_its_side ? height() : width(), on_its_side ? width() : height());
    if (!upright) return false;
    for (int y = 0; y < upright->height(); ++y) {
        std::uint32_t* out = upright->row(y);
        for (int x = 0; x < upright->width(); ++x) {
            const int across = on_its_side ? y : x;
            const int down = on_its_side ? x : y;
            const bool from_right =
                orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
            const bool from_bottom =
                orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
            out[x] = row(from_bottom ? bottom - down : down)[from_right ? right - across : across];
        }
    }
    *this = std::move(*upright);
    return true;
}

}  // namespace waypost::shrink
