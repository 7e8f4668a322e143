// SPDX-License-Identifier: Apache-2.0
// The compact form in which messages and what became of them travel between two Waypost boxes, many
// in one packet: the bytes "WPB", the version, and a protobuf of post.proto. A message is known on
// every way by origin box and number, which its Message-ID says. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/message/delivery.h"

namespace waypost::post {

inline constexpr std::uint8_t kVersion = 1;

struct Limits {
    std::size_t bytes = 64u << 20;  // of a batch
    int letters = 1000;             // of a batch; as many events
    int copies = 100;               // of a letter
    int references = 50;
    std::size_t text_bytes = 1u << 20;
    std::size_t line_bytes = 1000;  // of all else: ids, names, subjects
};

// One recipient of a letter.
struct Copy {
    Address to;
    Address return_path;  // empty: no reports
    Wish wish;
    std::string envelope_id;
};

struct Letter {
    std::string id;  // "<1abc.0f0f@hill.example>"
    Address from;
    std::string from_name;
    std::string subject;
    std::string text;
    std::vector<std::string> references;  // nearest first
    std::int64_t written = 0;             // Unix seconds
    Priority priority = Priority::Normal;
    bool automatic = false;
    std::string mail;  // RFC 5322: then it says all but id, from, priority and copies
    std::vector<Copy> copies;
};

// What became of one copy of a letter that the other box had sent.
struct Event {
    std::string id;
    Address to;  // the copy's return path
    Address recipient;
    Report::Action action = Report::Action::Delivered;
    std::string status;      // "2.0.0"
    std::string diagnostic;  // one line
    std::string envelope_id;
    std::string original_recipient;  // with its type; may be empty
    std::int64_t at = 0;             // Unix seconds
};

// A letter that cannot be taken: what of it could be read, and why. Without an address where there
// is none.
struct SpoiledLetter {
    Letter letter;
    std::string why;
};

struct Batch {
    std::string origin;  // mail domain of the box that wrote it
    std::vector<Letter> letters;
    std::vector<Event> events;
    std::vector<SpoiledLetter> spoiled{};  // of a batch that was read; never written
};

std::string encode(const Batch& batch);
// Letters that make no sense are `spoiled`, such events are left out; the others are taken. Errors:
// Conflict: a version that this box does not know, named in the text;
// BadInput and TooLarge: anything else.
Result<Batch> decode_batch(std::string_view bytes, const Limits& limits = {});

}  // namespace waypost::post
