// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/mqtt/outbox.h"

namespace waypost::mqtt {
namespace {

std::size_t size_of(const MqttMessage& message) {
    return message.topic.size() + message.payload.size();
}

}  // namespace

void Outbox::put(MqttMessage message) {
    bytes_ += size_of(message);
    waiting_.emplace(++last_, std::move(message));
    make_room();
}

// What is under way may be with the broker already: it is let go on.
void Outbox::make_room() {
    while (!waiting_.empty() && (waiting() > limits_.messages || bytes_ > limits_.bytes)) {
        bytes_ -= size_of(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        ++given_up_;
    }
}

std::optional<Outbox::Next> Outbox::next() {
    if (waiting_.empty() || under_way_.size() >= limits_.under_way) return std::nullopt;
    const auto moved = under_way_.insert(waiting_.extract(waiting_.begin())).position;
    return Next{moved->first, moved->second};
}

void Outbox::answered(std::uint64_t number, bool has_it) {
    auto found = under_way_.extract(number);
    if (found.empty()) return;
    if (has_it) {
        bytes_ -= size_of(found.mapped());
        return;
    }
    waiting_.insert(std::move(found));
    make_room();
}

}  // namespace waypost::mqtt
