// SPDX-License-Identifier: Apache-2.0
#include <turbojpeg.h>

#include <memory>
#include <string_view>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

struct Destroy {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};

// The smallest that libjpeg decodes to and that still has the pixels (T.81 by eighths).
tjscalingfactor scale_for(int width, int height, std::int64_t wanted_pixels) {
    int count = 0;
    const tjscalingfactor* all = tjGetScalingFactors(&count);
    tjscalingfactor best{1, 1};
    for (int i = 0; i < count; ++i) {
        const std::int64_t pixels =
            std::int64_t{TJSCALED(width, all[i])} * TJSCALED(height, all[i]);
        const bool smaller = all[i].num * best.denom < best.num * all[i].denom;
        if (smaller && pixels >= wanted_pixels) best = all[i];
    }
    return best;
}

// Cameras write oddities that hurt nothing; a picture that ends early is not whole.
bool only_odd(void* handle) {
    const std::string_view said = tjGetErrorStr2(handle);
    return tjGetErrorCode(handle) == TJERR_WARNING &&
           said.find("remature end") == std::string_view::npos;
}

}  // namespace

Decoded decode_jpeg(Bytes file, std::int64_t wanted_pixels) {
    const std::unique_ptr<void, Destroy> handle(tjInitDecompress());
    if (!handle) return {ShrinkEnd::NoMemory, {}};
    int width = 0, height = 0, sampling = 0, colours = 0;
    const auto size = static_cast<unsigned long>(file.size());
    if (tjDecompressHeader3(handle.get(), file.data(), size, &width, &height, &sampling,
                            &colours) != 0 ||
        width <= 0 || height <= 0) {
        return {ShrinkEnd::Broken, {}};
    }
    if (colours == TJCS_CMYK || colours == TJCS_YCCK) return {ShrinkEnd::NotAPicture, {}};
    if (std::int64_t{width} * height > kMostJpegPixels) return {ShrinkEnd::TooManyPixels, {}};
    const tjscalingfactor scale = scale_for(width, height, wanted_pixels);
    auto picture = Picture::make(TJSCALED(width, scale), TJSCALED(height, scale));
    if (!picture) return {ShrinkEnd::NoMemory, {}};
    const int failed =
        tjDecompress2(handle.get(), file.data(), size, picture->bytes(), picture->width(),
                      picture->bytes_per_row(), picture->height(), TJPF_BGRA, TJFLAG_LIMITSCANS);
    if (failed != 0 && !only_odd(handle.get())) {
        const bool memory =
            std::string_view(tjGetErrorStr2(handle.get())).find("memory") != std::string_view::npos;
        return {memory ? ShrinkEnd::NoMemory : ShrinkEnd::Broken, {}};
    }
    if (!picture->turn_upright(exif_orientation(exif_of_jpeg(file))))
        return {ShrinkEnd::NoMemory, {}};
    return {ShrinkEnd::Done, std::move(picture)};
}

}  // namespace waypost::shrink
