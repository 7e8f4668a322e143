// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/zstd.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kRoom = 64'000'000;

std::string packed(const std::string& text) {
    MemorySource input(text);
    ZstdSource source(input);
    std::string out, piece(50000, '\0');
    for (;;) {
        const auto got = source.read({reinterpret_cast<std::uint8_t*>(piece.data()), piece.size()});
        EXPECT_TRUE(got.ok());
        out.append(piece, 0, *got);
        if (*got < piece.size()) return out;
    }
}

Result<std::string> unpacked(const std::string& bytes, std::uint64_t most = kRoom,
                             std::size_t piece = 70000) {
    MemorySink out(kRoom);
    UnzstdSink sink(out, most);
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const auto put = sink.write({data + at, std::min(piece, bytes.size() - at)});
        if (!put.ok()) return put.error();
    }
    if (const auto done = sink.finish(); !done.ok()) return done.error();
    return out.take();
}

// libzstd's own one-shot call, with what the test wants of the frame.
std::string framed(const std::string& text, ZSTD_cParameter parameter, int value) {
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
    EXPECT_FALSE(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), parameter, value)));
    if (parameter == ZSTD_c_windowLog) {
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
    }
    std::string out(ZSTD_compressBound(text.size()), '\0');
    // Streamed: a frame of known size would get a small window.
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    ZSTD_outBuffer into{out.data(), out.size(), 0};
    EXPECT_FALSE(ZSTD_isError(ZSTD_compressStream2(context.get(), &into, &in, ZSTD_e_continue)));
    while (ZSTD_compressStream2(context.get(), &into, &in, ZSTD_e_end) != 0) {
    }
    out.resize(into.pos);
    return out;
}

TEST(NncpZstd, ComesBackInEverySize) {
    for (const std::size_t size : {0u, 1u, 1000u, 131071u, 131072u, 131073u, 3'000'000u}) {
        const std::string text = mth_pattern(size);
        EXPECT_TRUE(*unpacked(packed(text)) == text) << size;
        EXPECT_TRUE(*unpacked(packed(text), kRoom, 7) == text) << size << " in pieces of 7";
    }
    EXPECT_TRUE(packed("").empty()) << "as nncp-exec packs empty input";
    EXPECT_LT(packed(std::string(1'000'000, 'x')).size(), 200u);
}

TEST(NncpZstd, AnyStandardFramesAreTaken) {
    const std::string text = mth_pattern(300'000);
    EXPECT_TRUE(*unpacked(framed(text, ZSTD_c_checksumFlag, 1)) == text);
    EXPECT_TRUE(*unpacked(framed(text, ZSTD_c_compressionLevel, 19)) == text);
    EXPECT_TRUE(*unpacked(framed(text, ZSTD_c_windowLog, 27)) == text);
    EXPECT_TRUE(*unpacked(packed("one ") + packed("two")) == "one two");
}

TEST(NncpZstd, AWindowOfMoreThan128MiBIsRefused) {
    const auto refused = unpacked(framed(mth_pattern(300'000), ZSTD_c_windowLog, 28));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Code::BadInput);
}

TEST(NncpZstd, ABombIsStoppedAtItsCeiling) {
    const std::string bomb = packed(std::string(50'000'000, '\0'));
    ASSERT_LT(bomb.size(), 10'000u);
    EXPECT_EQ(unpacked(bomb, 1'000'000).error().code, Code::TooLarge);
    EXPECT_TRUE(unpacked(bomb, 50'000'000).ok());
    EXPECT_EQ(unpacked(bomb, 49'999'999).error().code, Code::TooLarge);
}

TEST(NncpZstd, CutOrDamagedIsRefused) {
    const std::string good = framed(mth_pattern(5000), ZSTD_c_checksumFlag, 1);
    for (std::size_t at = 1; at < good.size(); ++at) {
        ASSERT_FALSE(unpacked(good.substr(0, at)).ok()) << "cut at " << at;
    }
    EXPECT_FALSE(unpacked(good + "x").ok());
    EXPECT_FALSE(unpacked("not packed at all").ok());
}

}  // namespace
}  // namespace waypost::nncp
