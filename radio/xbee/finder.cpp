// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/finder.h"

#include <algorithm>
#include <iterator>

#include "radio/xbee/at_value.h"
#include "radio/xbee/packet.h"

namespace waypost::xbee {
namespace {

constexpr milliseconds kProbeWait{500};
constexpr int kProbes = 2;
constexpr std::uint8_t kProbeId = 1;

}  // namespace

void Finder::start(ApiMode wanted, BoxTime now) {
    wanted_ = wanted;
    bauds_tried_ = 0;
    baud_.reset();
    found_.reset();
    failed_ = false;
    call(now);
}

void Finder::call(BoxTime now) {
    plain_ = Deframer(ApiMode::Plain);
    probes_ = 0;
    probe_deadline_ = BoxTime::max();
    const std::string mode = wanted_ == ApiMode::Plain ? "1" : "2";
    command_mode_.start({"ATAP" + mode, "ATAO0", "ATCN"}, now);
}

Finder::Step Finder::received(std::string_view bytes, BoxTime now) {
    if (command_mode_.busy()) {
        const std::string write = command_mode_.received(bytes, now);
        if (command_mode_.busy()) return {{}, write};
        return after_command_mode(now);
    }
    look_for_answer(plain_.feed(bytes));
    return {};
}

// A module without AO says ERROR to it and is as good.
Finder::Step Finder::after_command_mode(BoxTime now) {
    const auto& answers = command_mode_.answers();
    if (command_mode_.state() == CommandMode::State::Done && answers.front() == "OK") {
        found_ = wanted_;
        return {};
    }
    return probe(now);
}

// The question has no byte to escape, nor has its answer: it is the same in both modes, and says
// which.
Finder::Step Finder::probe(BoxTime now) {
    if (probes_++ == kProbes) return next_baud(now);
    probe_deadline_ = now + kProbeWait;
    return {{}, frame(ApiMode::Plain, encode(AtCommand{kProbeId, "AP", {}, false}))};
}

void Finder::look_for_answer(const std::vector<std::string>& bodies) {
    for (const std::string& body : bodies) {
        const auto packet = parse(body);
        const auto* answer = packet.ok() ? std::get_if<AtAnswer>(&*packet) : nullptr;
        if (answer == nullptr || answer->name != "AP" || answer->id != kProbeId) continue;
        const std::uint64_t mode = number_of(answer->value);
        if (mode == 1 || mode == 2) found_ = mode == 1 ? ApiMode::Plain : ApiMode::Escaped;
    }
}

Finder::Step Finder::next_baud(BoxTime now) {
    probe_deadline_ = BoxTime::max();
    if (bauds_tried_ == std::size(kBauds)) {
        failed_ = true;
        return {};
    }
    baud_ = kBauds[bauds_tried_++];
    call(now);
    return {baud_, {}};
}

Finder::Step Finder::tick(BoxTime now) {
    if (command_mode_.busy()) {
        const std::string write = command_mode_.tick(now);
        if (command_mode_.busy()) return {{}, write};
        return after_command_mode(now);
    }
    if (now < probe_deadline_) return {};
    while (plain_.begun() && !found_) look_for_answer(plain_.give_up_begun());
    return found_ ? Step{} : probe(now);
}

BoxTime Finder::next_tick() const {
    return command_mode_.busy() ? command_mode_.next_tick() : probe_deadline_;
}

}  // namespace waypost::xbee
