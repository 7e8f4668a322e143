// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/stanza_scanner.h"

#include <algorithm>

namespace waypost::xmpp {
namespace {

constexpr std::string_view kCdata = "[CDATA[";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Piece StanzaScanner::next(std::string_view bytes) {
    if (begun_ && depth_ == 1 && at_ == At::Text) {
        const auto* const mark = std::find_if_not(bytes.begin(), bytes.end(), is_blank);
        const auto blank = static_cast<std::size_t>(mark - bytes.begin());
        if (blank > 0) return {PieceKind::Blank, blank, true};
        if (bytes.front() != '<') return {PieceKind::Text, 1, true};
    }
    const PieceKind kind = begun_ ? PieceKind::Stanza : PieceKind::Header;
    std::size_t used = 0;
    while ((used = skip(bytes, used)) < bytes.size()) {
        const bool ends = step(bytes[used++]);
        if (forbidden_) return {PieceKind::Markup, used, true};
        if (ends) return {ended_ ? PieceKind::End : kind, used, true};
    }
    return {kind, bytes.size(), false};
}

// Long runs go at once: to the character that ends what we are in.
std::size_t StanzaScanner::skip(std::string_view bytes, std::size_t from) const {
    const auto to = [&](char c) { return std::min(bytes.find(c, from), bytes.size()); };
    switch (at_) {
        case At::Text:
            return to('<');
        case At::Apostrophe:
            return to('\'');
        case At::Quote:
            return to('"');
        case At::EndTag:
            return to('>');
        case At::Cdata:
            return matched_ == 0 ? to(']') : from;
        default:
            return from;
    }
}

// True: the piece ends with this character.
bool StanzaScanner::step(char c) {
    switch (at_) {
        case At::Text:
            at_ = At::Open;
            return false;
        case At::Open:
            open(c);
            return at_ == At::Text;
        case At::Tag:
            if (c == '>') return start_tag_ends(before_ == '/');
            if (c == '\'') at_ = At::Apostrophe;
            if (c == '"') at_ = At::Quote;
            before_ = c;
            return false;
        case At::Apostrophe:
        case At::Quote:
            at_ = At::Tag;
            return false;
        case At::EndTag:
            return end_tag_ends();
        case At::Bang:
            forbidden_ = c != kCdata[matched_];
            if (++matched_ == kCdata.size()) {
                at_ = At::Cdata;
                matched_ = 0;
            }
            return false;
        case At::Cdata:
            cdata(c);
            return false;
        case At::Declaration:
            if (c == '>' && before_ == '?') at_ = At::Text;
            before_ = c;
            return false;
    }
    return false;
}

void StanzaScanner::open(char c) {
    before_ = c;
    matched_ = 0;
    switch (c) {
        case '/':
            at_ = At::EndTag;
            return;
        case '>':
            at_ = At::Text;
            return;  // <> ends the piece: the parser refuses it
        case '!':
            at_ = At::Bang;
            forbidden_ = depth_ < 2;  // nothing but stanzas may stand in the stream itself
            return;
        case '?':
            at_ = At::Declaration;
            forbidden_ = begun_;  // <?xml ?> may only come first
            return;
        default:
            at_ = At::Tag;
    }
}

void StanzaScanner::cdata(char c) {
    if (c == ']') {
        matched_ = std::min<std::size_t>(matched_ + 1, 2);
    } else {
        if (c == '>' && matched_ == 2) at_ = At::Text;
        matched_ = 0;
    }
}

bool StanzaScanner::start_tag_ends(bool empty) {
    at_ = At::Text;
    if (!empty) ++depth_;
    const bool header = !begun_;
    begun_ = true;
    return header || depth_ == 1;
}

bool StanzaScanner::end_tag_ends() {
    at_ = At::Text;
    begun_ = true;
    if (depth_ > 0) --depth_;
    ended_ = depth_ == 0;
    return depth_ <= 1;
}

}  // namespace waypost::xmpp
