// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/radio/reticulum/resource/link_pair.h"

#include <stdexcept>

#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

constexpr int kMostSteps = 200'000;
const std::string kKeys(kTokenKeys, 'k');

}  // namespace

std::string noise(std::size_t count, std::uint64_t seed) {
    return random_bytes(*seeded_random(seed), count);
}

LinkPair::LinkPair(std::uint64_t seed) : random_(seeded_random(seed)) {
    link.seal = [this](std::string_view plain) {
        return seal_token(kKeys, plain, random_bytes(*random_, 16));
    };
    link.open = [](std::string_view token) -> std::optional<std::string> {
        auto plain = open_token(kKeys, token);
        return plain.ok() ? std::optional(*plain) : std::nullopt;
    };
    link.rtt = milliseconds(100);
}

void LinkPair::begin(std::string_view data, bool compress) {
    auto made = OutgoingResource::make(data, link, *random_, compress);
    if (!made.ok()) throw std::logic_error(made.error().text);
    sending.emplace(std::move(*made));
    put(sending->start(now), true);
}

void LinkPair::put(const ResourceFrames& sent, bool to_receiver) {
    for (const ResourceFrame& frame : sent) {
        ++frames[frame.context];
        if (frame.context == Context::ResourceRequest)
            requests.push_back(parse_part_request(frame.body).value());
        const milliseconds time = way ? way(frame) : milliseconds(50);
        for (const ResourceFrame& each : line ? line(frame) : ResourceFrames{frame})
            on_way_.insert({now + time, {each, to_receiver}});
    }
}

void LinkPair::advertised(const ResourceFrame& frame) {
    const auto parsed = parse_advertisement(frame.body);
    if (coming || !parsed.ok()) return;
    advertisement = *parsed;
    auto accepted = IncomingResource::accept(*parsed, link, limits);
    if (!accepted.ok()) return put({refuse_resource(parsed->hash)}, false);
    coming.emplace(std::move(*accepted));
    put(coming->start(now), false);
}

void LinkPair::arrive(const ResourceFrame& frame, bool to_receiver) {
    if (!to_receiver) return put(sending->receive(frame, now), true);
    if (frame.context == Context::ResourceAdvertisement) advertised(frame);
    if (!coming) return;
    if (frame.context == Context::CacheRequest)
        for (const ResourceFrame& kept : coming->proof_again())
            if (kept.body == frame.body) put({kept}, false);
    put(coming->receive(frame, now), false);
    if (coming->state() != IncomingResource::State::Whole || !delivered.empty()) return;
    delivered = coming->data();
    if (keeps) put(coming->prove(), false);
}

BoxTime LinkPair::next() const {
    BoxTime time = on_way_.empty() ? BoxTime::max() : on_way_.begin()->first;
    if (sending) time = std::min(time, sending->next_tick());
    if (coming) time = std::min(time, coming->next_tick());
    return time;
}

void LinkPair::tick() {
    if (sending) put(sending->tick(now), true);
    if (coming) put(coming->tick(now), false);
}

void LinkPair::run() {
    for (int steps = 0; next() != BoxTime::max(); ++steps) {
        if (steps > kMostSteps) throw std::logic_error("it does not come to an end");
        now = std::max(now, next());
        while (!on_way_.empty() && on_way_.begin()->first <= now) {
            const OnWay first = on_way_.begin()->second;
            on_way_.erase(on_way_.begin());
            arrive(first.frame, first.to_receiver);
        }
        tick();
    }
}

}  // namespace waypost::reticulum
