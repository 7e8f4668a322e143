// SPDX-License-Identifier: Apache-2.0
#include <webp/decode.h>
#include <webp/demux.h>

#include <cmath>
#include <memory>

#include "app/shrink/picture.h"

namespace waypost::shrink {
namespace {

struct DemuxDelete {
    void operator()(WebPDemuxer* demuxer) const noexcept { WebPDemuxDelete(demuxer); }
};

int orientation_of(const WebPDemuxer* demuxer) {
    WebPChunkIterator chunk{};
    int orientation = 1;
    if (WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk) != 0)
        orientation = exif_orientation({chunk.chunk.bytes, chunk.chunk.size});
    WebPDemuxReleaseChunkIterator(&chunk);
    return orientation;
}

Decoded decode_frame(const WebPData& frame, std::int64_t wanted_pixels) {
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0 ||
        WebPGetFeatures(frame.bytes, frame.size, &config.input) != VP8_STATUS_OK) {
        return {ShrinkEnd::Broken, {}};
    }
    int width = config.input.width;
    int height = config.input.height;
    const std::int64_t pixels = std::int64_t{width} * height;
    if (pixels > kMostPixels) return {ShrinkEnd::TooManyPixels, {}};
    if (pixels > wanted_pixels) {
        const double factor =
            std::sqrt(static_cast<double>(wanted_pixels) / static_cast<double>(pixels));
        width = std::max(1, static_cast<int>(std::lround(width * factor)));
        height = std::max(1, static_cast<int>(std::lround(height * factor)));
        config.options.use_scaling = 1;
        config.options.scaled_width = width;
        config.options.scaled_height = height;
    }
    auto picture = Picture::make(width, height);
    if (!picture) return {ShrinkEnd::NoMemory, {}};
    config.output.colorspace = MODE_BGRA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = picture->bytes();
    config.output.u.RGBA.stride = picture->bytes_per_row();
    config.output.u.RGBA.size =
        static_cast<std::size_t>(picture->bytes_per_row()) * static_cast<std::size_t>(height);
    const VP8StatusCode status = WebPDecode(frame.bytes, frame.size, &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY) return {ShrinkEnd::NoMemory, {}};
    if (status != VP8_STATUS_OK) return {ShrinkEnd::Broken, {}};
    return {ShrinkEnd::Done, std::move(picture)};
}

}  // namespace

Decoded decode_webp(Bytes file, std::int64_t wanted_pixels) {
    const WebPData data{file.data(), file.size()};
    const std::unique_ptr<WebPDemuxer, DemuxDelete> demuxer(WebPDemux(&data));
    WebPIterator first{};
    if (!demuxer || WebPDemuxGetFrame(demuxer.get(), 1, &first) == 0)
        return {ShrinkEnd::Broken, {}};
    Decoded decoded = first.complete != 0 ? decode_frame(first.fragment, wanted_pixels) : Decoded{};
    WebPDemuxReleaseIterator(&first);
    if (decoded.picture && !decoded.picture->turn_upright(orientation_of(demuxer.get())))
        return {ShrinkEnd::NoMemory, {}};
    return decoded;
}

}  // namespace waypost::shrink
