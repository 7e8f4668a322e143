// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/deflate.h"

#include <zlib.h>

#include <stdexcept>

namespace waypost::pack {
namespace {

constexpr int kRawWindow = -15;  // no wrapper, zlib.h at inflateInit2
constexpr std::size_t kStep = 16384;

void give(z_stream& stream, std::string_view bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // only read
    stream.avail_in = static_cast<uInt>(bytes.size());
}

Result<std::string> inflated(z_stream& stream, std::size_t limit) {
    std::string text;
    for (int state = Z_OK; state == Z_OK;) {
        const std::size_t before = text.size();
        text.resize(before + kStep);
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream.avail_out = kStep;
        state = inflate(&stream, Z_NO_FLUSH);
        text.resize(text.size() - stream.avail_out);
        if (state != Z_OK && state != Z_STREAM_END)
            return bad_input("packed text is no deflate stream");
        if (text.size() > limit)
            return Error{Code::TooLarge, "packed text is longer than taken here"};
    }
    if (stream.avail_in > 0) return bad_input("packed text goes on after its end");
    return text;
}

}  // namespace

std::string deflate_raw(std::string_view text) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kRawWindow, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::bad_alloc();
    std::string bytes(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    give(stream, text);
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    deflate(&stream, Z_FINISH);
    bytes.resize(bytes.size() - stream.avail_out);
    deflateEnd(&stream);
    return bytes;
}

Result<std::string> inflate_raw(std::string_view bytes, std::size_t limit) {
    z_stream stream{};
    if (inflateInit2(&stream, kRawWindow) != Z_OK) throw std::bad_alloc();
    give(stream, bytes);
    auto text = inflated(stream, limit);
    inflateEnd(&stream);
    return text;
}

}  // namespace waypost::pack
