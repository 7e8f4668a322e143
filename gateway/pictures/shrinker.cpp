// SPDX-License-Identifier: Apache-2.0
#include "gateway/pictures/shrinker.h"

#include "gateway/pictures/helper.h"

namespace waypost {
namespace {

bool is_webp(const std::string& bytes) {
    return bytes.size() > 12 && bytes.compare(0, 4, "RIFF") == 0 &&
           bytes.compare(8, 4, "WEBP") == 0;
}

}  // namespace

Shrinker::Shrinker(std::string program, std::chrono::milliseconds patience)
    : program_(std::move(program)), patience_(patience) {}

Result<std::string> Shrinker::shrink(const WritePicture& write, std::size_t budget) {
    if (budget < kLeastBudget || budget > kMostBudget)
        return bad_input("a picture's budget is " + std::to_string(kLeastBudget) + " bytes to " +
                         std::to_string(kMostBudget >> 20) + " MiB");
    const auto small =
        run_helper({program_, {std::to_string(budget)}, write, budget, budget, patience_});
    if (small.ok() && !is_webp(*small)) return no_picture();
    return small;
}

}  // namespace waypost
