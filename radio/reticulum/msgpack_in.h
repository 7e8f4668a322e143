// SPDX-License-Identifier: Apache-2.0
// msgpack from the wire, with bounds: nothing is allocated for what is not there. By msgpack-cxx;
// included by .cpp files alone.
#pragma once

#include <cstdint>
#include <msgpack.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::reticulum {

// Values from the beginning of a text on. The text must outlive the reader and what it gave.
class MsgpackReader {
  public:
    explicit MsgpackReader(std::string_view bytes) : bytes_(bytes) {}

    bool at_end() const { return offset_ == bytes_.size(); }
    std::size_t offset() const { return offset_; }
    // How many values follow that belong to it; nullopt: no array (no map) comes next.
    std::optional<std::size_t> array_header();
    std::optional<std::size_t> map_header();  // pairs
    // The next value as its bytes; nullopt: malformed, cut off, or nested too deep.
    std::optional<std::string_view> raw();
    // The next value; an empty handle for what raw() would not give, or what has too many items.
    // Its strings point into the text.
    msgpack::object_handle value();

  private:
    std::optional<std::size_t> header(unsigned fix, unsigned fix_bits, unsigned wide);
    std::string_view bytes_;
    std::size_t offset_ = 0;
};

// A bin or str; nullopt: something else.
std::optional<std::string_view> bytes_in(const msgpack::object& object);
std::optional<std::uint64_t> number_in(const msgpack::object& object);
// A float, or an integer as one; nullopt: something else.
std::optional<double> real_in(const msgpack::object& object);

}  // namespace waypost::reticulum
