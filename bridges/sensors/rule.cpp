// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/rule.h"

#include <cstdio>

namespace waypost::sensors {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

}  // namespace

std::string number_text(double value) {
    char out[64];
    std::snprintf(out, sizeof out, "%.3f", value);
    std::string text(out);
    text.erase(text.find_last_not_of('0') + 1);
    if (!text.empty() && text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string fill(const std::string& text, const Rule& rule, double value) {
    std::string out = text;
    replace_all(out, "{name}", rule.name);
    replace_all(out, "{value}", number_text(value));
    return out;
}

}  // namespace waypost::sensors
