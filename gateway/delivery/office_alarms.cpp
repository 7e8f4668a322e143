// SPDX-License-Identifier: Apache-2.0
// What the office does about alarms and silence as time goes by.
#include <algorithm>
#include <cmath>

#include "gateway/custody/alarm.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/check_in.h"
#include "gateway/delivery/office.h"

namespace waypost {
namespace {

constexpr std::int64_t kFuture = 5 * 60;  // seconds by which a radio's clock may be ahead of ours

}  // namespace

std::optional<store::Ms> GatewayOffice::next_call() {
    const auto due = box_.store.read([](store::Tables& t) {
        const auto alarm = t.alarms.next_due();
        const auto check = t.check_ins.next_due();
        return alarm && check ? std::min(alarm, check) : alarm ? alarm : check;
    });
    return due.ok() ? due.value() : std::nullopt;
}

// What is due is read again inside the transaction, so that nothing is told twice for one time,
// however often this is called and whenever the box is killed.
void GatewayOffice::keep_alarms() {
    const auto next = next_call();
    if (!next || *next > box_.box_ms()) return;
    submit(
        [](Ledger& ledger) {
            const bool more = Alarms(ledger).act();
            return act_on_silence(ledger) || more;
        },
        [this] { keep_alarms(); });
}

// A time of a day ago or more, or one to come, is the radio's wrong clock.
void GatewayOffice::note_place(const Address& node, const Place& place) {
    const store::Ms now = box_.wall_ms();
    const bool own_time = place.at != 0 && place.at <= now / 1000 + kFuture;
    const store::Ms at = own_time ? std::min<store::Ms>(place.at * 1000, now) : now;
    if (at < now - milliseconds(kKeepPlaces).count()) return;
    const store::PlaceRow row{node, std::llround(place.latitude * 1e7),
                              std::llround(place.longitude * 1e7), place.metres, at};
    box_.store.writer().submit([row](store::Tables& tables) { tables.places.put(row); }, {});
}

}  // namespace waypost
