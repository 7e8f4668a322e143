// SPDX-License-Identifier: Apache-2.0
// Binary arithmetic coding with a 32 bit range: carryless, a byte at a time. The code ends as early
// as it can: the decoder reads zeros past its end. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "radio/trunk/pack/logistic.h"

namespace waypost::pack {

class RangeEncoder {
  public:
    void encode(bool bit, Probability one) {
        const std::uint32_t middle = split(low_, high_, one);
        (bit ? high_ : low_) = bit ? middle : middle + 1;
        for (; ((low_ ^ high_) >> 24) == 0; low_ <<= 8, high_ = high_ << 8 | 0xFF)
            emit(high_ >> 24);
    }

    // The shortest code that lies in the range whatever zeros follow it.
    std::string finish() && {
        if (low_ > 0) {
            int kept = 1;
            while (upward(kept) > high_) ++kept;
            for (int i = 0; i < kept; ++i)
                emit(static_cast<std::uint32_t>(upward(kept) >> (24 - 8 * i)));
        }
        while (!code_.empty() && code_.back() == '\0') code_.pop_back();
        return std::move(code_);
    }

    static std::uint32_t split(std::uint32_t low, std::uint32_t high, Probability one) {
        return low + static_cast<std::uint32_t>(std::uint64_t{high - low} * one >> 16);
    }

  private:
    void emit(std::uint32_t byte) { code_.push_back(static_cast<char>(byte & 0xFF)); }

    // low_ rounded up to so many leading bytes.
    std::uint64_t upward(int bytes) const {
        const std::uint64_t rest = (std::uint64_t{1} << (32 - 8 * bytes)) - 1;
        return (low_ + rest) & ~rest;
    }

    std::uint32_t low_ = 0;
    std::uint32_t high_ = 0xFFFF'FFFF;
    std::string code_;
};

class RangeDecoder {
  public:
    // `code` must outlive the decoder.
    explicit RangeDecoder(std::string_view code) : code_(code) {
        for (int i = 0; i < 4; ++i) value_ = value_ << 8 | next();
    }

    bool decode(Probability one) {
        const std::uint32_t middle = RangeEncoder::split(low_, high_, one);
        const bool bit = value_ <= middle;
        (bit ? high_ : low_) = bit ? middle : middle + 1;
        for (; ((low_ ^ high_) >> 24) == 0; low_ <<= 8, high_ = high_ << 8 | 0xFF)
            value_ = value_ << 8 | next();
        return bit;
    }

    // Bytes that no bit depended on: the code is longer than any encoder makes it.
    bool has_rest() const { return read_ < code_.size(); }

  private:
    std::uint32_t next() {
        return read_ < code_.size() ? static_cast<std::uint8_t>(code_[read_++]) : 0;
    }

    std::string_view code_;
    std::size_t read_ = 0;
    std::uint32_t low_ = 0;
    std::uint32_t high_ = 0xFFFF'FFFF;
    std::uint32_t value_ = 0;
};

}  // namespace waypost::pack
