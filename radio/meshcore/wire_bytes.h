// SPDX-License-Identifier: Apache-2.0
// Little-endian fields of MeshCore's layouts, read with a bound and written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waypost::meshcore {

// Past the end everything is 0 or empty, and ok() says so.
class FieldReader {
  public:
    explicit FieldReader(std::string_view bytes) : bytes_(bytes) {}

    std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
    std::int8_t i8() { return static_cast<std::int8_t>(u8()); }
    std::uint32_t u32() { return number(4); }
    std::int32_t i32() { return static_cast<std::int32_t>(number(4)); }
    std::string take(std::size_t count) {
        if (count > bytes_.size()) {
            ok_ = false;
            bytes_ = {};
            return {};
        }
        std::string field(bytes_.substr(0, count));
        bytes_.remove_prefix(count);
        return field;
    }
    // A field of `count` bytes that ends at its first NUL.
    std::string text(std::size_t count) {
        std::string field = take(count);
        return field.substr(0, field.find('\0'));
    }
    std::string rest() { return take(bytes_.size()); }
    std::size_t left() const { return bytes_.size(); }
    bool ok() const { return ok_; }

  private:
    std::uint32_t number(std::size_t count) {
        const std::string field = take(count);
        std::uint32_t value = 0;
        for (std::size_t i = field.size(); i-- > 0;)
            value = value << 8 | static_cast<unsigned char>(field[i]);
        return value;
    }
    std::string_view bytes_;
    bool ok_ = true;
};

inline void put8(std::string& out, std::uint32_t value) { out += static_cast<char>(value & 255); }
inline void put16(std::string& out, std::uint32_t value) {
    put8(out, value);
    put8(out, value >> 8);
}
inline void put32(std::string& out, std::uint32_t value) {
    put16(out, value);
    put16(out, value >> 16);
}
// Exactly `count` bytes: cut, or filled up with NULs.
inline void put_field(std::string& out, std::string_view value, std::size_t count) {
    const std::string_view fits = value.substr(0, count);
    out.append(fits).append(count - fits.size(), '\0');
}

}  // namespace waypost::meshcore
