// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/radio/trunk/transport/radio_box.h"

#include <algorithm>

#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::trunk {

RadioBox::RadioBox(Channel& channel, const std::string& name, std::uint64_t seed)
    : unpack([](std::string_view packed, std::size_t) -> Result<std::string> {
          return std::string(packed);
      }),
      channel_(channel),
      name_(name),
      random_(seeded_random(seed)) {
    office.own_domain = name + ".example";
    for (std::uint64_t i = 0; i < seed; ++i) office.random().below(2);  // no two boxes think alike
    number_ = channel_.join([this](const std::string& packet, BoxTime now) {
        if (!radio_ || static_cast<double>(random_->below(1000)) < loss * 1000) return;
        radio_->heard({packet, {}, {}, 5.0F}, now);
    });
}

void RadioBox::pair(const std::string& other, char psk, bool second) {
    pairs_.push_back({other, psk, second, {}, {}});
}

PostOptions RadioBox::options(const Pair& pair) const {
    PostOptions options;
    options.peer = pair.other;
    options.domain = pair.other + ".example";
    options.link.psk = Secret(std::string(kKey, pair.psk));
    options.link.second = pair.second;
    options.pack = [](std::string_view text) { return std::string(text); };
    options.unpack = unpack;
    options.casts = casts;
    return options;
}

void RadioBox::open(BoxTime now) {
    close();
    radio_ = std::make_unique<SharedRadio>(*this, office.random());
    for (Pair& each : pairs_) {
        each.air = std::make_unique<SharedAir>(*this, radio_->turns());
        each.post = std::make_unique<TrunkPost>("trunk." + each.other, options(each), office,
                                                *each.air, [] {});
        each.air->speaks_for(*each.post);
        radio_->join(*each.post);
    }
    radio_->run(now);
}

void RadioBox::close() {
    ++life_;
    channel_.gone(number_);
    radio_.reset();
    for (Pair& each : pairs_) each.post.reset();
}

void RadioBox::run(BoxTime now) {
    if (!radio_) return;
    radio_->run(now);
    const auto leaving = radio_->frame();
    if (!leaving) return;
    if (left == cut_at) return close();
    ++left;
    const FrameOut& frame = leaving->frame;
    channel_.send(number_, frame.bytes, now, [this, id = frame.id, life = life_](BoxTime end) {
        if (life == life_) radio_->fate({id, FrameFate::Sent, 0}, end);
    });
}

TrunkPost& RadioBox::post(const std::string& other) {
    for (Pair& each : pairs_)
        if (each.other == other) return *each.post;
    throw std::logic_error("no neighbour " + other);
}

FrameLimits RadioBox::limits() const {
    FrameLimits limits;
    limits.payload = 255;
    return limits;
}

std::set<std::string> RadioBox::kept() const {
    std::set<std::string> kept;
    for (const Message& each : office.accepted)
        if (!each.fate) kept.insert(each.to.at(0).value + ": " + each.text);
    return kept;
}

std::vector<Outcome::Kind> RadioBox::outcomes() const {
    std::vector<Outcome::Kind> kinds;
    for (const auto& [attempt, outcome] : office.reports) kinds.push_back(outcome.kind);
    return kinds;
}

Villages::Villages(std::vector<std::string> names, ChannelOptions weather)
    : channel(weather), hill(channel, "hill", 1) {
    char psk = 'a';
    for (const std::string& name : names) {
        hill.pair(name, psk, false);
        auto& other = others[name] =
            std::make_unique<RadioBox>(channel, name, static_cast<std::uint64_t>(psk));
        other->pair("hill", psk++, true);
        other->open(now);
    }
    hill.open(now);
}

void Villages::run(milliseconds time) {
    const BoxTime until = now + time;
    for (;;) {
        // What the offices said meanwhile is done first, in no time.
        BoxTime next = BoxTime::max();
        for (int i = 0; i < 5; ++i) {
            hill.run(now);
            for (auto& [name, box] : others) box->run(now);
        }
        next = std::min(channel.next(), hill.next());
        for (auto& [name, box] : others) next = std::min(next, box->next());
        if (next > until) break;
        now = std::max(now, next);
        while (channel.next() <= now) channel.run(now);
    }
    now = until;
}

Delivery Villages::letter(const std::string& to, const std::string& text, MessageId message) {
    return letter_of_ana(++deliveries_, to, text, message);
}

}  // namespace waypost::trunk
