// SPDX-License-Identifier: Apache-2.0
// What the office says of the messages of many packets, and what becomes of each packet by that.
#include <algorithm>

#include "bridges/nncp/arrivals.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostHanded = 4u << 20;  // bytes of messages without a verdict
constexpr std::size_t kNameShown = 12;

}  // namespace

// A post of an area is marked as had when its handler returns: its verdicts are waited for.
Result<void> Arrivals::finish(Handed handed) {
    if (handed.arrival.area != nullptr) return conclude(handed);
    handed_bytes_ += handed.handing.bytes();
    handed_.push_back(std::move(handed));
    if (handed_bytes_ > kMostHanded) conclude_all();
    return {};
}

Result<void> Arrivals::settle(std::vector<Failure>& failed) {
    conclude_all();
    conclude_acks();
    const auto came_to_nothing = std::exchange(came_to_nothing_, {});
    const auto settled = LocalHandlers::settle(failed);
    failed.insert(failed.end(), came_to_nothing.begin(), came_to_nothing.end());
    return settled;
}

void Arrivals::conclude_all() {
    for (Handed& each : handed_) note_end(each.arrival, conclude(each));
    handed_.clear();
    handed_bytes_ = 0;
}

void Arrivals::note_end(const Arrival& arrival, const Result<void>& end) {
    if (!end.ok())
        came_to_nothing_.push_back({arrival.packet.name, end.error().text, end.error().retry});
}

Result<void> Arrivals::conclude(Handed& handed) {
    const Arrival& arrival = handed.arrival;
    const auto said = handed.handing.wait();
    if (!said.ok()) return said.error();
    messages_ += said->taken;
    const bool can_tell = arrival.sender != nullptr && arrival.area == nullptr;
    if (const auto told = tell(arrival, said->refused); !told.ok()) return told;
    for (const Refusal& each : said->refused) {
        log(Level::Info, "nncp", "refused",
            {{"packet", to_base32(arrival.packet.name).substr(0, kNameShown)}, {"why", each.text}});
    }
    if (said->taken > 0 || said->refused.empty() || handed.may_come_to_nothing) return {};
    const bool untold = std::all_of(said->refused.begin(), said->refused.end(),
                                    [](const Refusal& r) { return r.return_path.empty(); });
    if (can_tell && !untold) return {};
    return Error{Code::Refused, "nobody here takes it: " + said->refused.front().text, false};
}

}  // namespace waypost::nncp
