// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/msgpack_in.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kMostDepth = 16;
constexpr std::size_t kMostItems = 16384;  // of one array or map

// Walks over a value and keeps nothing of it.
class Skipper : public msgpack::null_visitor {
  public:
    bool start_array(std::uint32_t) { return ++depth_ <= kMostDepth; }
    bool end_array() { return --depth_, true; }
    bool start_map(std::uint32_t) { return ++depth_ <= kMostDepth; }
    bool end_map() { return --depth_, true; }

  private:
    std::size_t depth_ = 0;
};

bool by_reference(msgpack::type::object_type, std::size_t, void*) { return true; }

}  // namespace

std::optional<std::size_t> MsgpackReader::header(unsigned fix, unsigned fix_bits, unsigned wide) {
    const std::string_view rest = bytes_.substr(offset_);
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    if (rest.empty()) return std::nullopt;
    if (static_cast<unsigned>(at(0) >> fix_bits) == fix >> fix_bits) {
        ++offset_;
        return at(0) & ((1U << fix_bits) - 1);
    }
    // 16 and 32 bits of count.
    const std::size_t width = at(0) == wide ? 2 : at(0) == wide + 1 ? 4 : 0;
    if (width == 0 || rest.size() < 1 + width) return std::nullopt;
    std::size_t count = 0;
    for (std::size_t i = 1; i <= width; ++i) count = count << 8 | at(i);
    offset_ += 1 + width;
    return count;
}

std::optional<std::size_t> MsgpackReader::array_header() { return header(0x90, 4, 0xdc); }
std::optional<std::size_t> MsgpackReader::map_header() { return header(0x80, 4, 0xde); }

std::optional<std::string_view> MsgpackReader::raw() {
    Skipper skipper;
    std::size_t end = offset_;
    if (at_end() || !msgpack::parse(bytes_.data(), bytes_.size(), end, skipper))
        return std::nullopt;
    const std::string_view found = bytes_.substr(offset_, end - offset_);
    offset_ = end;
    return found;
}

msgpack::object_handle MsgpackReader::value() {
    // raw() first: what is incomplete allocates nothing.
    const auto whole = raw();
    if (!whole) return {};
    const msgpack::unpack_limit limit(kMostItems, kMostItems, whole->size(), whole->size(),
                                      whole->size(), kMostDepth);
    try {
        return msgpack::unpack(whole->data(), whole->size(), by_reference, nullptr, limit);
    } catch (const msgpack::unpack_error&) {
        return {};
    }
}

std::optional<std::string_view> bytes_in(const msgpack::object& object) {
    if (object.type == msgpack::type::BIN)
        return std::string_view(object.via.bin.ptr, object.via.bin.size);
    if (object.type == msgpack::type::STR)
        return std::string_view(object.via.str.ptr, object.via.str.size);
    return std::nullopt;
}

std::optional<std::uint64_t> number_in(const msgpack::object& object) {
    if (object.type != msgpack::type::POSITIVE_INTEGER) return std::nullopt;
    return object.via.u64;
}

std::optional<double> real_in(const msgpack::object& object) {
    switch (object.type) {
        case msgpack::type::FLOAT32:
        case msgpack::type::FLOAT64:
            return object.via.f64;
        case msgpack::type::POSITIVE_INTEGER:
            return static_cast<double>(object.via.u64);
        case msgpack::type::NEGATIVE_INTEGER:
            return static_cast<double>(object.via.i64);
        default:
            return std::nullopt;
    }
}

}  // namespace waypost::reticulum
