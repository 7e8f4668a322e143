// SPDX-License-Identifier: Apache-2.0
// A transport that is stopped and comes back while the gateway runs on: GatewayOffice's part.
#include <thread>

#include "gateway/base/log.h"
#include "gateway/delivery/office.h"

namespace waypost {
namespace {

constexpr milliseconds kLook{10};

}  // namespace

Result<void> GatewayOffice::set_aside(const TransportId& id, milliseconds patience) {
    {
        const std::lock_guard lock(mutex_);
        if (!unwritten_.empty())
            return Error{Code::Busy, "the store fails: what was sent is not on record yet", true};
    }
    auto transport = transports_.remove(id);  // it is handed nothing more
    if (!transport) return {};
    const std::string network = transport->network();
    for (milliseconds waited{0}; waited < patience && dispatcher_.held_by(id) > 0; waited += kLook)
        std::this_thread::sleep_for(kLook);
    transport->stop();
    // Whoever found it just before has his own pointer, the dispatcher that hands over among them.
    while (transport.use_count() > 1) std::this_thread::sleep_for(kLook);
    // Jobs commit in the order of submission: all that it said is on record before this, and its
    // callbacks have run.
    std::size_t resumed = 0;
    const auto stored = box_.store.writer().run(
        [&resumed, id](store::Tables& tables) { resumed = tables.deliveries.resume_sending(id); });
    transport.reset();
    if (!stored.ok()) return stored.error();
    log(Level::Info, "gateway", "set-aside",
        {{"transport", id}, {"resumed", std::to_string(resumed)}});
    dispatcher_.release_all_of(id);
    dispatcher_.wake(network);
    return {};
}

}  // namespace waypost
