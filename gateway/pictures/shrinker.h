// SPDX-License-Identifier: Apache-2.0
// Makes a picture small enough for a link, in a process of its own: what a stranger's picture does
// to a decoder ends with that process, which may take little memory and time and open nothing. The
// gateway itself never looks into a picture.
#pragma once

#include <chrono>
#include <functional>
#include <ostream>
#include <string>

#include "gateway/base/result.h"
#include "gateway/pictures/shrink_end.h"

namespace waypost {

// Thread-safe; one picture at a time in this process, whoever asks, for the sake of the memory of a
// small box.
class Shrinker {
  public:
    // `program`: the path of waypost-shrink. It is looked for when it is needed.
    explicit Shrinker(std::string program,
                      std::chrono::milliseconds patience = std::chrono::seconds(60));

    using WritePicture = std::function<Result<void>(std::ostream&)>;
    // A WebP of at most `budget` bytes, upright and without metadata. `write` gives the original.
    // Errors: BadInput (no picture that it reads, or a damaged one), TooLarge (too many bytes or
    // pixels, or it does not fit), Busy (others are being made), Timeout, Internal (the program is
    // not there), and those of `write`.
    Result<std::string> shrink(const WritePicture& write, std::size_t budget);

  private:
    const std::string program_;
    const std::chrono::milliseconds patience_;
};

}  // namespace waypost
