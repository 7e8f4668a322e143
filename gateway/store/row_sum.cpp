// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/row_sum.h"

#include <sodium.h>

#include <bit>
#include <cstring>

#include "gateway/base/encoding.h"

namespace waypost::store {
namespace {

static_assert(std::endian::native == std::endian::little, "sums are compared between machines");

void append_number(std::string& out, std::uint64_t number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    out.append(bytes, sizeof number);
}

// A kind and a length before each, so that no two rows are the same bytes.
void append(std::string& out, const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        out += 'n';
        append_number(out, static_cast<std::uint64_t>(*number));
    } else if (const auto* bytes = std::get_if<std::string>(&value)) {
        out += 'b';
        append_number(out, bytes->size());
        out += *bytes;
    } else {
        out += '0';
    }
}

}  // namespace

void RowSum::add(const Values& row) {
    row_.clear();
    for (const Value& value : row) append(row_, value);
    std::array<std::uint64_t, 4> hash{};
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), sizeof hash,
                       reinterpret_cast<const unsigned char*>(row_.data()), row_.size(), nullptr,
                       0);
    bool carry = false;
    for (std::size_t i = 0; i < sum_.size(); ++i) {
        const std::uint64_t with = sum_[i] + hash[i];
        const std::uint64_t all = with + (carry ? 1 : 0);
        carry = with < hash[i] || all < with;
        sum_[i] = all;
    }
    ++rows_;
}

std::string RowSum::hex() const {
    std::string bytes;
    for (const std::uint64_t part : sum_) append_number(bytes, part);
    append_number(bytes, rows_);
    return short_hash(bytes);
}

}  // namespace waypost::store
