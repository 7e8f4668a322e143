// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/zstd.h"

#include <zstd.h>

#include <algorithm>
#include <new>

namespace waypost::nncp {

namespace {

constexpr std::size_t kPieceBytes = 131072;

template <class T>
T* must(T* made) {
    if (made == nullptr) throw std::bad_alloc();
    return made;
}

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct ZstdSource::State {
    State(Source& from, int level) : input(from), context(must(ZSTD_createCCtx())) {
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    }
    Result<void> refill();

    Source& input;
    std::unique_ptr<ZSTD_CCtx, FreeContext> context;
    std::unique_ptr<std::uint8_t[]> piece =
        std::make_unique_for_overwrite<std::uint8_t[]>(kPieceBytes);
    ZSTD_inBuffer held{piece.get(), 0, 0};
    bool begun = false, ended = false, done = false;
};

// What fits into one piece is packed with its size known: small tables, little memory.
Result<void> ZstdSource::State::refill() {
    const auto got = input.read({piece.get(), kPieceBytes});
    if (!got.ok()) return got.error();
    held = {piece.get(), *got, 0};
    ended = *got < kPieceBytes;
    if (!begun && ended) ZSTD_CCtx_setPledgedSrcSize(context.get(), *got);
    if (!begun && *got == 0) done = true;
    begun = true;
    return {};
}

ZstdSource::ZstdSource(Source& input, int level) : state_(std::make_unique<State>(input, level)) {}
ZstdSource::~ZstdSource() = default;

Result<std::size_t> ZstdSource::read(std::span<std::uint8_t> into) {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos < out.size && !state_->done) {
        if (state_->held.pos == state_->held.size && !state_->ended) {
            if (const auto more = state_->refill(); !more.ok()) return more.error();
            continue;
        }
        const auto left = ZSTD_compressStream2(state_->context.get(), &out, &state_->held,
                                               state_->ended ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) return Error{Code::Internal, ZSTD_getErrorName(left), false};
        state_->done = state_->ended && left == 0;
    }
    return out.pos;
}

struct UnzstdSink::State {
    State(Sink& to, std::uint64_t limit) : next(to), most(limit), context(must(ZSTD_createDCtx())) {
        ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
    }

    Sink& next;
    const std::uint64_t most;
    std::uint64_t written = 0;
    std::unique_ptr<ZSTD_DCtx, FreeContext> context;
    std::unique_ptr<std::uint8_t[]> piece =
        std::make_unique_for_overwrite<std::uint8_t[]>(kPieceBytes);
    bool inside = false;  // of a frame
};

UnzstdSink::UnzstdSink(Sink& next, std::uint64_t most)
    : state_(std::make_unique<State>(next, most)) {}
UnzstdSink::~UnzstdSink() = default;

Result<void> UnzstdSink::write(std::span<const std::uint8_t> bytes) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (bool full = false; in.pos < in.size || full;) {
        ZSTD_outBuffer out{state_->piece.get(), kPieceBytes, 0};
        const auto left = ZSTD_decompressStream(state_->context.get(), &out, &in);
        if (ZSTD_isError(left)) {
            return bad_input(std::string("what was packed does not unpack: ") +
                             ZSTD_getErrorName(left));
        }
        state_->inside = left != 0;
        full = out.pos == out.size && state_->inside;
        if (out.pos > state_->most - state_->written) {
            return Error{Code::TooLarge,
                         "unpacks to more than " + std::to_string(state_->most) + " bytes", false};
        }
        state_->written += out.pos;
        if (out.pos == 0) continue;
        if (const auto put = state_->next.write({state_->piece.get(), out.pos}); !put.ok()) {
            return put;
        }
    }
    return {};
}

Result<void> UnzstdSink::finish() {
    if (state_->inside) return bad_input("what was packed is cut off");
    return {};
}

}  // namespace waypost::nncp
