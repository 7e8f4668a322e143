// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/erasure.h"

#include <array>

namespace waypost::trunk {
namespace gf256 {
namespace {

struct Tables {
    std::array<std::uint8_t, 510> power{};
    std::array<int, 256> log{};
};

constexpr Tables make_tables() {
    Tables t;
    unsigned x = 1;
    for (std::size_t i = 0; i < 255; ++i) {
        t.power[i] = t.power[i + 255] = static_cast<std::uint8_t>(x);
        t.log[x] = static_cast<int>(i);
        x <<= 1;
        if (x > 255) x ^= 0x11D;
    }
    return t;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint8_t multiply(std::uint8_t a, std::uint8_t b) {
    if (a == 0 || b == 0) return 0;
    return kTables.power[static_cast<std::size_t>(kTables.log[a] + kTables.log[b])];
}

std::uint8_t inverse(std::uint8_t a) {
    return a == 0 ? std::uint8_t{0} : kTables.power[static_cast<std::size_t>(255 - kTables.log[a])];
}

}  // namespace gf256

namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint8_t coefficient(int row, int k, int column) {
    if (row < k) return row == column ? 1 : 0;
    return gf256::inverse(static_cast<std::uint8_t>(row ^ column));
}

void add_scaled(std::string& to, const std::string& from, std::uint8_t factor) {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] =
            static_cast<char>(to[i] ^ gf256::multiply(static_cast<std::uint8_t>(from[i]), factor));
}

void scale(std::string& row, std::uint8_t factor) {
    for (char& c : row)
        c = static_cast<char>(gf256::multiply(static_cast<std::uint8_t>(c), factor));
}

std::string as_string(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

// Gauss-Jordan; the matrix of a Cauchy code always has an inverse.
bool solve(std::vector<std::string>& matrix, std::vector<std::string>& values) {
    const std::size_t k = matrix.size();
    for (std::size_t column = 0; column < k; ++column) {
        std::size_t pivot = column;
        while (pivot < k && matrix[pivot][column] == 0) ++pivot;
        if (pivot == k) return false;
        std::swap(matrix[pivot], matrix[column]);
        std::swap(values[pivot], values[column]);
        const auto factor = gf256::inverse(static_cast<std::uint8_t>(matrix[column][column]));
        scale(matrix[column], factor);
        scale(values[column], factor);
        for (std::size_t other = 0; other < k; ++other) {
            const auto times = static_cast<std::uint8_t>(matrix[other][column]);
            if (other == column || times == 0) continue;
            add_scaled(matrix[other], matrix[column], times);
            add_scaled(values[other], values[column], times);
        }
    }
    return true;
}

}  // namespace

std::string repair_row(const std::vector<std::string>& rows, int row) {
    const int k = static_cast<int>(rows.size());
    std::string out(rows.empty() ? 0 : rows[0].size(), '\0');
    for (int j = 0; j < k; ++j)
        add_scaled(out, rows[static_cast<std::size_t>(j)], coefficient(row, k, j));
    return out;
}

std::optional<std::vector<std::string>> rebuild(int k, const std::map<int, std::string>& rows) {
    if (k <= 0 || rows.size() < static_cast<std::size_t>(k)) return std::nullopt;
    std::vector<std::string> matrix;
    std::vector<std::string> values;
    for (const auto& [row, bytes] : rows) {
        if (values.size() == static_cast<std::size_t>(k)) break;
        if (row < 0 || row > 255 || (!values.empty() && bytes.size() != values[0].size()))
            return std::nullopt;
        Bytes line;
        for (int j = 0; j < k; ++j) line.push_back(coefficient(row, k, j));
        matrix.push_back(as_string(line));
        values.push_back(bytes);
    }
    if (!solve(matrix, values)) return std::nullopt;
    return values;
}

}  // namespace waypost::trunk
