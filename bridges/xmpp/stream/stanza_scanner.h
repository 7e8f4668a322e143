// SPDX-License-Identifier: Apache-2.0
// Finds where the stream's start tag, each stanza and the end tag lie in the bytes, in constant
// memory and without understanding them: tags, quotes and CDATA alone. What it takes for a stanza
// must still be proved well-formed by a parser.
#pragma once

#include <cstddef>
#include <string_view>

namespace waypost::xmpp {

enum class PieceKind {
    Header,  // everything to the end of the stream's start tag
    Blank,   // white space between stanzas
    Stanza,  // while it is not complete, it may still be an End
    End,     // the stream's end tag
    Text,    // other characters between stanzas: not allowed
    Markup,  // a comment, processing instruction or declaration: not allowed
};

struct Piece {
    PieceKind kind;
    std::size_t bytes;  // of the input
    bool complete;      // the piece ends here; else its rest is still to come
};

class StanzaScanner {
  public:
    // The first piece of `bytes`, which are not empty; the next call gets what is behind it. After
    // End, Text and Markup nothing is asked.
    Piece next(std::string_view bytes);

  private:
    enum class At { Text, Open, Tag, Apostrophe, Quote, EndTag, Bang, Cdata, Declaration };
    std::size_t skip(std::string_view bytes, std::size_t from) const;
    bool step(char c);
    void open(char c);
    void cdata(char c);
    bool start_tag_ends(bool empty);
    bool end_tag_ends();

    At at_ = At::Text;
    std::size_t depth_ = 0;    // 1: between stanzas
    std::size_t matched_ = 0;  // of "[CDATA[" or "]]>"
    char before_ = 0;          // the last character of a tag outside of quotes
    bool begun_ = false;       // the header is read
    bool ended_ = false;
    bool forbidden_ = false;
};

}  // namespace waypost::xmpp
