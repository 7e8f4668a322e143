// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <new>
#include <string_view>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

constexpr float kFair = 55;  // WebP quality: worse looks bad, and fewer pixels look better
constexpr float kFine = 85;  // more is not seen
constexpr int kSteps = 4;    // of the search between them
constexpr int kRounds = 14;  // of making it smaller
constexpr int kLeastSide = 16;
constexpr std::int64_t kPixelsPerByte = 24;  // no picture is worth looking at with more
constexpr int kMethod = 3;                   // of 0..6: a small box has no time for the best

struct MemoryWriter {
    MemoryWriter() { WebPMemoryWriterInit(&raw); }
    MemoryWriter(const MemoryWriter&) = delete;
    MemoryWriter& operator=(const MemoryWriter&) = delete;
    ~MemoryWriter() { WebPMemoryWriterClear(&raw); }
    WebPMemoryWriter raw;
};

// Empty: no memory.
std::string encode(Picture& picture, float quality) {
    WebPConfig config;
    if (WebPConfigPreset(&config, WEBP_PRESET_PHOTO, quality) == 0) return {};
    config.method = kMethod;
    config.alpha_quality = static_cast<int>(quality);
    MemoryWriter writer;
    picture.raw().writer = WebPMemoryWrite;
    picture.raw().custom_ptr = &writer.raw;
    if (WebPEncode(&config, &picture.raw()) == 0) return {};
    return std::string(reinterpret_cast<const char*>(writer.raw.mem), writer.raw.size);
}

// By this factor, and never larger than before.
bool reduce(Picture& picture, double factor) {
    const auto side = [factor](int of) {
        return std::clamp(static_cast<int>(std::lround(of * factor)), 1, of);
    };
    return picture.scale(side(picture.width()), side(picture.height()));
}

double factor_to(std::int64_t pixels, std::int64_t wanted) {
    return pixels <= wanted ? 1.0
                            : std::sqrt(static_cast<double>(wanted) / static_cast<double>(pixels));
}

std::int64_t wanted_pixels(std::size_t budget) {
    return std::min(static_cast<std::int64_t>(budget) * kPixelsPerByte, kMostPixelsOut);
}

// `good` fits at kFair; the best between that and kFine.
std::string best_quality(Picture& picture, std::size_t budget, std::string good) {
    float low = kFair;
    float high = kFine;
    for (int step = 0; step < kSteps; ++step) {
        const float quality = step == 0 ? kFine : (low + high) / 2;
        std::string tried = encode(picture, quality);
        if (!tried.empty() && tried.size() <= budget) {
            good = std::move(tried);
            if (step == 0) return good;
            low = quality;
        } else {
            high = quality;
        }
    }
    return good;
}

bool begins_with(Bytes file, std::string_view word, std::size_t at = 0) {
    return file.size() >= at + word.size() &&
           std::equal(word.begin(), word.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; });
}

}  // namespace

Fitted fit(Picture picture, std::size_t budget) {
    const std::int64_t pixels = std::int64_t{picture.width()} * picture.height();
    if (!reduce(picture, factor_to(pixels, wanted_pixels(budget))))
        return {ShrinkEnd::NoMemory, {}};
    for (int round = 0; round < kRounds; ++round) {
        std::string fair = encode(picture, kFair);
        if (fair.empty()) return {ShrinkEnd::NoMemory, {}};
        if (fair.size() <= budget)
            return {ShrinkEnd::Done, best_quality(picture, budget, std::move(fair))};
        if (std::max(picture.width(), picture.height()) <= kLeastSide) break;
        const double ratio = static_cast<double>(budget) / static_cast<double>(fair.size());
        if (!reduce(picture, std::clamp(std::sqrt(ratio) * 0.98, 0.3, 0.92)))
            return {ShrinkEnd::NoMemory, {}};
    }
    return {ShrinkEnd::DoesNotFit, {}};
}

Decoded decode(Bytes file, std::int64_t wanted) {
    using namespace std::string_view_literals;
    if (begins_with(file, "\xFF\xD8\xFF"sv)) return decode_jpeg(file, wanted);
    if (begins_with(file, "\x89PNG\r\n\x1A\n"sv)) return decode_png(file);
    if (begins_with(file, "GIF87a"sv) || begins_with(file, "GIF89a"sv)) return decode_gif(file);
    if (begins_with(file, "RIFF"sv) && begins_with(file, "WEBP"sv, 8))
        return decode_webp(file, wanted);
    return {ShrinkEnd::NotAPicture, {}};
}

Fitted shrink(Bytes file, std::size_t budget) {
    try {
        Decoded decoded = decode(file, wanted_pixels(budget));
        if (decoded.end != ShrinkEnd::Done) return {decoded.end, {}};
        return fit(std::move(*decoded.picture), budget);
    } catch (const std::bad_alloc&) {
        return {ShrinkEnd::NoMemory, {}};
    }
}

}  // namespace waypost::shrink
