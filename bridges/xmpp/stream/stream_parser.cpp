// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/stream_parser.h"

#include "bridges/xmpp/stream/stanza_builder.h"

namespace waypost::xmpp {
namespace {

using Outcome = StanzaBuilder::Outcome;

constexpr std::size_t kWorthKeeping = 64u << 10;

}  // namespace

std::string stream_start(std::string_view space) {
    std::string tag = "<stream:stream xmlns='";
    tag.append(space).append("' xmlns:stream='").append(kStreamSpace).append("'>");
    return tag;
}

StreamParser::StreamParser(StreamEvents& events, StreamLimits limits)
    : events_(events), limits_(limits), builder_(std::make_unique<StanzaBuilder>(limits_)) {}

StreamParser::~StreamParser() = default;

bool StreamParser::feed(std::string_view bytes) {
    while (!bytes.empty() && !over_) {
        const Piece next = scanner_.next(bytes);
        piece(next, bytes.substr(0, next.bytes));
        bytes.remove_prefix(next.bytes);
    }
    return !over_;
}

void StreamParser::piece(const Piece& piece, std::string_view bytes) {
    switch (piece.kind) {
        case PieceKind::Blank:
            return;
        case PieceKind::Text:
            return fail({"bad-format", "text between stanzas"});
        case PieceKind::Markup:
            return fail({"restricted-xml",
                         "comments, processing instructions and document types are not allowed"});
        default:
            break;
    }
    const std::size_t limit =
        piece.kind == PieceKind::Header ? limits_.header_bytes : limits_.stanza_bytes;
    if (passing_) {
        passing_ = !piece.complete;
        if (piece.complete && piece.kind == PieceKind::End) fail({"not-well-formed", "a long end"});
    } else if (held_.size() + bytes.size() > limit) {
        held_ += bytes.substr(0, limit - held_.size());
        too_long(piece, held_);
        held_.clear();
    } else if (!piece.complete) {
        held_ += bytes;
    } else if (held_.empty()) {
        whole(piece.kind, bytes);
    } else {
        held_ += bytes;
        whole(piece.kind, held_);
        held_.clear();
    }
    if (held_.empty() && held_.capacity() > kWorthKeeping) std::string().swap(held_);
}

void StreamParser::whole(PieceKind kind, std::string_view bytes) {
    if (kind == PieceKind::Header) return header(bytes);
    if (kind == PieceKind::Stanza) return stanza(bytes);
    if (builder_->end(bytes) != Outcome::Whole) return fail(builder_->error());
    over_ = true;
    events_.stream_closed();
}

void StreamParser::header(std::string_view bytes) {
    const Outcome outcome = builder_->header(bytes);
    if (outcome == Outcome::Bad) return fail(builder_->error());
    if (outcome == Outcome::Over) return fail({"policy-violation", builder_->why()});
    const Element& root = builder_->root();
    if (root.space() != kStreamSpace)
        return fail({"invalid-namespace", "this is no XMPP stream: " + root.space()});
    if (root.name() != "stream") return fail({"bad-format", "this is no XMPP stream"});
    header_ = bytes;
    events_.stream_opened(root);
}

void StreamParser::stanza(std::string_view bytes) {
    const Outcome outcome = builder_->stanza(bytes);
    if (outcome == Outcome::Bad) return fail(builder_->error());
    built_ += bytes.size();
    if (outcome == Outcome::Over) {
        StanzaHead head = builder_->head();
        renew();
        return events_.stream_passed_over(std::move(head));
    }
    Element stanza = std::move(builder_->result());
    if (built_ > limits_.stanza_bytes) renew();
    events_.stream_stanza(std::move(stanza));
}

// `begin`: as much of it as may be kept.
void StreamParser::too_long(const Piece& piece, std::string_view begin) {
    if (piece.kind == PieceKind::Header)
        return fail({"policy-violation", "the stream's start tag is too long"});
    builder_->beginning(begin);
    if (!builder_->error().condition.empty()) return fail(builder_->error());
    StanzaHead head = builder_->head();
    if (head.why.empty()) head.why = "more than " + std::to_string(limits_.stanza_bytes) + " bytes";
    renew();
    passing_ = !piece.complete;
    events_.stream_passed_over(std::move(head));
}

void StreamParser::renew() {
    builder_ = std::make_unique<StanzaBuilder>(limits_);
    built_ = 0;
    (void)builder_->header(header_);
}

void StreamParser::fail(StreamError error) {
    over_ = true;
    events_.stream_failed(std::move(error));
}

}  // namespace waypost::xmpp
