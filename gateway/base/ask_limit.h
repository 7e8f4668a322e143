// SPDX-License-Identifier: Apache-2.0
// How often each may ask. Memory is bounded: where too many ask at once, those who come last share
// one measure. One thread at a time.
#pragma once

#include <map>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/token_bucket.h"

namespace waypost {

class AskLimit {
  public:
    explicit AskLimit(BucketSize size, std::size_t most = 1000) : size_(size), most_(most) {}
    // False: too often. It counts in any case but this one.
    bool may_ask(const std::string& who, BoxTime now);
    std::size_t known() const { return buckets_.size(); }

  private:
    TokenBucket& bucket_of(const std::string& who, std::int64_t now_ms);

    const BucketSize size_;
    const std::size_t most_;
    std::map<std::string, TokenBucket> buckets_;
    std::int64_t swept_ms_ = 0;
};

}  // namespace waypost
