// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/alphabet.h"

namespace waypost::pack {
namespace {

constexpr std::uint8_t kOtherScript = 0x10;
constexpr std::uint8_t kRawByte = 0x11;

bool is_sign(std::uint8_t byte) { return byte == kOtherScript || byte == kRawByte; }

// Bytes of the UTF-8 character that begins with this one; 0: none does.
std::size_t utf8_length(std::uint8_t first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

// As far as to_alphabet() needs it: lead and following bytes. 0: not UTF-8.
std::size_t character_length(std::string_view text) {
    const std::size_t length = utf8_length(static_cast<std::uint8_t>(text[0]));
    if (length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) return 0;
    return length;
}

std::uint32_t code_point(std::string_view character) {
    const auto first = static_cast<std::uint8_t>(character[0]);
    std::uint32_t code = first & (0xFFu >> (character.size() + 1));
    for (const char next : character.substr(1))
        code = code << 6 | (static_cast<std::uint8_t>(next) & 0x3F);
    return code;
}

bool in_script(std::string_view character, Script script) {
    if (character.size() != 2 && character.size() != 3) return false;
    const std::uint32_t code = code_point(character);
    const auto first = static_cast<std::uint32_t>(script);
    // An overlong form must come back as it was.
    return (character.size() == 3) == (code >= 0x800) && code >= first && code < first + 128;
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code < 0x800) {
        put(0xC0 | code >> 6);
    } else {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
    }
    put(0x80 | (code & 0x3F));
}

}  // namespace

std::string to_alphabet(std::string_view text, Script script) {
    std::string symbols;
    symbols.reserve(text.size() + 8);
    while (!text.empty()) {
        const auto first = static_cast<std::uint8_t>(text[0]);
        const std::size_t length = character_length(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_sign(first)) {
            symbols += {static_cast<char>(kRawByte), text[0]};
        } else if (length == 1) {
            symbols += text[0];
        } else if (in_script(character, script)) {
            const std::uint32_t offset = code_point(character) - static_cast<std::uint32_t>(script);
            symbols += static_cast<char>(0x80 + offset);
        } else {
            symbols += static_cast<char>(kOtherScript);
            symbols += character;
        }
        text.remove_prefix(character.size());
    }
    return symbols;
}

Result<std::string> from_alphabet(std::string_view symbols, Script script, std::size_t limit) {
    std::string text;
    while (!symbols.empty()) {
        const auto first = static_cast<std::uint8_t>(symbols[0]);
        symbols.remove_prefix(1);
        if (is_sign(first)) {
            if (symbols.empty()) return bad_input("packed text ends within a character");
            const std::size_t length =
                first == kRawByte ? 1 : utf8_length(static_cast<std::uint8_t>(symbols[0]));
            if (length == 0 || length > symbols.size())
                return bad_input("packed text holds a character that is none");
            text += symbols.substr(0, length);
            symbols.remove_prefix(length);
        } else if (first < 0x80) {
            text += static_cast<char>(first);
        } else {
            append_utf8(text, static_cast<std::uint32_t>(script) + first - 0x80);
        }
        if (text.size() > limit)
            return Error{Code::TooLarge, "packed text is longer than taken here"};
    }
    return text;
}

}  // namespace waypost::pack
