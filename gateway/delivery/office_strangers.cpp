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
constexpr int kBatch = 200;

}  // namespace

void GatewayOffice::tell_what_waits(const std::string& after) {
    auto effects = std::make_shared<Effects>();
    auto last = std::make_shared<std::string>();
    box_.store.writer().submit(
        [this, after, effects, last](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            *last = tell_what_waits_to_all(ledger, after, kBatch);
        },
        [this, effects, last](const Result<void>& stored) {
            if (!stored.ok()) return;
            follow(*effects);
            if (!last->empty() && !closing()) tell_what_waits(*last);
        });
}

void GatewayOffice::forget_unheard() {
    auto effects = std::make_shared<Effects>();
    auto gone = std::make_shared<std::size_t>(0);
    box_.store.writer().submit(
        [this, effects, gone](store::Tables& tables) {
            *effects = {};
            Ledger ledger(tables, box_, *effects);
            *gone = forget_strangers(ledger, kBatch);
        },
        [this, effects, gone](const Result<void>& stored) {
            if (!stored.ok()) return;
            follow(*effects);
            if (*gone == kBatch && !closing()) forget_unheard();
        });
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
