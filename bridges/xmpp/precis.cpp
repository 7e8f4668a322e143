// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/precis.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "bridges/xmpp/code_points.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

using icu::UnicodeString;

// RFC 8264 section 7: until nothing changes; more than this would never end.
constexpr int kMostRounds = 4;

std::u32string code_points(const UnicodeString& text) {
    std::u32string out;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1))
        out += static_cast<char32_t>(text.char32At(i));
    return out;
}

std::string utf8(const UnicodeString& text) {
    std::string out;
    return text.toUTF8String(out);
}

std::string named(char32_t c) {
    char text[16];
    std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(c));
    return text;
}

// RFC 8265 3.1: what has a decomposition as wide or narrow takes it.
UnicodeString widths_mapped(const UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* const nfkc = icu::Normalizer2::getNFKCInstance(status);
    UnicodeString out;
    for (const char32_t point : code_points(text)) {
        const auto c = static_cast<UChar32>(point);
        const int type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
        UnicodeString mapped;
        if ((type == U_DT_WIDE || type == U_DT_NARROW) && nfkc->getRawDecomposition(c, mapped)) {
            out += mapped;
        } else {
            out.append(c);
        }
    }
    return out;
}

UnicodeString spaces_mapped(const UnicodeString& text) {
    UnicodeString out;
    for (const char32_t point : code_points(text)) {
        const auto c = static_cast<UChar32>(point);
        out.append(u_charType(c) == U_SPACE_SEPARATOR ? UChar32(' ') : c);
    }
    return out;
}

UnicodeString composed(const UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(status)->normalize(text, status);
}

Result<void> must_belong(const UnicodeString& text, bool free_form) {
    const std::u32string points = code_points(text);
    if (points.empty()) return bad_input("nothing is left of it");
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Derived is = derived_property(static_cast<std::int32_t>(points[i]));
        const bool belongs = is == Derived::Valid || (is == Derived::FreeForm && free_form) ||
                             (is == Derived::Contextual && context_allows(points, i));
        if (!belongs) return bad_input("it may not contain " + named(points[i]));
    }
    return {};
}

// `round` again and again until the text stays as it is.
template <class Round>
Result<std::string> settled(std::string_view text, Round round) {
    if (!is_utf8(text)) return bad_input("it is no UTF-8");
    UnicodeString now = UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    for (int i = 0; i < kMostRounds; ++i) {
        UnicodeString next;
        if (auto done = round(now, next); !done.ok()) return done.error();
        if (next == now) return utf8(now);
        now = next;
    }
    return bad_input("it has no form that can be compared");
}

bool is_right_to_left(UCharDirection direction) {
    return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

bool among(UCharDirection direction, std::initializer_list<UCharDirection> allowed) {
    return std::find(allowed.begin(), allowed.end(), direction) != allowed.end();
}

bool ends_in(const std::vector<UCharDirection>& of, std::initializer_list<UCharDirection> allowed) {
    const auto last = std::find_if(
        of.rbegin(), of.rend(), [](UCharDirection each) { return each != U_DIR_NON_SPACING_MARK; });
    return last != of.rend() && among(*last, allowed);
}

constexpr auto kAnywhere = {U_EUROPEAN_NUMBER,
                            U_EUROPEAN_NUMBER_SEPARATOR,
                            U_EUROPEAN_NUMBER_TERMINATOR,
                            U_COMMON_NUMBER_SEPARATOR,
                            U_OTHER_NEUTRAL,
                            U_BOUNDARY_NEUTRAL,
                            U_DIR_NON_SPACING_MARK};

bool right_to_left_rule(const std::vector<UCharDirection>& of) {
    const auto has = [&](UCharDirection wanted) {
        return std::find(of.begin(), of.end(), wanted) != of.end();
    };
    return std::all_of(of.begin(), of.end(),
                       [](UCharDirection each) {
                           return is_right_to_left(each) || each == U_ARABIC_NUMBER ||
                                  among(each, kAnywhere);
                       }) &&
           ends_in(of,
                   {U_RIGHT_TO_LEFT, U_RIGHT_TO_LEFT_ARABIC, U_EUROPEAN_NUMBER, U_ARABIC_NUMBER}) &&
           !(has(U_EUROPEAN_NUMBER) && has(U_ARABIC_NUMBER));
}

bool left_to_right_rule(const std::vector<UCharDirection>& of) {
    return std::all_of(of.begin(), of.end(),
                       [](UCharDirection each) {
                           return each == U_LEFT_TO_RIGHT || among(each, kAnywhere);
                       }) &&
           ends_in(of, {U_LEFT_TO_RIGHT, U_EUROPEAN_NUMBER});
}

}  // namespace

bool keeps_bidi_rule(std::u16string_view label) {
    std::vector<UCharDirection> directions;
    for (const char32_t c :
         code_points(UnicodeString(label.data(), static_cast<std::int32_t>(label.size()))))
        directions.push_back(u_charDirection(static_cast<UChar32>(c)));
    if (directions.empty()) return true;
    if (is_right_to_left(directions.front())) return right_to_left_rule(directions);
    return directions.front() == U_LEFT_TO_RIGHT && left_to_right_rule(directions);
}

Result<std::string> username_case_mapped(std::string_view text) {
    return settled(text, [](const UnicodeString& now, UnicodeString& next) -> Result<void> {
        next = widths_mapped(now);
        if (auto belongs = must_belong(next, false); !belongs.ok()) return belongs;
        next = composed(next.toLower(icu::Locale::getRoot()));
        // The rule is for what has right-to-left characters in it (RFC 8265 3.3.3).
        const std::u32string points = code_points(next);
        const bool mixed = std::any_of(points.begin(), points.end(), [](char32_t c) {
            const UCharDirection direction = u_charDirection(static_cast<UChar32>(c));
            return is_right_to_left(direction) || direction == U_ARABIC_NUMBER;
        });
        if (mixed && !keeps_bidi_rule({next.getBuffer(), static_cast<std::size_t>(next.length())}))
            return bad_input("it mixes writing from right to left and from left to right");
        return {};
    });
}

Result<std::string> opaque_string(std::string_view text) {
    return settled(text, [](const UnicodeString& now, UnicodeString& next) -> Result<void> {
        next = composed(spaces_mapped(now));
        return must_belong(next, true);
    });
}

}  // namespace waypost::xmpp
