// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/sp.h"

#include <algorithm>
#include <cstring>

namespace waypost::nncp {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic = {'N', 'N', 'C', 'P', 'S', 0, 0, 1};
constexpr std::size_t kBuffer = 256 * 1024;
constexpr std::uint32_t kInfo = 0, kFreq = 1, kFile = 2, kDone = 3, kHalt = 4, kPing = 5;

std::size_t filler(std::size_t bytes) { return (4 - bytes % 4) % 4; }

std::uint32_t get32(const std::uint8_t* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
           at[3];
}

void set32(std::uint8_t* at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// Takes fields from the front; after one that was not there all are zero and ok() is false.
class Fields {
  public:
    explicit Fields(std::span<const std::uint8_t>& rest) : rest_(rest) {}
    std::span<const std::uint8_t> bytes(std::size_t count) {
        if (!ok_ || rest_.size() < count) {
            ok_ = false;
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }
    std::uint32_t u32() {
        const auto four = bytes(4);
        return ok_ ? get32(four.data()) : 0;
    }
    std::uint64_t u64() {
        const std::uint64_t high = u32();
        return high << 32 | u32();
    }
    Mth hash() {
        Mth out{};
        const auto taken = bytes(out.size());
        std::copy(taken.begin(), taken.end(), out.begin());
        return out;
    }
    bool ok() const { return ok_; }

  private:
    std::span<const std::uint8_t>& rest_;
    bool ok_ = true;
};

Error broken(const char* what) { return {Code::BadInput, std::string("online: ") + what, false}; }

}  // namespace

Result<std::optional<SpMessage>> SpReader::next() {
    if (rest_.empty()) return std::optional<SpMessage>();
    Fields fields(rest_);
    std::optional<SpMessage> message;
    switch (fields.u32()) {
        case kInfo: {
            const std::uint32_t nice = fields.u32();
            const std::uint64_t size = fields.u64();
            message = SpInfo{static_cast<Nice>(nice), size, fields.hash()};
            if (nice == 0 || nice > 255) return broken("a niceness out of range");
            break;
        }
        case kFreq: {
            const Mth hash = fields.hash();
            message = SpFreq{hash, fields.u64()};
            break;
        }
        case kFile: {
            const Mth hash = fields.hash();
            const std::uint64_t offset = fields.u64();
            const std::uint32_t length = fields.u32();
            message = SpFile{hash, offset, fields.bytes(length)};
            fields.bytes(filler(length));
            break;
        }
        case kDone:
            message = SpDone{fields.hash()};
            break;
        case kHalt:
            message = SpHalt{};
            break;
        case kPing:
            message = SpPing{};
            break;
        default:
            return broken("a message of an unknown type");
    }
    if (!fields.ok()) return broken("a message is cut off");
    return message;
}

SpWriter::SpWriter() : bytes_(kSpUnitHead + kSpPayload + kNoiseTag + 3) {}

bool SpWriter::begin(std::uint32_t type, std::size_t bytes) {
    if (room() < bytes) return false;
    put32(type);
    return true;
}

void SpWriter::put32(std::uint32_t value) {
    set32(at(used_), value);
    used_ += 4;
}

void SpWriter::put64(std::uint64_t value) {
    put32(static_cast<std::uint32_t>(value >> 32));
    put32(static_cast<std::uint32_t>(value));
}

void SpWriter::put(const Mth& hash) {
    std::copy(hash.begin(), hash.end(), at(used_));
    used_ += hash.size();
}

bool SpWriter::add(const SpInfo& info) {
    if (!begin(kInfo, 48)) return false;
    put32(info.nice);
    put64(info.size);
    put(info.hash);
    return true;
}

bool SpWriter::add(const SpFreq& freq) {
    if (!begin(kFreq, 44)) return false;
    put(freq.hash);
    put64(freq.offset);
    return true;
}

bool SpWriter::add(const SpDone& done) {
    if (!begin(kDone, 36)) return false;
    put(done.hash);
    return true;
}

bool SpWriter::add(SpHalt) { return begin(kHalt, 4); }

bool SpWriter::add(SpPing) { return begin(kPing, 4); }

std::span<std::uint8_t> SpWriter::file_room(std::size_t most) {
    if (room() < kSpFileHead) return {};
    const std::size_t space = (room() - kSpFileHead) / 4 * 4;  // with its filler
    return {at(used_ + kSpFileHead), std::min(most, space)};
}

void SpWriter::file(const Mth& hash, std::uint64_t offset, std::size_t filled) {
    put32(kFile);
    put(hash);
    put64(offset);
    put32(static_cast<std::uint32_t>(filled));
    used_ += filled;
    for (std::size_t i = filler(filled); i > 0; --i) *at(used_++) = 0;
}

void SpWriter::fill() {
    while (add(SpHalt{})) continue;
}

std::string_view SpWriter::payload() const {
    return {reinterpret_cast<const char*>(bytes_.data()) + kSpUnitHead, used_};
}

Result<std::span<const std::uint8_t>> SpWriter::unit(NoiseCipher& cipher) {
    const std::size_t sealed = used_ + kNoiseTag;
    if (const auto done = cipher.seal({at(0), sealed}); !done.ok()) return done.error();
    std::copy(kMagic.begin(), kMagic.end(), bytes_.begin());
    set32(bytes_.data() + kMagic.size(), static_cast<std::uint32_t>(sealed));
    const std::size_t pad = filler(sealed);
    std::fill_n(at(sealed), pad, std::uint8_t{0});
    used_ = 0;
    return std::span<const std::uint8_t>(bytes_.data(), kSpUnitHead + sealed + pad);
}

std::string sp_unit(std::string_view message) {
    std::string unit(kMagic.begin(), kMagic.end());
    std::uint8_t length[4];
    set32(length, static_cast<std::uint32_t>(message.size()));
    unit.append(reinterpret_cast<const char*>(length), sizeof length);
    unit += message;
    unit.append(filler(message.size()), '\0');
    return unit;
}

SpUnits::SpUnits(bool skip) : bytes_(kBuffer), skip_(skip) {}

std::span<std::uint8_t> SpUnits::room() {
    if (begin_ == end_) begin_ = end_ = 0;
    // A whole unit has to fit behind what is here.
    if (bytes_.size() - begin_ < kSpUnitHead + kNoiseMost + 3 || end_ == bytes_.size()) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, have());
        end_ -= begin_;
        begin_ = 0;
    }
    return std::span(bytes_).subspan(end_);
}

bool SpUnits::skip_to_magic() {
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto to = bytes_.begin() + static_cast<std::ptrdiff_t>(end_);
    const auto found = std::search(from, to, kMagic.begin(), kMagic.end());
    if (found != to) {
        begin_ += static_cast<std::size_t>(found - from);
        return true;
    }
    // Its beginning may be the last that came.
    begin_ = end_ - std::min(have(), kMagic.size() - 1);
    return false;
}

Result<std::optional<std::span<std::uint8_t>>> SpUnits::next() {
    using Unit = std::optional<std::span<std::uint8_t>>;
    for (;;) {
        if (skip_ && !skip_to_magic()) return Unit();
        const std::uint8_t* here = bytes_.data() + begin_;
        if (!std::equal(here, here + std::min(have(), kMagic.size()), kMagic.begin()))
            return broken("the other side does not speak NNCP (version 1 of its online protocol)");
        if (have() < kSpUnitHead) return Unit();
        const std::size_t length = get32(here + kMagic.size());
        if (length > kNoiseMost && skip_) {
            begin_ += kMagic.size();
            continue;
        }
        if (length > kNoiseMost) return broken("a unit over the limit");
        if (have() < kSpUnitHead + length + filler(length)) return Unit();
        const std::span<std::uint8_t> message(bytes_.data() + begin_ + kSpUnitHead, length);
        begin_ += kSpUnitHead + length + filler(length);
        return Unit(message);
    }
}

}  // namespace waypost::nncp
