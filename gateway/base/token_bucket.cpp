// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/token_bucket.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace waypost {
namespace {

constexpr double kHourMs = 3'600'000;

}  // namespace

double TokenBucket::level(const BucketSize& size, std::int64_t now_ms) const {
    const auto passed = static_cast<double>(std::max<std::int64_t>(now_ms - at_ms_, 0));
    return std::min(size.most, level_ + passed / kHourMs * size.per_hour);
}

bool TokenBucket::take(const BucketSize& size, double tokens, std::int64_t now_ms) {
    const double now = level(size, now_ms);
    if (now < tokens) return false;
    level_ = now - tokens;
    at_ms_ = now_ms;
    return true;
}

void TokenBucket::spend(const BucketSize& size, double tokens, double least, std::int64_t now_ms) {
    level_ = std::clamp(level(size, now_ms) - tokens, least, size.most);
    at_ms_ = now_ms;
}

std::string TokenBucket::save() const {
    std::ostringstream out;
    out << level_ << ' ' << at_ms_;
    return out.str();
}

TokenBucket TokenBucket::load(const std::string& text, const BucketSize& size,
                              std::int64_t now_ms) {
    std::istringstream in(text);
    double level = 0;
    std::int64_t at = 0;
    if (!(in >> level >> at) || !std::isfinite(level)) return TokenBucket(size.most, now_ms);
    return TokenBucket(std::min(level, size.most), std::min(at, now_ms));
}

}  // namespace waypost
