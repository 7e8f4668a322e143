// SPDX-License-Identifier: Apache-2.0
// A token bucket: so many at once, so many an hour. Units are the caller's: lines, mails,
// milliseconds of airtime. Values only; time comes in from outside, in milliseconds that only move
// forward (box time).
#pragma once

#include <cstdint>
#include <string>

namespace waypost {

struct BucketSize {
    double most = 0;
    double per_hour = 0;
};

class TokenBucket {
  public:
    explicit TokenBucket(double level = 0, std::int64_t at_ms = 0) : level_(level), at_ms_(at_ms) {}

    // What is in it by now; below zero after spend() of more than there was.
    double level(const BucketSize& size, std::int64_t now_ms) const;
    // False, and nothing is taken: there is less in it.
    bool take(const BucketSize& size, double tokens, std::int64_t now_ms);
    // Down to `least`; negative tokens are given back.
    void spend(const BucketSize& size, double tokens, double least, std::int64_t now_ms);

    // A short text for the store, and back; rubbish counts as full.
    std::string save() const;
    static TokenBucket load(const std::string& text, const BucketSize& size, std::int64_t now_ms);

  private:
    double level_;
    std::int64_t at_ms_;
};

}  // namespace waypost
