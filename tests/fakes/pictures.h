// SPDX-License-Identifier: Apache-2.0
// Pictures as cameras and programs write them, made for a test.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace waypost::shrink {

using Colour = std::uint32_t;  // 0xAARRGGBB
using Paint = std::function<Colour(int x, int y)>;

// Something that compresses as badly as a photo does.
Colour meadow(int x, int y);

// `orientation` 1-8 puts an EXIF segment in front, with a place in it (kGpsPlace) and a camera.
std::string jpeg(int width, int height, const Paint& paint, int orientation = 0);
std::string png(int width, int height, const Paint& paint);
std::string gif(int width, int height, const Paint& paint);  // red channel only, first colour clear
// A PNG whose header claims a size, with hardly any data.
std::string png_claiming(std::uint32_t width, std::uint32_t height);

inline constexpr char kGpsPlace[] = "46.5197N 6.6323E";

// What a WebP shows.
struct Shown {
    int width = 0;
    int height = 0;
    std::string bgra;
    Colour at(int x, int y) const;
};
Shown look(const std::string& webp);

}  // namespace waypost::shrink
