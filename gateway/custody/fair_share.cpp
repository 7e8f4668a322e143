// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/fair_share.h"

#include <algorithm>

#include "gateway/base/token_bucket.h"

namespace waypost {
namespace {

constexpr char kOwner[] = "outside share";
constexpr std::chrono::minutes kShort{1};  // who waits longer than that meets a short channel
constexpr std::chrono::milliseconds kLongest = std::chrono::minutes(30);

}  // namespace

bool within_outside_share(Ledger& ledger, const std::string& network) {
    const Box& box = ledger.box();
    const int an_hour = box.settings->outside_letters_per_hour;
    if (an_hour == 0 || !box.router.ordered(network)) return true;
    const BucketSize size{static_cast<double>(an_hour), static_cast<double>(an_hour)};
    auto& state = ledger.tables().state;
    auto bucket = TokenBucket::load(state.get(kOwner, network).value_or(""), size, box.box_ms());
    if (!bucket.take(size, 1, box.box_ms())) return false;
    state.put(kOwner, network, bucket.save());
    return true;
}

std::optional<Waits> waits_for_air(Ledger& ledger, const std::string& owner,
                                   const std::string& network) {
    const Box& box = ledger.box();
    const int most = box.settings->letters_waiting;
    if (most == 0 || owner.empty() || !box.router.ordered(network)) return std::nullopt;
    const auto waits = ledger.tables().deliveries.waits_of(owner, network);
    const std::chrono::milliseconds waited(ledger.now() - waits.since_ms);
    if (waits.count < most || waited < kShort) return std::nullopt;
    return Waits{waits.count, std::min(waited, kLongest)};
}

}  // namespace waypost
