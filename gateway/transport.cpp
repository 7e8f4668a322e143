// SPDX-License-Identifier: Apache-2.0
#include "gateway/transport.h"

#include <future>

namespace waypost {

std::vector<Verdict> Office::accept_and_wait(Message message) {
    std::promise<std::vector<Verdict>> promise;
    auto future = promise.get_future();
    accept(std::move(message),
           [&promise](std::vector<Verdict> verdicts) { promise.set_value(std::move(verdicts)); });
    return future.get();
}

bool TransportState::wait_durable() {
    const auto on_disk = std::make_shared<std::promise<bool>>();
    auto stored = on_disk->get_future();
    when_durable([on_disk](bool is) { on_disk->set_value(is); });
    return stored.get();
}

}  // namespace waypost
