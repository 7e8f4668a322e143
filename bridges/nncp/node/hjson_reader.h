// SPDX-License-Identifier: Apache-2.0
// What parse_hjson() consists of: where we are in the text, and the words found there.
#pragma once

#include "bridges/nncp/node/hjson.h"

namespace waypost::nncp {

// Goes through the text once. Lines end with \n.
class HjsonCursor {
  public:
    HjsonCursor(std::string_view text, const HjsonLimits& limits) : text_(text), limits_(limits) {}

    bool at_end() const { return at_ == text_.size(); }
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    bool sees(std::string_view word) const { return text_.substr(at_).starts_with(word); }
    bool at_line_end() const { return at_end() || peek() == '\n' || peek() == '\r'; }
    bool at_comment() const { return peek() == '#' || sees("//") || sees("/*"); }
    void skip(std::size_t bytes = 1);
    int line() const { return line_; }
    int column() const { return static_cast<int>(at_ - line_start_) + 1; }
    Error wrong(const std::string& what) const;
    Error wrong_at(int line, int column, const std::string& what) const;

    Result<void> skip_space();  // and comments
    Result<std::string> key();
    // In "", '' or '''.
    Result<std::string> quoted();
    // To the end of the line, or a number, true, false or null.
    Result<Hjson> unquoted();

  private:
    Result<void> escape(std::string& into);
    Result<unsigned> hex4();
    Result<std::string> several_lines();
    Result<void> fits(const std::string& text) const;

    std::string_view text_;
    const HjsonLimits& limits_;
    std::size_t at_ = 0, line_start_ = 0;
    int line_ = 1;
};

}  // namespace waypost::nncp
