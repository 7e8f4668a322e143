// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/code_points.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <optional>

namespace waypost::xmpp {
namespace {

constexpr UChar32 kZeroWidthNonJoiner = 0x200C;
constexpr UChar32 kZeroWidthJoiner = 0x200D;
constexpr UChar32 kMiddleDot = 0x00B7;
constexpr UChar32 kGreekKeraia = 0x0375;
constexpr UChar32 kGeresh = 0x05F3;
constexpr UChar32 kGershayim = 0x05F4;
constexpr UChar32 kKatakanaMiddleDot = 0x30FB;
constexpr std::uint8_t kVirama = 9;  // canonical combining class

bool is_arabic_digit(UChar32 c) { return c >= 0x0660 && c <= 0x0669; }
bool is_extended_digit(UChar32 c) { return c >= 0x06F0 && c <= 0x06F9; }

// RFC 5892 2.6.
std::optional<Derived> exception(UChar32 c) {
    switch (c) {
        case 0x00DF:
        case 0x03C2:
        case 0x06FD:
        case 0x06FE:
        case 0x0F0B:
        case 0x3007:
            return Derived::Valid;
        case kMiddleDot:
        case kGreekKeraia:
        case kGeresh:
        case kGershayim:
        case kKatakanaMiddleDot:
            return Derived::Contextual;
        case 0x0640:
        case 0x07FA:
        case 0x302E:
        case 0x302F:
        case 0x3031:
        case 0x3032:
        case 0x3033:
        case 0x3034:
        case 0x3035:
        case 0x303B:
            return Derived::Disallowed;
        default:
            break;
    }
    if (is_arabic_digit(c) || is_extended_digit(c)) return Derived::Contextual;
    return std::nullopt;
}

bool is_old_hangul(UChar32 c) {
    const int type = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
    return type == U_HST_LEADING_JAMO || type == U_HST_VOWEL_JAMO || type == U_HST_TRAILING_JAMO;
}

bool has_compatibility_form(UChar32 c) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const nfkc = icu::Normalizer2::getNFKCInstance(status);
    const icu::UnicodeString one(c);
    return U_FAILURE(status) || nfkc->normalize(one, status) != one;
}

Derived by_category(UChar32 c) {
    switch (u_charType(c)) {
        case U_LOWERCASE_LETTER:
        case U_UPPERCASE_LETTER:
        case U_OTHER_LETTER:
        case U_DECIMAL_DIGIT_NUMBER:
        case U_MODIFIER_LETTER:
        case U_NON_SPACING_MARK:
        case U_COMBINING_SPACING_MARK:
            return Derived::Valid;
        case U_CONTROL_CHAR:
        case U_FORMAT_CHAR:
        case U_SURROGATE:
        case U_PRIVATE_USE_CHAR:
        case U_UNASSIGNED:
        case U_LINE_SEPARATOR:
        case U_PARAGRAPH_SEPARATOR:
            return Derived::Disallowed;
        default:
            return Derived::FreeForm;  // other letters and digits, spaces, symbols, marks
    }
}

UScriptCode script_of(char32_t c) {
    UErrorCode status = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &status);
}

int joining(char32_t c) {
    return u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_JOINING_TYPE);
}

bool after_virama(std::u32string_view text, std::size_t at) {
    return at > 0 && u_getCombiningClass(static_cast<UChar32>(text[at - 1])) == kVirama;
}

// Appendix A.1: between letters that join, marks between them passed over.
bool between_joining(std::u32string_view text, std::size_t at) {
    std::size_t left = at;
    while (left > 0 && joining(text[left - 1]) == U_JT_TRANSPARENT) --left;
    std::size_t right = at + 1;
    while (right < text.size() && joining(text[right]) == U_JT_TRANSPARENT) ++right;
    if (left == 0 || right == text.size()) return false;
    const int before = joining(text[left - 1]);
    const int after = joining(text[right]);
    return (before == U_JT_LEFT_JOINING || before == U_JT_DUAL_JOINING) &&
           (after == U_JT_RIGHT_JOINING || after == U_JT_DUAL_JOINING);
}

bool is_japanese(char32_t c) {
    const UScriptCode script = script_of(c);
    return script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_HAN;
}

}  // namespace

// RFC 8264 section 8, in its order.
Derived derived_property(std::int32_t c) {
    if (const auto is = exception(c)) return *is;
    if (u_charType(c) == U_UNASSIGNED) return Derived::Disallowed;
    if (c > 0x20 && c < 0x7F) return Derived::Valid;
    if (c == kZeroWidthNonJoiner || c == kZeroWidthJoiner) return Derived::Contextual;
    if (is_old_hangul(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
        u_hasBinaryProperty(c, UCHAR_NONCHARACTER_CODE_POINT) || u_charType(c) == U_CONTROL_CHAR)
        return Derived::Disallowed;
    if (has_compatibility_form(c)) return Derived::FreeForm;
    return by_category(c);
}

bool context_allows(std::u32string_view text, std::size_t at) {
    const auto c = static_cast<UChar32>(text[at]);
    const char32_t before = at > 0 ? text[at - 1] : 0;
    const char32_t after = at + 1 < text.size() ? text[at + 1] : 0;
    const auto any = [&](auto is) {
        return std::any_of(text.begin(), text.end(),
                           [&](char32_t each) { return is(static_cast<UChar32>(each)); });
    };
    switch (c) {
        case kZeroWidthNonJoiner:
            return after_virama(text, at) || between_joining(text, at);
        case kZeroWidthJoiner:
            return after_virama(text, at);
        case kMiddleDot:
            return before == U'l' && after == U'l';
        case kGreekKeraia:
            return after != 0 && script_of(after) == USCRIPT_GREEK;
        case kGeresh:
        case kGershayim:
            return before != 0 && script_of(before) == USCRIPT_HEBREW;
        case kKatakanaMiddleDot:
            return std::any_of(text.begin(), text.end(), is_japanese);
        default:
            return is_arabic_digit(c) ? !any(is_extended_digit) : !any(is_arabic_digit);
    }
}

}  // namespace waypost::xmpp
