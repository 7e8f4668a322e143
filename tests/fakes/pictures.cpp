// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/pictures.h"

#include <gif_lib.h>
#include <gtest/gtest.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace waypost::shrink {
namespace {

std::vector<std::uint32_t> painted(int width, int height, const Paint& paint) {
    std::vector<std::uint32_t> pixels;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) pixels.push_back(paint(x, y));
    return pixels;
}

std::string big_endian(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    return out;
}

// A TIFF block with the orientation and a description, as APP1 (EXIF 2.3, 4.7.2).
std::string exif_segment(int orientation) {
    const std::string place(kGpsPlace, sizeof kGpsPlace);
    std::string tiff = "MM" + big_endian(42, 2) + big_endian(8, 4) + big_endian(2, 2);
    tiff += big_endian(0x010E, 2) + big_endian(2, 2) +
            big_endian(static_cast<std::uint32_t>(place.size()), 4) + big_endian(38, 4);
    tiff += big_endian(0x0112, 2) + big_endian(3, 2) + big_endian(1, 4) +
            big_endian(static_cast<std::uint32_t>(orientation), 2) + big_endian(0, 2);
    tiff += big_endian(0, 4) + place;
    const std::string body = std::string("Exif\0\0", 6) + tiff;
    return "\xFF\xE1" + big_endian(static_cast<std::uint32_t>(body.size() + 2), 2) + body;
}

std::string png_chunk(const std::string& type, const std::string& data) {
    const std::string named = type + data;
    const auto crc =
        crc32(0, reinterpret_cast<const Bytef*>(named.data()), static_cast<uInt>(named.size()));
    return big_endian(static_cast<std::uint32_t>(data.size()), 4) + named +
           big_endian(static_cast<std::uint32_t>(crc), 4);
}

int append(GifFileType* gif, const GifByteType* bytes, int size) {
    static_cast<std::string*>(gif->UserData)
        ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return size;
}

}  // namespace

Colour meadow(int x, int y) {
    const auto noise = static_cast<std::uint32_t>(x * 7919 + y * 104729) * 2654435761u >> 27;
    const auto wave = [](double at) { return static_cast<std::uint32_t>(100 + 99 * std::sin(at)); };
    return 0xFF000000u | (wave(x / 37.0) + noise) << 16 | (wave(y / 23.0 + x / 90.0) + noise) << 8 |
           (wave((x + y) / 11.0) + noise);
}

std::string jpeg(int width, int height, const Paint& paint, int orientation) {
    const auto pixels = painted(width, height, paint);
    const tjhandle handle = tjInitCompress();
    unsigned char* out = nullptr;
    unsigned long size = 0;
    EXPECT_EQ(tjCompress2(handle, reinterpret_cast<const unsigned char*>(pixels.data()), width, 0,
                          height, TJPF_BGRA, &out, &size, TJSAMP_420, 92, 0),
              0);
    std::string bytes(reinterpret_cast<const char*>(out), size);
    tjFree(out);
    tjDestroy(handle);
    if (orientation > 0) bytes.insert(2, exif_segment(orientation));
    return bytes;
}

std::string png(int width, int height, const Paint& paint) {
    const auto pixels = painted(width, height, paint);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_BGRA;
    png_alloc_size_t size = 0;
    EXPECT_NE(png_image_write_get_memory_size(image, size, 0, pixels.data(), 0, nullptr), 0);
    std::string bytes(size, '\0');
    EXPECT_NE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr),
              0);
    bytes.resize(size);
    return bytes;
}

std::string gif(int width, int height, const Paint& paint) {
    std::string bytes;
    GifFileType* out = EGifOpen(&bytes, append, nullptr);
    ColorMapObject* map = GifMakeMapObject(256, nullptr);
    for (int i = 0; i < 256; ++i)
        map->Colors[i] = {static_cast<GifByteType>(i), 0, static_cast<GifByteType>(255 - i)};
    EGifSetGifVersion(out, true);
    EXPECT_EQ(EGifPutScreenDesc(out, width, height, 8, 0, map), GIF_OK);
    const GraphicsControlBlock control{0, false, 0, 0};
    GifByteType packed[4];
    EXPECT_EQ(EGifGCBToExtension(&control, packed), 4u);
    EXPECT_EQ(EGifPutExtension(out, GRAPHICS_EXT_FUNC_CODE, 4, packed), GIF_OK);
    EXPECT_EQ(EGifPutImageDesc(out, 0, 0, width, height, true, nullptr), GIF_OK);
    for (const auto& [first, step] : {std::pair{0, 8}, {4, 8}, {2, 4}, {1, 2}}) {
        for (int y = first; y < height; y += step) {
            std::vector<GifPixelType> line;
            for (int x = 0; x < width; ++x)
                line.push_back(static_cast<GifPixelType>(paint(x, y) >> 16));
            EXPECT_EQ(EGifPutLine(out, line.data(), width), GIF_OK);
        }
    }
    GifFreeMapObject(map);
    EXPECT_EQ(EGifCloseFile(out, nullptr), GIF_OK);
    return bytes;
}

std::string png_claiming(std::uint32_t width, std::uint32_t height) {
    using namespace std::string_literals;
    return "\x89PNG\r\n\x1A\n"s +
           png_chunk("IHDR", big_endian(width, 4) + big_endian(height, 4) + "\x08\x06\0\0\0"s) +
           png_chunk("IDAT", "\x78\x9c\x63\0\0\0\x01\0\x01"s) + png_chunk("IEND", "");
}

Colour Shown::at(int x, int y) const {
    Colour colour = 0;
    std::memcpy(&colour,
                bgra.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(x)) *
                                  4,
                4);
    return colour;
}

Shown look(const std::string& webp) {
    Shown shown;
    std::uint8_t* pixels = WebPDecodeBGRA(reinterpret_cast<const std::uint8_t*>(webp.data()),
                                          webp.size(), &shown.width, &shown.height);
    if (pixels == nullptr) return shown;
    shown.bgra.assign(
        reinterpret_cast<const char*>(pixels),
        static_cast<std::size_t>(shown.width) * static_cast<std::size_t>(shown.height) * 4);
    WebPFree(pixels);
    return shown;
}

}  // namespace waypost::shrink
