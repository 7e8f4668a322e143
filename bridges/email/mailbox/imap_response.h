// SPDX-License-Identifier: Apache-2.0
// What an IMAP server says (RFC 3501 7), bytes to values: a response is a line, and where the line
// ends in {n}, the n bytes behind it and the line that goes on. Flat and bounded; nothing recurses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/email/mailbox/mail_wire.h"

namespace waypost::email {

struct ImapLimits {
    std::size_t line_bytes = 4u << 20;     // SEARCH names each mail: some 400,000
    std::size_t literal_bytes = 1u << 20;  // we ask for smaller pieces
    std::size_t answer_bytes = 16u << 20;  // all responses to one command
    std::size_t literals = 100;            // in one response
    std::size_t tokens = 20'000;           // looked at in one response
};

struct ImapResponse {
    // Its lines without their ends and without {n}; between two of them stands a literal.
    std::vector<std::string> lines;
    std::vector<std::string> literals;

    // "*", "+" or a tag, and the word behind it in upper case: "OK", "SEARCH", "3".
    std::string_view tag() const;
    std::string_view rest() const;  // of the first line, behind the tag
};

struct ImapToken {
    enum class Kind { Open, Close, Atom, Text } kind = Kind::Atom;
    std::string text;  // an atom as it stands; a quoted string or literal without its wrapping
};
// Behind the tag. Nullopt: a quote is not closed, or there are too many.
std::optional<std::vector<ImapToken>> tokens_of(const ImapResponse& response,
                                                const ImapLimits& limits = {});

// "[UIDVALIDITY 7] text" -> the words within the brackets; empty: there is no code.
std::vector<std::string> response_code(std::string_view text);

// A string as a command carries it; nullopt: it needs a literal.
std::optional<std::string> quoted(std::string_view text);

// The wire's bytes as responses. One thread.
class ImapReader {
  public:
    explicit ImapReader(MailWire& wire, ImapLimits limits = {}) : wire_(wire), limits_(limits) {}
    // A new command: so much may be read for it.
    void begin() { budget_ = limits_.answer_bytes; }
    Result<ImapResponse> next();
    bool unread() const { return at_ < buffer_.size(); }

  private:
    Result<void> fill();
    Result<std::string> line();
    Result<std::string> literal(std::size_t bytes);
    MailWire& wire_;
    const ImapLimits limits_;
    std::size_t budget_ = 0;
    std::string buffer_;  // from at_: not yet looked at
    std::size_t at_ = 0;
};

}  // namespace waypost::email
