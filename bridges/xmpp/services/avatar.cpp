// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/avatar.h"

#include <png.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "bridges/xmpp/sha1.h"
#include "gateway/base/encoding.h"
#include "gateway/base/lru_map.h"

namespace waypost::xmpp {
namespace {

constexpr unsigned kSquares = 5;
constexpr unsigned kSquare = 16;  // pixels
constexpr unsigned kMargin = 8;   // pixels
constexpr unsigned kSide = kSquares * kSquare + 2 * kMargin;

constexpr std::size_t kMostHashes = 4096;

using Colour = std::array<png_byte, 3>;
constexpr Colour kPaper{0xF2, 0xF0, 0xEA};
// Dark enough on the paper, and told apart by those who see few colours by their squares.
constexpr std::array<Colour, 8> kInks{{{0x1B, 0x4F, 0x72},
                                       {0x7B, 0x24, 0x1C},
                                       {0x1D, 0x6B, 0x3A},
                                       {0x6C, 0x34, 0x83},
                                       {0x9C, 0x4A, 0x0B},
                                       {0x0E, 0x66, 0x55},
                                       {0x5B, 0x2C, 0x06},
                                       {0x2C, 0x3E, 0x50}}};

unsigned byte_at(const std::string& bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

// Of the left three columns, and the right two as their mirror.
bool is_inked(const std::string& digest, unsigned row, unsigned column) {
    const unsigned left = column < 3 ? column : kSquares - 1 - column;
    return byte_at(digest, 1 + row * 3 + left) % 2 == 1;
}

std::vector<png_byte> pixels_of(const std::string& digest) {
    std::vector<png_byte> pixels(kSide * kSide, 0);
    for (unsigned y = kMargin; y < kSide - kMargin; ++y) {
        for (unsigned x = kMargin; x < kSide - kMargin; ++x) {
            const bool ink = is_inked(digest, (y - kMargin) / kSquare, (x - kMargin) / kSquare);
            pixels[y * kSide + x] = ink ? 1 : 0;
        }
    }
    return pixels;
}

}  // namespace

std::string avatar_png(std::string_view name) {
    const std::string digest = sha1(name);
    const Colour& ink = kInks[byte_at(digest, 0) % kInks.size()];
    std::array<png_byte, 6> colours{};
    std::copy(kPaper.begin(), kPaper.end(), colours.begin());
    std::copy(ink.begin(), ink.end(), colours.begin() + 3);
    const std::vector<png_byte> pixels = pixels_of(digest);

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = kSide;
    image.height = kSide;
    image.format = PNG_FORMAT_RGB_COLORMAP;
    image.colormap_entries = 2;
    std::string png(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
    png_alloc_size_t size = png.size();
    if (png_image_write_to_memory(&image, png.data(), &size, 0, pixels.data(), 0, colours.data()) ==
        0)
        throw std::runtime_error(std::string("libpng: ") + image.message);
    png.resize(size);
    return png;
}

// Each presence bears it, so it is not made for each.
std::string avatar_hash(std::string_view name) {
    static std::mutex mutex;
    static LruMap<std::string> hashes(kMostHashes);
    {
        const std::lock_guard lock(mutex);
        if (const std::string* known = hashes.find(name)) return *known;
    }
    std::string hash = to_hex(sha1(avatar_png(name)));
    const std::lock_guard lock(mutex);
    return hashes.put(std::string(name), std::move(hash));
}

}  // namespace waypost::xmpp
