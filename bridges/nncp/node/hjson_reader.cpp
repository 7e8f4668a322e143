// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/hjson_reader.h"

#include <algorithm>

namespace waypost::nncp {
namespace {

constexpr std::string_view kPunctuation = "{}[],:";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::size_t digits(std::string_view text, std::size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
}

// RFC 8259 section 6.
bool is_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    const std::size_t whole = digits(text, at);
    if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
    at = whole;
    if (at < text.size() && text[at] == '.') {
        const std::size_t end = digits(text, at + 1);
        if (end == at + 1) return false;
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        const std::size_t end = digits(text, at);
        if (end == at) return false;
        at = end;
    }
    return at == text.size();
}

// A number, true, false or null; kind Text: none of them.
Hjson word(std::string_view text) {
    Hjson value;
    if (text == "null") return value;
    value.kind = Hjson::Kind::Bool;
    value.flag = text == "true";
    if (text == "true" || text == "false") return value;
    value.kind = is_number(text) ? Hjson::Kind::Number : Hjson::Kind::Text;
    value.text = text;
    return value;
}

void put_utf8(unsigned code, std::string& into) {
    const auto byte = [&into](unsigned bits) { into += static_cast<char>(bits); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0 | (code >> 6));
    } else if (code < 0x10000) {
        byte(0xE0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3F));
    } else {
        byte(0xF0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3F));
        byte(0x80 | ((code >> 6) & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
}

}  // namespace

void HjsonCursor::skip(std::size_t bytes) {
    for (; bytes > 0 && !at_end(); --bytes) {
        if (text_[at_++] != '\n') continue;
        ++line_;
        line_start_ = at_;
    }
}

Error HjsonCursor::wrong(const std::string& what) const { return wrong_at(line_, column(), what); }

Error HjsonCursor::wrong_at(int line, int column, const std::string& what) const {
    return bad_input("line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
                     what);
}

Result<void> HjsonCursor::fits(const std::string& text) const {
    if (text.size() <= limits_.text_bytes) return {};
    return Error{Code::TooLarge,
                 wrong("a text of more than " + std::to_string(limits_.text_bytes) + " bytes").text,
                 false};
}

Result<void> HjsonCursor::skip_space() {
    while (true) {
        while (!at_end() && is_space(peek())) skip();
        if (!at_comment()) return {};
        if (!sees("/*")) {
            while (!at_end() && peek() != '\n') skip();
            continue;
        }
        const int line = line_, column = this->column();
        skip(2);
        while (!at_end() && !sees("*/")) skip();
        if (at_end()) return wrong_at(line, column, "no */ ends this comment");
        skip(2);
    }
}

Result<std::string> HjsonCursor::key() {
    if (peek() == '"' || peek() == '\'') return quoted();
    const std::size_t start = at_;
    while (!at_end() && !is_space(peek()) && kPunctuation.find(peek()) == kPunctuation.npos) skip();
    std::string name(text_.substr(start, at_ - start));
    if (name.empty()) return wrong("expected a key and ':' here");
    if (const auto fit = fits(name); !fit.ok()) return fit.error();
    return name;
}

Result<std::string> HjsonCursor::quoted() {
    if (sees("'''")) return several_lines();
    const char quote = peek();
    const int line = line_, column = this->column();
    std::string text;
    for (skip(); peek() != quote || at_end();) {
        if (at_line_end())
            return wrong_at(line, column, std::string("no ") + quote + " ends this text");
        if (peek() == '\\') {
            if (const auto read = escape(text); !read.ok()) return read.error();
        } else {
            text += peek();
            skip();
        }
        if (const auto fit = fits(text); !fit.ok()) return fit.error();
    }
    skip();
    return text;
}

Result<unsigned> HjsonCursor::hex4() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, skip()) {
        const char c = peek();
        const char lower = static_cast<char>(c | 0x20);
        if (is_digit(c))
            code = code * 16 + static_cast<unsigned>(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            code = code * 16 + static_cast<unsigned>(lower - 'a' + 10);
        else
            return wrong("after \\u stand four hex digits");
    }
    return code;
}

Result<void> HjsonCursor::escape(std::string& into) {
    static constexpr std::string_view kLetters = "\"'\\/bfnrt";
    static constexpr std::string_view kMeaning = "\"'\\/\b\f\n\r\t";
    skip();
    if (const auto at = kLetters.find(peek()); at != kLetters.npos && !at_end()) {
        into += kMeaning[at];
        skip();
        return {};
    }
    if (peek() != 'u') return wrong("this \\ means nothing: write \\\\ for one");
    skip();
    auto code = hex4();
    if (!code.ok()) return code.error();
    if (*code >= 0xD800 && *code < 0xDC00 && sees("\\u")) {
        skip(2);
        const auto low = hex4();
        if (!low.ok()) return low.error();
        if (*low < 0xDC00 || *low > 0xDFFF) return wrong("half of a pair of \\u is missing");
        *code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    }
    if (*code == 0 || (*code >= 0xD800 && *code <= 0xDFFF))
        return wrong("this \\u is no character");
    put_utf8(*code, into);
    return {};
}

// Space before a line is taken away up to the column of the opening '''; so is the last newline.
Result<std::string> HjsonCursor::several_lines() {
    const int line = line_, column = this->column();
    const auto drop_indent = [&] {
        for (int i = 1; i < column && (peek() == ' ' || peek() == '\t'); ++i) skip();
    };
    skip(3);
    while (peek() == ' ' || peek() == '\t' || peek() == '\r') skip();
    if (peek() == '\n') {
        skip();
        drop_indent();
    }
    std::string text;
    while (!sees("'''")) {
        if (at_end()) return wrong_at(line, column, "no ''' ends this text");
        const char c = peek();
        skip();
        if (c != '\r') text += c;
        if (c == '\n') drop_indent();
        if (const auto fit = fits(text); !fit.ok()) return fit.error();
    }
    while (sees("''''")) {  // quotes before the three last belong to it
        text += '\'';
        skip();
    }
    skip(3);
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

Result<Hjson> HjsonCursor::unquoted() {
    if (at_end() || kPunctuation.find(peek()) != kPunctuation.npos)
        return wrong("expected a value here");
    const std::size_t start = at_;
    const auto read = [&] { return trimmed(text_.substr(start, at_ - start)); };
    for (; !at_line_end(); skip()) {
        const char c = peek();
        if (c != ',' && c != '}' && c != ']' && !at_comment()) continue;
        Hjson value = word(read());
        if (value.kind != Hjson::Kind::Text) return value;
        // A text goes on. Only so long can a number be.
        if (at_ - start > 64) break;
    }
    while (!at_line_end()) skip();
    Hjson value = word(read());
    if (const auto fit = fits(value.text); !fit.ok()) return fit.error();
    return value;
}

}  // namespace waypost::nncp
