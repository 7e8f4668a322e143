// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/plain.h"

#include <utf8proc.h>

#include <cstdlib>

#include "gateway/message/text.h"

namespace waypost {
namespace {

std::string mapped(std::string_view text, int options) {
    utf8proc_uint8_t* raw = nullptr;
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &raw,
                                   static_cast<utf8proc_option_t>(options));
    if (size < 0) return std::string(text);
    std::string result(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
    std::free(raw);  // NOLINT: utf8proc hands out memory of malloc
    return result;
}

// Direction and zero-width marks; and what opens a Spanish question or cry, which says nothing that
// its end does not say.
bool left_out(utf8proc_int32_t c) {
    return c == 0x00A1 || c == 0x00BF || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF ||
           c == 0x00AD || c == 0x061C || (c >= 0xFE00 && c <= 0xFE0F);
}

// Decimal digits come in runs of ten that begin at a code point of their script (Unicode 4.6).
int digit_of(utf8proc_int32_t c) {
    static constexpr utf8proc_int32_t kZeros[] = {
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66,
        0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xFF10};
    for (const auto zero : kZeros) {
        if (c >= zero && c < zero + 10) return static_cast<int>(c - zero);
    }
    return -1;
}

char plain_sign(utf8proc_int32_t c) {
    switch (c) {
        case 0x061F:
            return '?';
        case 0x060C:
            return ',';
        case 0x061B:
            return ';';
        case 0x0964:
        case 0x0965:
            return '.';
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x2032:
        case 0x02BC:
            return '\'';
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x2033:
            return '"';
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2015:
        case 0x2212:
            return '-';
        case 0x2217:
        case 0x2022:
            return '*';
        default:
            return 0;
    }
}

}  // namespace

std::string make_plain(std::string_view typed) {
    const std::string text =
        mapped(clean_utf8(typed), UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    std::string out;
    std::string_view rest = text;
    while (!rest.empty()) {
        utf8proc_int32_t c = -1;
        const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                           static_cast<utf8proc_ssize_t>(rest.size()), &c);
        const auto bytes = size > 0 ? static_cast<std::size_t>(size) : 1;
        if (const int digit = digit_of(c); digit >= 0) {
            out += static_cast<char>('0' + digit);
        } else if (const char sign = plain_sign(c)) {
            out += sign;
        } else if (!left_out(c)) {
            out.append(rest.substr(0, bytes));
        }
        rest.remove_prefix(bytes);
    }
    return squeeze(out);
}

std::string fold(std::string_view plain) {
    return mapped(plain, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

}  // namespace waypost
