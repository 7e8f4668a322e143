// SPDX-License-Identifier: Apache-2.0
#include "gateway/pictures/web_pictures.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "gateway/pictures/helper.h"

namespace waypost {
namespace {

constexpr std::size_t kHeadBytes = 16;  // "4096 4096\n"

// "640 480", a line end, the JPEG. The helper is not believed more than a stranger.
Result<WebPicture> read_made(const std::string& made, int side) {
    WebPicture picture;
    const char* const end = made.data() + std::min(made.size(), kHeadBytes);
    const auto width = std::from_chars(made.data(), end, picture.width);
    if (width.ec != std::errc() || width.ptr == end || *width.ptr != ' ') return no_picture();
    const auto height = std::from_chars(width.ptr + 1, end, picture.height);
    if (height.ec != std::errc() || height.ptr == end || *height.ptr != '\n') return no_picture();
    picture.jpeg = made.substr(static_cast<std::size_t>(height.ptr + 1 - made.data()));
    const bool sensible = picture.width > 0 && picture.height > 0 && picture.width <= side &&
                          picture.height <= side && picture.jpeg.size() > 4 &&
                          picture.jpeg.compare(0, 3, "\xFF\xD8\xFF") == 0 &&
                          picture.jpeg.compare(picture.jpeg.size() - 2, 2, "\xFF\xD9") == 0;
    if (!sensible) return no_picture();
    return picture;
}

}  // namespace

std::string shrink_program() {
    std::error_code unknown;
    return std::filesystem::read_symlink("/proc/self/exe", unknown).parent_path() /
           "waypost-shrink";
}

WebPictures::WebPictures(WebPictureOptions options, std::chrono::milliseconds patience)
    : options_(std::move(options)), patience_(patience) {}

Result<WebPicture> WebPictures::make(const Shrinker::WritePicture& write) {
    const auto made = run_helper({options_.program.empty() ? shrink_program() : options_.program,
                                  {std::to_string(options_.bytes), std::to_string(options_.side),
                                   std::to_string(options_.quality)},
                                  write,
                                  options_.bytes,
                                  options_.bytes + kHeadBytes,
                                  patience_});
    if (!made.ok()) return made.error();
    return read_made(*made, options_.side);
}

Result<WebPicture> WebPictures::make(const std::string& file) {
    return make([&](std::ostream& out) -> Result<void> {
        out.write(file.data(), static_cast<std::streamsize>(file.size()));
        return {};
    });
}

}  // namespace waypost
