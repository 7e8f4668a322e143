// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/look_alike.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/commands/handle.h"
#include "gateway/commands/plain.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

// Lower case letters (Unicode confusables, UTS #39, those of whole alphabets that people use).
constexpr std::array<std::pair<utf8proc_int32_t, char>, 43> kLooks = {
    {{0x0131, 'i'}, {0x0142, 'l'}, {0x00F8, 'o'}, {0x0111, 'd'}, {0x0127, 'h'}, {0x0251, 'a'},
     {0x0261, 'g'}, {0x03B1, 'a'}, {0x03B2, 'b'}, {0x03B3, 'y'}, {0x03B5, 'e'}, {0x03B7, 'n'},
     {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C4, 't'},
     {0x03C5, 'u'}, {0x03C7, 'x'}, {0x03C9, 'w'}, {0x03F2, 'c'}, {0x0430, 'a'}, {0x0432, 'b'},
     {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'},
     {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'},
     {0x0458, 'j'}, {0x04BB, 'h'}, {0x04CF, 'l'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
     {0x0578, 'n'}}};

bool is_letter_or_digit(utf8proc_int32_t c) {
    const utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO &&
           category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_MC &&
           category != UTF8PROC_CATEGORY_ME;
}

}  // namespace

std::string look_of(std::string_view name) {
    std::string letters;
    each_code_point(without_marks(make_plain(name)), [&](std::int32_t c, std::string_view bytes) {
        const auto* const found = std::find_if(kLooks.begin(), kLooks.end(),
                                               [&](const auto& pair) { return pair.first == c; });
        if (found != kLooks.end()) {
            letters += found->second;
        } else if (is_letter_or_digit(c)) {
            letters.append(bytes);
        }
    });
    return handle_skeleton(letters);
}

}  // namespace waypost
