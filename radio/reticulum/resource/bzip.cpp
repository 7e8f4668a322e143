// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/bzip.h"

#include <bzlib.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace waypost::reticulum {
namespace {

constexpr int kBlockSize = 9;  // in 100 kB
constexpr std::size_t kStep = 65536;

// libbz2 reads from a pointer that is not const, and does not write there.
char* input(std::string_view bytes) { return const_cast<char*>(bytes.data()); }

struct Unpacker {
    Unpacker() {
        if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw std::bad_alloc();
    }
    ~Unpacker() { BZ2_bzDecompressEnd(&stream); }
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    bz_stream stream{};
};

}  // namespace

std::string bzip(std::string_view bytes) {
    // "1% larger than the input, plus 600 bytes" is enough for any (libbz2's manual).
    std::string out(bytes.size() + bytes.size() / 100 + 600, '\0');
    auto length = static_cast<unsigned>(out.size());
    const int code = BZ2_bzBuffToBuffCompress(
        out.data(), &length, input(bytes), static_cast<unsigned>(bytes.size()), kBlockSize, 0, 0);
    if (code != BZ_OK) throw std::runtime_error("bzip2 failed: " + std::to_string(code));
    out.resize(length);
    return out;
}

Result<std::string> unbzip(std::string_view packed, std::size_t most) {
    Unpacker unpacker;
    bz_stream& stream = unpacker.stream;
    stream.next_in = input(packed);
    stream.avail_in = static_cast<unsigned>(packed.size());
    std::string out;
    for (int code = BZ_OK; code != BZ_STREAM_END;) {
        const std::size_t had = out.size();
        // One byte of room over the limit tells what ends there from what goes on.
        const std::size_t room = std::min(kStep, most + 1 - had);
        out.resize(had + room);
        stream.next_out = out.data() + had;
        stream.avail_out = static_cast<unsigned>(room);
        code = BZ2_bzDecompress(&stream);
        out.resize(had + room - stream.avail_out);
        if (code != BZ_OK && code != BZ_STREAM_END) return bad_input("no bzip2 data, or broken");
        if (out.size() > most)
            return Error{Code::TooLarge, "more than " + std::to_string(most) + " bytes unpacked",
                         false};
        if (code == BZ_OK && stream.avail_in == 0 && out.size() < had + room)
            return bad_input("bzip2 data that is cut off");
    }
    if (stream.avail_in != 0) return bad_input("bytes behind bzip2 data");
    return out;
}

}  // namespace waypost::reticulum
