// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/text.h"

#include <utf8proc.h>

#include <algorithm>

namespace waypost {
namespace {

constexpr utf8proc_int32_t kReplacement = 0xFFFD;

bool unwanted(utf8proc_int32_t c) {
    const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
    const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return control || direction;
}

// Beside what `unwanted` names: marks of direction, and what has no width.
bool invisible(utf8proc_int32_t c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_space(utf8proc_int32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x3000;
}

// Most text is plain ASCII, and goes in runs instead of by code points: how many bytes of printable
// ASCII it begins with, white space left out.
std::size_t plain_run(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && text[size] > ' ' && text[size] < 0x7f) ++size;
    return size;
}

// Bytes of the first grapheme of valid UTF-8.
std::size_t grapheme(std::string_view text) {
    CodePoint point = first_code_point(text);
    std::size_t used = point.bytes;
    utf8proc_int32_t state = 0;
    while (used < text.size()) {
        const CodePoint follower = first_code_point(text.substr(used));
        if (follower.value < 0 ||
            utf8proc_grapheme_break_stateful(point.value, follower.value, &state)) {
            break;
        }
        used += follower.bytes;
        point = follower;
    }
    return used;
}

// The longest prefix of whole code points: for a grapheme that is too long by itself.
std::size_t whole_points(std::string_view text, std::size_t bytes) {
    std::size_t used = 0;
    while (used < text.size()) {
        const std::size_t size = first_code_point(text.substr(used)).bytes;
        if (used + size > bytes) break;
        used += size;
    }
    return used;
}

// Where a page of at most `bytes` ends: after the last white space of its last third, if any.
std::size_t page_end(std::string_view text, std::size_t bytes) {
    const std::size_t longest = cut_bytes(text, bytes).size();
    if (longest == text.size()) return longest;
    if (longest == 0) return std::max(whole_points(text, bytes), first_code_point(text).bytes);
    for (std::size_t i = longest; i > longest - longest / 3; --i) {
        const char c = text[i - 1];
        if (c == ' ' || c == '\n' || c == '\t') return i;
    }
    return longest;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return {first, 1};
    utf8proc_int32_t value = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &value);
    if (size <= 0) return {-1, 1};
    return {value, static_cast<std::size_t>(size)};
}

void append_code_point(std::string& out, utf8proc_int32_t value) {
    utf8proc_uint8_t bytes[4];
    const auto size = utf8proc_encode_char(value, bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const CodePoint point = first_code_point(bytes);
        if (point.value < 0) return false;
        bytes.remove_prefix(point.bytes);
    }
    return true;
}

std::string clean_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t plain = plain_run(bytes);
        out.append(bytes.substr(0, plain));
        bytes.remove_prefix(plain);
        if (bytes.empty()) break;
        const CodePoint point = first_code_point(bytes);
        if (point.value < 0) {
            append_code_point(out, kReplacement);
        } else if (!unwanted(point.value)) {
            out.append(bytes.substr(0, point.bytes));
        }
        bytes.remove_prefix(point.bytes);
    }
    return out;
}

std::string_view cut_bytes(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    std::size_t used = 0;
    while (used < text.size()) {
        const std::size_t size = grapheme(text.substr(used));
        if (used + size > bytes) break;
        used += size;
    }
    return text.substr(0, used);
}

std::vector<std::string> split_pages(std::string_view text, std::size_t bytes) {
    std::vector<std::string> pages;
    while (!text.empty()) {
        const std::size_t end = page_end(text, bytes);
        pages.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return pages;
}

namespace {

std::string visible(std::string_view text, bool keep_joiners) {
    const std::string clean = clean_utf8(text);
    if (is_ascii(clean)) return squeeze(clean);
    std::string out;
    each_code_point(clean, [&](std::int32_t c, std::string_view bytes) {
        const bool joiner = c == 0x200C || c == 0x200D;
        if (!invisible(c) || (joiner && keep_joiners)) out.append(bytes);
    });
    return squeeze(out);
}

}  // namespace

std::string squeeze(std::string_view text) {
    std::string out;
    bool gap = false;
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (is_space(point.value)) {
            gap = true;
            text.remove_prefix(point.bytes);
            continue;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        const std::size_t word = std::max(plain_run(text), point.bytes);
        out.append(text.substr(0, word));
        text.remove_prefix(word);
    }
    return out;
}

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

std::string upper_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_blank(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (!is_space(point.value)) return false;
        text.remove_prefix(point.bytes);
    }
    return true;
}

std::string clean_name(std::string_view text) { return visible(text, false); }
std::string clean_title(std::string_view text) { return visible(text, true); }

std::string one_line(std::string_view text, std::size_t bytes) {
    static constexpr std::string_view kEllipsis = "\u2026";
    const std::string line = squeeze(text);
    if (line.size() <= bytes) return line;
    if (bytes < kEllipsis.size()) return {};
    return std::string(cut_bytes(line, bytes - kEllipsis.size())) + std::string(kEllipsis);
}

std::string short_size(std::size_t bytes) {
    static constexpr std::string_view kUnits[] = {"", "k", "M", "G", "T"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < std::size(kUnits)) {
        value /= 1024;
        ++unit;
    }
    if (unit == 0) return std::to_string(bytes);
    const auto tenths = static_cast<long>(value * 10 + 0.5);
    std::string text = std::to_string(tenths / 10);
    if (tenths < 100) text += '.' + std::to_string(tenths % 10);
    return text + std::string(kUnits[unit]);
}

RoundTime round_time(std::chrono::milliseconds time) {
    const long long seconds = std::max<long long>(time.count(), 0) / 1000;
    const long long minutes = seconds / 60;
    if (seconds < 90 && seconds != 60) return {seconds, 's'};
    if (minutes < 90 && minutes != 60) return {minutes, 'm'};
    if (seconds < 36 * 3600) return {minutes / 60, 'h'};
    return {seconds / 86400, 'd'};
}

std::string short_time(std::chrono::milliseconds time) {
    const RoundTime round = round_time(time);
    return std::to_string(round.count) + round.unit;
}

}  // namespace waypost
