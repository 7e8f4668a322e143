// SPDX-License-Identifier: Apache-2.0
// What the helper does with a stranger's bytes, without its cage: our own reading of EXIF and GIF
// and the way that the libraries are used.
#include <cstdint>
#include <cstdlib>

#include "app/shrink/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const waypost::shrink::Bytes file(data, size);
    const int orientation = waypost::shrink::exif_orientation(file);
    if (orientation < 1 || orientation > 8) std::abort();
    (void)waypost::shrink::exif_of_jpeg(file);
    // Small ones only: a fuzzer that encodes megapixels learns little.
    auto decoded = waypost::shrink::decode(file, 4096);
    if (decoded.end == waypost::ShrinkEnd::Done) {
        const auto pixels = std::int64_t{decoded.picture->width()} * decoded.picture->height();
        if (pixels <= 0 || pixels > waypost::shrink::kMostJpegPixels) std::abort();
        if (pixels > 65'536) return 0;
        constexpr std::size_t kBudget = 2048;
        const auto again = waypost::shrink::web_jpeg(file, {200, 75, 4 * kBudget});
        if (again.end == waypost::ShrinkEnd::Done) {
            const bool fits = again.bytes.size() <= 4 * kBudget && again.width <= 200 &&
                              again.height <= 200 && again.width > 0 && again.height > 0;
            if (!fits) std::abort();
        }
        const auto fitted = waypost::shrink::fit(std::move(*decoded.picture), kBudget);
        if (fitted.end == waypost::ShrinkEnd::Done && fitted.webp.size() > kBudget) std::abort();
    }
    return 0;
}
