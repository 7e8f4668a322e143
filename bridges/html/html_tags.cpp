// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/html_tags.h"

#include <algorithm>

namespace waypost {
namespace {

constexpr std::size_t kLongestTag = 4096;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "b" of "<b ...", "/b" of "</b": what is left of a tag that is too long.
std::string_view name_of(std::string_view tag) {
    std::size_t end = 1;
    if (end < tag.size() && tag[end] == '/') ++end;
    while (end < tag.size() && (is_letter(tag[end]) || (tag[end] >= '0' && tag[end] <= '9'))) ++end;
    return tag.substr(0, end);
}

// The place after what begins at `at` with '<', and whether it is a tag.
struct Piece {
    std::size_t end = 0;
    enum { Tag, LongTag, Hidden, Text } kind = Text;
};

// `no_more` remembers what was looked for and not found, so that nothing is looked for twice.
struct Missing {
    bool comment_end = false;
    bool tag_end = false;
};

Piece read_piece(std::string_view html, std::size_t at, Missing& missing) {
    const char next = at + 1 < html.size() ? html[at + 1] : ' ';
    if (html.substr(at, 4) == "<!--" && !missing.comment_end) {
        const std::size_t end = html.find("-->", at + 2);
        if (end != std::string_view::npos) return {end + 3, Piece::Hidden};
        missing.comment_end = true;
    }
    if (missing.tag_end || (!is_letter(next) && next != '/' && next != '!' && next != '?'))
        return {at + 1, Piece::Text};
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos) {
        missing.tag_end = true;
        return {at + 1, Piece::Text};
    }
    if (next == '!' || next == '?') return {end + 1, Piece::Hidden};
    return {end + 1, end - at > kLongestTag ? Piece::LongTag : Piece::Tag};
}

template <class OnPiece>
std::string rewrite(std::string_view html, OnPiece on_piece) {
    std::string out;
    out.reserve(html.size());
    Missing missing;
    for (std::size_t at = 0; at < html.size();) {
        const std::size_t open = std::min(html.find('<', at), html.size());
        out.append(html.substr(at, open - at));
        if (open == html.size()) break;
        const Piece piece = read_piece(html, open, missing);
        on_piece(out, piece, html.substr(open, piece.end - open));
        at = piece.end;
    }
    return out;
}

}  // namespace

std::string plain_tags(std::string_view html) {
    return rewrite(html, [](std::string& out, const Piece& piece, std::string_view text) {
        if (piece.kind == Piece::Text) out += "&lt;";
        if (piece.kind == Piece::Tag) out.append(text);
        if (piece.kind == Piece::LongTag) out.append(name_of(text)).append(">");
    });
}

std::string without_tags(std::string_view html) {
    return rewrite(html, [](std::string& out, const Piece& piece, std::string_view) {
        if (piece.kind == Piece::Text) out += '<';
        if (piece.kind == Piece::Tag || piece.kind == Piece::LongTag) out += ' ';
    });
}

}  // namespace waypost
