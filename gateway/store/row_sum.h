// SPDX-License-Identifier: Apache-2.0
// A checksum of a table that does not ask in which order its rows came: two engines order texts
// differently.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "gateway/store/rows.h"

namespace waypost::store {

// The sum, modulo 2^256, of the BLAKE2b hashes of all rows. Against mistakes, not against somebody
// who chooses rows to deceive it.
class RowSum {
  public:
    void add(const Values& row);
    std::uint64_t rows() const { return rows_; }
    std::string hex() const;  // 32 digits, of the sum and the number of rows
    bool operator==(const RowSum& other) const {
        return rows_ == other.rows_ && sum_ == other.sum_;
    }

  private:
    std::array<std::uint64_t, 4> sum_{};  // lowest first
    std::uint64_t rows_ = 0;
    std::string row_;  // reused
};

}  // namespace waypost::store
