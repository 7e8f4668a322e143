// SPDX-License-Identifier: Apache-2.0
// What the office does about strangers by itself: it tells people of mail that waits for their
// consent, and bounds how many radios without a name are remembered.
#include "gateway/custody/forgetting.h"
#include "gateway/custody/held_line.h"
#include "gateway/delivery/office.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStrangerHour = std::chrono::hours(1);
constexpr int kStrangersPerHour = 200;  // new ones that are remembered

}  // namespace

void GatewayOffice::tell_what_waits(const std::string& after) {
    auto last = std::make_shared<std::string>();
    submit(
        [after, last](Ledger& ledger) {
            *last = tell_what_waits_to_all(ledger, after, kBatch);
            return !last->empty();
        },
        [this, last] { tell_what_waits(*last); });
}

void GatewayOffice::forget_unheard() {
    submit([](Ledger& ledger) { return forget_strangers(ledger, kBatch) == kBatch; },
           [this] { forget_unheard(); });
}

// Node numbers cost nothing: who makes up thousands must not fill the store with them. Who is
// turned away is taken in when he is heard later; what he says is answered in any case.
bool GatewayOffice::room_for_stranger() {
    const store::Ms now = box_.box_ms();
    const std::lock_guard lock(mutex_);
    if (strangers_since_ == 0 || now - strangers_since_ >= kStrangerHour.count()) {
        strangers_since_ = now;
        strangers_ = 0;
    }
    return ++strangers_ <= kStrangersPerHour;
}

}  // namespace waypost
