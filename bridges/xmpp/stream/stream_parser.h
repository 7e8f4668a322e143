// SPDX-License-Identifier: Apache-2.0
// Reads one direction of an XMPP stream (RFC 6120) without I/O: bytes in, in any pieces; stanzas
// out. Memory is bounded whatever comes: a stanza over a limit is not kept but read past, and its
// head is told, so that one sender's stanza does not cost everybody the stream. What XMPP forbids
// (RFC 6120 11.1: comments, processing instructions, DTDs, entities of one's own) ends the stream.
// One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bridges/xmpp/stream/element.h"
#include "bridges/xmpp/stream/stanza_scanner.h"

namespace waypost::xmpp {

struct StreamLimits {
    std::size_t stanza_bytes = 256u << 10;  // as written on the wire
    std::size_t header_bytes = 8u << 10;    // the stream's start tag, with what stands before it
    std::size_t depth = 32;                 // of elements, the stanza itself being 1
    std::size_t elements = 4096;            // of one stanza
    std::size_t attributes = 64;            // of one element
    std::size_t name_bytes = 512;           // a name with its namespace
    std::size_t kept_bytes = 2u << 20;      // one stanza in memory: a short prefix may stand for a
                                            // long namespace many times
};

// What is known of a stanza that was read past. All are empty where its start tag alone was over
// the limit.
struct StanzaHead {
    std::string name;   // "message"
    std::string space;  // "jabber:component:accept"
    std::string id, from, to, type;
    std::string why;  // which limit, for the log: "more than 262144 bytes"
};

// A condition of RFC 6120 4.9.3, as its element is called ("not-well-formed"), and a sentence.
struct StreamError {
    std::string condition;
    std::string text;
};

// Called inside feed(), which they must not call.
class StreamEvents {
  public:
    virtual ~StreamEvents() = default;
    virtual void stream_opened(const Element& header) = 0;  // the root, with its attributes
    virtual void stream_stanza(Element stanza) = 0;
    virtual void stream_passed_over(StanzaHead head) = 0;
    // The last of either is the last call.
    virtual void stream_closed() = 0;
    virtual void stream_failed(StreamError error) = 0;
};

// The start tag that comes before all stanzas, of a stream whose default namespace is `space`.
std::string stream_start(std::string_view space);

class StanzaBuilder;

class StreamParser {
  public:
    explicit StreamParser(StreamEvents& events, StreamLimits limits = {});
    ~StreamParser();
    StreamParser(const StreamParser&) = delete;
    StreamParser& operator=(const StreamParser&) = delete;

    // False: the stream is over, nothing more is read.
    bool feed(std::string_view bytes);

  private:
    void piece(const Piece& piece, std::string_view bytes);
    void whole(PieceKind kind, std::string_view bytes);
    void header(std::string_view bytes);
    void stanza(std::string_view bytes);
    void too_long(const Piece& piece, std::string_view bytes);
    void renew();
    void fail(StreamError error);

    StreamEvents& events_;
    const StreamLimits limits_;
    StanzaScanner scanner_;
    std::unique_ptr<StanzaBuilder> builder_;
    std::string header_;     // the stream's start tag, to begin anew with
    std::string held_;       // the beginning of a piece whose rest has not come
    std::size_t built_ = 0;  // bytes that builder_ has seen
    bool passing_ = false;   // reading past the piece that scanner_ is in
    bool over_ = false;
};

}  // namespace waypost::xmpp
