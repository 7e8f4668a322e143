// SPDX-License-Identifier: Apache-2.0
#include <gif_lib.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

struct Close {
    void operator()(GifFileType* gif) const noexcept { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, Close>;

int read_bytes(GifFileType* gif, GifByteType* to, int size) {
    auto& left = *static_cast<Bytes*>(gif->UserData);
    const std::size_t taken = std::min(left.size(), static_cast<std::size_t>(size));
    std::memcpy(to, left.data(), taken);
    left = left.subspan(taken);
    return static_cast<int>(taken);
}

// Extensions before the first frame; the colour that is seen through, if one says so.
bool skip_extension(GifFileType* gif, int& transparent) {
    int function = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(gif, &function, &block) == GIF_ERROR) return false;
    while (block != nullptr) {
        GraphicsControlBlock control{};
        if (function == GRAPHICS_EXT_FUNC_CODE &&
            DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
            transparent = control.TransparentColor;
        }
        if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return false;
    }
    return true;
}

// What each number of the frame's lines means.
bool colours_of(const GifFileType& gif, int transparent, std::array<std::uint32_t, 256>& colours) {
    const ColorMapObject* map = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
    if (map == nullptr) return false;
    colours.fill(0xFF000000u);
    for (int i = 0; i < std::min(map->ColorCount, 256); ++i) {
        const GifColorType& c = map->Colors[i];
        colours[static_cast<std::size_t>(i)] =
            0xFF000000u | std::uint32_t{c.Red} << 16 | std::uint32_t{c.Green} << 8 | c.Blue;
    }
    if (transparent >= 0 && transparent < 256) colours[static_cast<std::size_t>(transparent)] = 0;
    return true;
}

// The lines of an interlaced frame come in four passes (GIF89a, appendix E).
std::vector<int> line_order(int height, bool interlaced) {
    std::vector<int> order;
    constexpr int kPasses[4][2] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    if (!interlaced) {
        for (int y = 0; y < height; ++y) order.push_back(y);
    } else {
        for (const auto& pass : kPasses) {
            for (int y = pass[0]; y < height; y += pass[1]) order.push_back(y);
        }
    }
    return order;
}

Decoded read_frame(GifFileType* gif, int transparent) {
    if (DGifGetImageDesc(gif) == GIF_ERROR) return {};
    const int width = gif->Image.Width;
    const int height = gif->Image.Height;
    if (width <= 0 || height <= 0) return {};
    if (std::int64_t{width} * height > kMostPixels) return {ShrinkEnd::TooManyPixels, {}};
    std::array<std::uint32_t, 256> colours{};
    if (!colours_of(*gif, transparent, colours)) return {};
    auto picture = Picture::make(width, height);
    if (!picture) return {ShrinkEnd::NoMemory, {}};
    std::vector<GifPixelType> line(static_cast<std::size_t>(width));
    for (const int y : line_order(height, gif->Image.Interlace)) {
        if (DGifGetLine(gif, line.data(), width) == GIF_ERROR) return {};
        std::uint32_t* out = picture->row(y);
        for (const GifPixelType pixel : line) *out++ = colours[pixel];
    }
    return {ShrinkEnd::Done, std::move(picture)};
}

}  // namespace

Decoded decode_gif(Bytes file) {
    Bytes left = file;
    const Gif gif(DGifOpen(&left, read_bytes, nullptr));
    if (!gif) return {};
    int transparent = NO_TRANSPARENT_COLOR;
    for (;;) {
        GifRecordType record = UNDEFINED_RECORD_TYPE;
        if (DGifGetRecordType(gif.get(), &record) == GIF_ERROR) return {};
        if (record == IMAGE_DESC_RECORD_TYPE) return read_frame(gif.get(), transparent);
        if (record != EXTENSION_RECORD_TYPE || !skip_extension(gif.get(), transparent)) return {};
    }
}

}  // namespace waypost::shrink
