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

constexpr std::string_view kAcute = "\u00b4";

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

// Marks that stand by themselves once a letter is taken apart: accents of Latin and Cyrillic
// letters, harakat and hamza, nukta; and hamza, tatweel, apostrophes.
bool unwritten(utf8proc_int32_t c) {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x064B && c <= 0x065F) || c == 0x0670 ||
           c == 0x0621 || c == 0x0640 || c == 0x093C || c == '\'' || c == '`';
}

utf8proc_int32_t one_form(utf8proc_int32_t c) {
    switch (c) {
        case 0x0649:  // alef maksura, and yeh of Persian and Urdu
        case 0x06CC:
        case 0x06D2:
            return 0x064A;
        case 0x06A9:
            return 0x0643;
        case 0x0629:  // teh marbuta, and heh of Urdu
        case 0x06BE:
        case 0x06C1:
            return 0x0647;
        case 0x0671:
            return 0x0627;
        case 0x0901:
            return 0x0902;
        case 0x0491:  // g of Ukrainian, which many keyboards lack
            return 0x0433;
        default:
            return c;
    }
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
    // NFKC would make a space of it.
    std::string cleaned = clean_utf8(typed);
    for (std::size_t at = 0; (at = cleaned.find(kAcute, at)) != std::string::npos;)
        cleaned.replace(at, kAcute.size(), 1, '\'');
    const std::string text = mapped(cleaned, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    std::string out;
    each_code_point(text, [&](utf8proc_int32_t c, std::string_view bytes) {
        if (const int digit = digit_of(c); digit >= 0) {
            out += static_cast<char>('0' + digit);
        } else if (const char sign = plain_sign(c)) {
            out += sign;
        } else if (!left_out(c)) {
            out.append(bytes);
        }
    });
    return squeeze(out);
}

std::string fold(std::string_view plain) {
    return mapped(plain, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

std::string without_marks(std::string_view plain) {
    return mapped(plain, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                             UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
}

std::string word_key(std::string_view plain) {
    const std::string apart =
        mapped(plain, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
    std::string out;
    each_code_point(apart, [&](utf8proc_int32_t c, std::string_view bytes) {
        if (unwritten(c)) return;
        const utf8proc_int32_t one = one_form(c);
        if (one == c) {
            out.append(bytes);
        } else {
            append_code_point(out, one);
        }
    });
    return out;
}

}  // namespace waypost
