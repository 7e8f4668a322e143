// SPDX-License-Identifier: Apache-2.0
// The insides of waypost-shrink. Pictures are decoded by libjpeg-turbo, libpng, giflib and libwebp,
// each the reference or the most used decoder of its form, mended when something is found, and on
// Debian's list of packages with security support: together 1.7 MB with no dependency but zlib.
// libgd would bring X11, fontconfig and TIFF, libvips over a hundred libraries. They are written as
// WebP, which phones and browsers have shown since 2020; AVIF would save a fifth more, and costs a
// small box ten times the time and 7 MB of encoder. For other servers and for mail programs, which
// are older than phones, they are written as JPEG.
#pragma once

#include <webp/encode.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "gateway/pictures/shrink_end.h"

namespace waypost::shrink {

using Bytes = std::span<const std::uint8_t>;

// Pixels in memory, 32 bits each: on the little-endian machines that we build for, the bytes blue,
// green, red, alpha. Nothing but pixels: no metadata of any kind.
class Picture {
  public:
    // Nothing if there is no memory for it.
    static std::optional<Picture> make(int width, int height);
    Picture(Picture&& other) noexcept;
    Picture& operator=(Picture&& other) noexcept;
    ~Picture();

    int width() const { return raw_.width; }
    int height() const { return raw_.height; }
    std::uint32_t* row(int y) { return raw_.argb + std::ptrdiff_t{y} * raw_.argb_stride; }
    std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(raw_.argb); }
    int bytes_per_row() const { return raw_.argb_stride * 4; }
    WebPPicture& raw() { return raw_; }

    bool scale(int width, int height);  // false: no memory
    // As EXIF tag 0x0112 says: 1 upright, 2-8 mirrored and turned. False: no memory.
    bool turn_upright(int orientation);

  private:
    Picture() = default;
    WebPPicture raw_{};
};

// A picture, or why there is none.
struct Decoded {
    ShrinkEnd end = ShrinkEnd::Broken;
    std::optional<Picture> picture;  // set if `end` is Done
};

// What is larger is not decoded at all. JPEG is decoded to a smaller size to begin with.
inline constexpr std::int64_t kMostPixels = 40'000'000;
inline constexpr std::int64_t kMostJpegPixels = 120'000'000;
// A picture to look at needs no more.
inline constexpr std::int64_t kMostPixelsOut = 4'000'000;

// The first frame of a JPEG, PNG, GIF or WebP, upright, and not smaller than `wanted_pixels` unless
// it is. The form is told by the first bytes, whatever name or type came with them.
Decoded decode(Bytes file, std::int64_t wanted_pixels);
Decoded decode_jpeg(Bytes file, std::int64_t wanted_pixels);
Decoded decode_png(Bytes file);
Decoded decode_gif(Bytes file);
Decoded decode_webp(Bytes file, std::int64_t wanted_pixels);

// The orientation in a TIFF block (EXIF 2.3, 4.6.2); 1 if it says none or nonsense.
int exif_orientation(Bytes tiff);
// The TIFF block of a JPEG's APP1 segment; empty if there is none.
Bytes exif_of_jpeg(Bytes file);

// The best WebP that fits: as many pixels as can be had at a fair quality. Never more than it has.
struct Fitted {
    ShrinkEnd end = ShrinkEnd::DoesNotFit;
    std::string webp;
};
Fitted fit(Picture picture, std::size_t budget);

// All of it.
Fitted shrink(Bytes file, std::size_t budget);

// A baseline JPEG for others to look at: no side longer than `side`, of this quality where it fits
// into `bytes`, else of less, and then with fewer pixels.
struct WebLimits {
    int side = 1280;
    int quality = 75;  // of libjpeg
    std::size_t bytes = 0;
};
struct WebJpeg {
    ShrinkEnd end = ShrinkEnd::DoesNotFit;
    int width = 0, height = 0;
    std::string bytes;
};
WebJpeg fit_jpeg(Picture picture, const WebLimits& limits);
WebJpeg web_jpeg(Bytes file, const WebLimits& limits);

}  // namespace waypost::shrink
