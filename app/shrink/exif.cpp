// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

constexpr std::uint16_t kOrientationTag = 0x0112;
constexpr std::uint16_t kShort = 3;
constexpr std::size_t kEntryBytes = 12;

// Whole numbers of a TIFF block in its own byte order; what lies outside is 0.
struct Tiff {
    Bytes bytes;
    bool big = false;

    std::uint32_t number(std::size_t at, std::size_t size) const {
        if (at > bytes.size() || bytes.size() - at < size) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | bytes[at + (big ? i : size - 1 - i)];
        return value;
    }
};

bool begins_with(Bytes bytes, std::string_view word) {
    return bytes.size() >= word.size() &&
           std::equal(word.begin(), word.end(), bytes.begin(),
                      [](char c, std::uint8_t b) { return static_cast<std::uint8_t>(c) == b; });
}

}  // namespace

int exif_orientation(Bytes tiff) {
    using namespace std::string_view_literals;
    const bool big = begins_with(tiff, "MM\0*"sv);
    if (!big && !begins_with(tiff, "II*\0"sv)) return 1;
    const Tiff block{tiff, big};
    const std::size_t directory = block.number(4, 4);
    const std::size_t entries = block.number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + i * kEntryBytes;
        if (entry >= tiff.size()) break;
        if (block.number(entry, 2) != kOrientationTag) continue;
        const std::uint32_t value = block.number(entry + 8, 2);
        const bool sense = block.number(entry + 2, 2) == kShort && value >= 1 && value <= 8;
        return sense ? static_cast<int>(value) : 1;
    }
    return 1;
}

// Segments up to the first scan: FF, marker, two bytes of length that count themselves (T.81, B.1).
Bytes exif_of_jpeg(Bytes file) {
    using namespace std::string_view_literals;
    constexpr std::uint8_t kApp1 = 0xE1;
    constexpr std::uint8_t kScan = 0xDA;
    std::size_t at = 2;  // after SOI
    while (at + 4 <= file.size() && file[at] == 0xFF) {
        const std::uint8_t marker = file[at + 1];
        if (marker == 0xFF) {  // a fill byte
            ++at;
            continue;
        }
        const std::size_t length = std::size_t{file[at + 2]} << 8 | file[at + 3];
        if (marker == kScan || length < 2 || file.size() - at - 2 < length) break;
        const Bytes segment = file.subspan(at + 4, length - 2);
        if (marker == kApp1 && begins_with(segment, "Exif\0\0"sv)) return segment.subspan(6);
        at += 2 + length;
    }
    return {};
}

}  // namespace waypost::shrink
