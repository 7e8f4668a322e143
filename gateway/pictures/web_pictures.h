// SPDX-License-Identifier: Apache-2.0
// Makes a stranger's or a villager's picture fit for other people's programs: a JPEG, upright, of a
// size that a link can bear, without metadata: no place, no camera. By waypost-shrink, as
// shrinker.h says.
#pragma once

#include <chrono>
#include <string>

#include "gateway/base/result.h"
#include "gateway/pictures/shrinker.h"
#include "gateway/pictures/web_limits.h"

namespace waypost {

struct WebPictureOptions {
    std::string program;             // path of waypost-shrink; empty: beside the program that runs
    int side = 1280;                 // most pixels of the longest side, kLeastWebSide..kMostWebSide
    int quality = 75;                // of JPEG, 1..100; less where it does not fit
    std::size_t bytes = 512u << 10;  // most of one picture, kLeastBudget..kMostBudget
};

struct WebPicture {
    std::string jpeg;
    int width = 0, height = 0;
};

// Where waypost-shrink lies: beside the program that runs.
std::string shrink_program();

// Thread-safe; waits for its turn as a Shrinker does.
class WebPictures {
  public:
    explicit WebPictures(WebPictureOptions options,
                         std::chrono::milliseconds patience = std::chrono::seconds(60));

    // Errors as of Shrinker::shrink.
    Result<WebPicture> make(const Shrinker::WritePicture& write);
    Result<WebPicture> make(const std::string& file);

  private:
    const WebPictureOptions options_;
    const std::chrono::milliseconds patience_;
};

}  // namespace waypost
