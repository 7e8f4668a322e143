// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/unsent.h"

#include <utility>

namespace waypost::xmpp {
namespace {

bool is_refusal(const Element& stanza) {
    return stanza.name() == "message" && stanza.get("type") == "error";
}

}  // namespace

bool Unsent::send(Element stanza, const Write& write) {
    if (waiting_.empty() || down_) {
        const Sent sent = write(stanza);
        if (sent == Sent::Queued) return true;
        down_ = sent == Sent::Down;
    }
    if (down_ && !is_refusal(stanza)) return true;  // it would be out of date
    if (waiting_.size() >= (down_ ? kMostRefusals : kMost)) return false;
    waiting_.push_back(std::move(stanza));
    return true;
}

bool Unsent::go_on(const Write& write) {
    down_ = false;
    while (!waiting_.empty()) {
        const Sent sent = write(waiting_.front());
        if (sent == Sent::Down) stream_down();
        if (sent != Sent::Queued) return false;
        waiting_.pop_front();
    }
    return true;
}

void Unsent::stream_down() {
    down_ = true;
    std::erase_if(waiting_, [](const Element& each) { return !is_refusal(each); });
    if (waiting_.size() > kMostRefusals) waiting_.resize(kMostRefusals);
}

}  // namespace waypost::xmpp
