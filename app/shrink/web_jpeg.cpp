// SPDX-License-Identifier: Apache-2.0
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

constexpr int kLeastQuality = 40;  // worse looks bad, and fewer pixels look better
constexpr int kQualityStep = 15;
constexpr int kRounds = 14;
constexpr int kLeastSide = 16;

struct Destroy {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
struct Free {
    void operator()(unsigned char* bytes) const noexcept { tjFree(bytes); }
};

// JPEG has no alpha: what can be seen through lies on white.
void lay_on_white(Picture& picture) {
    for (int y = 0; y < picture.height(); ++y) {
        std::uint32_t* row = picture.row(y);
        for (int x = 0; x < picture.width(); ++x) {
            const std::uint32_t alpha = row[x] >> 24;
            if (alpha == 255) continue;
            std::uint32_t laid = 0xFF;
            for (const int shift : {16, 8, 0}) {
                const std::uint32_t colour = row[x] >> shift & 0xFF;
                laid = laid << 8 | (colour * alpha + 255 * (255 - alpha) + 127) / 255;
            }
            row[x] = laid;
        }
    }
}

bool scale_to_side(Picture& picture, int side) {
    const int longest = std::max(picture.width(), picture.height());
    if (longest <= side) return true;
    const auto scaled = [&](int of) {
        return std::max(1, static_cast<int>(std::lround(static_cast<double>(of) * side / longest)));
    };
    return picture.scale(scaled(picture.width()), scaled(picture.height()));
}

// Empty: no memory.
std::string encode(Picture& picture, int quality) {
    const std::unique_ptr<void, Destroy> handle(tjInitCompress());
    unsigned char* made = nullptr;
    unsigned long size = 0;
    const bool done =
        handle && tjCompress2(handle.get(), picture.bytes(), picture.width(),
                              picture.bytes_per_row(), picture.height(), TJPF_BGRX, &made, &size,
                              TJSAMP_420, quality, TJFLAG_ACCURATEDCT) == 0;
    const std::unique_ptr<unsigned char, Free> owned(made);
    return done ? std::string(reinterpret_cast<const char*>(made), size) : std::string();
}

}  // namespace

WebJpeg fit_jpeg(Picture picture, const WebLimits& limits) {
    if (!scale_to_side(picture, limits.side)) return {ShrinkEnd::NoMemory, 0, 0, {}};
    lay_on_white(picture);
    int quality = limits.quality;
    for (int round = 0; round < kRounds; ++round) {
        std::string bytes = encode(picture, quality);
        if (bytes.empty()) return {ShrinkEnd::NoMemory, 0, 0, {}};
        if (bytes.size() <= limits.bytes)
            return {ShrinkEnd::Done, picture.width(), picture.height(), std::move(bytes)};
        if (quality > kLeastQuality) {
            quality = std::max(kLeastQuality, quality - kQualityStep);
            continue;
        }
        const int longest = std::max(picture.width(), picture.height());
        if (longest <= kLeastSide) break;
        const double ratio = static_cast<double>(limits.bytes) / static_cast<double>(bytes.size());
        const double factor = std::clamp(std::sqrt(ratio) * 0.98, 0.3, 0.92);
        if (!scale_to_side(picture, std::max(1, static_cast<int>(longest * factor))))
            return {ShrinkEnd::NoMemory, 0, 0, {}};
    }
    return {ShrinkEnd::DoesNotFit, 0, 0, {}};
}

WebJpeg web_jpeg(Bytes file, const WebLimits& limits) {
    try {
        // Of a narrow picture that is more than its longest side needs.
        Decoded decoded = decode(file, std::int64_t{limits.side} * limits.side);
        if (decoded.end != ShrinkEnd::Done) return {decoded.end, 0, 0, {}};
        return fit_jpeg(std::move(*decoded.picture), limits);
    } catch (const std::bad_alloc&) {
        return {ShrinkEnd::NoMemory, 0, 0, {}};
    }
}

}  // namespace waypost::shrink
