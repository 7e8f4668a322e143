// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/copy_fit.h"

#include <algorithm>
#include <limits>

#include "gateway/message/text.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

constexpr std::size_t kNamed = 10;
constexpr std::size_t kLongestKey = 60;

bool fits(std::int64_t number) {
    return number >= std::numeric_limits<std::int32_t>::min() &&
           number <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

void Misfits::add(const std::string& place) {
    if (where.size() < kNamed) where.push_back(place);
}

std::string name_of_row(const TableShape& table, const Values& row) {
    std::string name;
    for (const std::string& key : table.key) {
        const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                         [&key](const Column& c) { return c.name == key; });
        const Value& value = row[static_cast<std::size_t>(column - table.columns.begin())];
        name += name.empty() ? " " : ", ";
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            name += std::to_string(*number);
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            name += one_line(clean_utf8(*text), kLongestKey);
        }
    }
    return table.name + name;
}

void fit_for_postgresql(const TableShape& table, Values& row, Misfits* found) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Column& column = table.columns[i];
        const auto* number = std::get_if<std::int64_t>(&row[i]);
        const auto* text = std::get_if<std::string>(&row[i]);
        const bool bad_number = number && column.type == ColumnType::Int32 && !fits(*number);
        const bool bad_text = text && column.type == ColumnType::Text && !fits_postgresql(*text);
        if (!bad_number && !bad_text) continue;
        if (found) {
            found->add(name_of_row(table, row) + ": " + column.name);
            ++(bad_text ? found->texts : found->numbers);
        }
        if (bad_text) fit_for_postgresql(std::get<std::string>(row[i]));
    }
}

}  // namespace waypost::store
