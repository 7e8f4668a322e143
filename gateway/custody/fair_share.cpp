// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/fair_share.h"

#include "gateway/base/token_bucket.h"

namespace waypost {
namespace {

constexpr char kOwner[] = "outside share";

}  // namespace

bool within_outside_share(Ledger& ledger, const std::string& network) {
    const Box& box = ledger.box();
    const int an_hour = box.settings.outside_letters_per_hour;
    if (an_hour == 0 || !box.router.ordered(network)) return true;
    const BucketSize size{static_cast<double>(an_hour), static_cast<double>(an_hour)};
    auto& state = ledger.tables().state;
    auto bucket = TokenBucket::load(state.get(kOwner, network).value_or(""), size, box.box_ms());
    if (!bucket.take(size, 1, box.box_ms())) return false;
    state.put(kOwner, network, bucket.save());
    return true;
}

}  // namespace waypost
