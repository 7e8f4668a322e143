// SPDX-License-Identifier: Apache-2.0
// Bytes of a pipe as lines. What is longer than a line may be is passed over up to its end, and
// said to be so once; what comes behind it is read as ever.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace waypost::exec {

struct CutLine {
    std::string text;  // without its end; empty where it was too long
    bool too_long = false;
};

// Keeps one unfinished line at most, and the lines that nobody took yet. Not thread-safe.
class LineCutter {
  public:
    explicit LineCutter(std::size_t most) : most_(most) {}

    void feed(std::string_view bytes);
    std::optional<CutLine> next();
    bool has_lines() const { return !lines_.empty(); }

  private:
    void end_line();

    std::size_t most_;
    std::string open_;
    bool too_long_ = false;  // the open one
    std::deque<CutLine> lines_;
};

}  // namespace waypost::exec
