// SPDX-License-Identifier: Apache-2.0
// Cauchy-Reed-Solomon over GF(256), x^8+x^4+x^3+x^2+1: of k rows and any number of repair rows (all
// of one size) any k give back the k. Rows below k are the object's own, row r >= k is
// sum over j of 1/(r + j) * row j, where r + j is in the field, so that k + repair rows <= 256.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace waypost::trunk {

namespace gf256 {
std::uint8_t multiply(std::uint8_t a, std::uint8_t b);
std::uint8_t inverse(std::uint8_t a);  // of 0: 0
}  // namespace gf256

// rows.size() <= row <= 255, every row of one size.
std::string repair_row(const std::vector<std::string>& rows, int row);
// The k rows of the object from at least k rows, by their numbers; nullopt: too few, or of several
// sizes.
std::optional<std::vector<std::string>> rebuild(int k, const std::map<int, std::string>& rows);

}  // namespace waypost::trunk
