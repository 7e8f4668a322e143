// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/handheld.h"

namespace waypost::meshcore {
namespace {

constexpr int kMostTries = 3;

}  // namespace

Handheld::Handheld(Scheduler& scheduler, Node& node) : scheduler_(scheduler), node_(node) {
    node_.on_text = [this](const GotText& got) {
        const std::string what = got.from + std::to_string(got.plain.time) + got.plain.author +
                                 std::to_string(got.channel) + '\n' + got.plain.text;
        const bool copy = !shown_.insert(what).second;
        if (on_shown) on_shown(got, copy);
    };
    node_.on_ack = [this](std::uint32_t ack) {
        for (auto each = sent_.begin(); each != sent_.end(); ++each) {
            if (each->second.acks.count(ack) == 0) continue;
            const std::string text = each->second.text;
            sent_.erase(each);
            if (on_tick) on_tick(text, true);
            return;
        }
    };
    node_.on_response = [this](const std::string&, const std::string& plain) {
        if (on_joined && plain.size() > 4) on_joined(plain[4] == 0);
    };
}

bool Handheld::send(const std::string& key, const std::string& text) {
    const std::uint32_t time = node_.unique_time();
    sent_[time] = {key, text, time, 0, {}};
    if (transmit(time)) return true;
    sent_.erase(time);
    return false;
}

bool Handheld::transmit(std::uint32_t time) {
    Sent& sent = sent_.at(time);
    Contact* contact = node_.contact(sent.key);
    if (contact != nullptr && sent.tries == kMostTries - 1) contact->path_length = kNoPath;
    PlainText plain;
    plain.time = time;
    plain.text = sent.text;
    const auto launched = node_.send_text(sent.key, sent.tries, plain);
    if (!launched) return false;
    ++sent.tries;
    sent.acks.insert(launched->ack);
    scheduler_.after(milliseconds(launched->timeout_ms), [this, time, tries = sent.tries] {
        const auto found = sent_.find(time);
        if (found == sent_.end() || found->second.tries != tries) return;
        if (tries < kMostTries && transmit(time)) return;
        const std::string text = found->second.text;
        sent_.erase(time);
        if (on_tick) on_tick(text, false);
    });
    return true;
}

}  // namespace waypost::meshcore
