// SPDX-License-Identifier: Apache-2.0
// What SQLite holds and PostgreSQL cannot: a text with a NUL in it or with bytes that are no UTF-8,
// and a number of more than 32 bits in a column of INTEGER.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gateway/store/rows.h"

namespace waypost::store {

struct Misfits {
    std::size_t texts = 0;
    std::size_t numbers = 0;
    std::vector<std::string> where;  // the first of both: "messages 7: subject"

    void add(const std::string& place);
};

// Changes each text that PostgreSQL cannot hold: U+FFFD takes the place of a NUL and of each
// malformed sequence. Numbers stay. Counts both, if `found` is given.
void fit_for_postgresql(const TableShape& table, Values& row, Misfits* found);

// "messages 7", "state box, name": a row by its key.
std::string name_of_row(const TableShape& table, const Values& row);

}  // namespace waypost::store
