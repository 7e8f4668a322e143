// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/pinging.h"

#include <algorithm>

#include "app/cli/trunk/interrupt.h"

namespace waypost::cli {
namespace {

constexpr milliseconds kLook{100};
constexpr milliseconds kTheirTime{1500};  // to answer: their modem's turn and their channel

milliseconds answer_wait(const OpenRadio& radio, std::size_t bytes) {
    const FrameLimits limits = radio.radio().limits();
    const std::size_t answer = std::max(bytes, trunk::kAnswerBytes);
    return std::chrono::ceil<milliseconds>(radio.radio().airtime(answer)) + limits.deaf +
           2 * limits.latency + kTheirTime;
}

}  // namespace

void add_ping_options(CLI::App& command, PingOptions& options) {
    command.add_option("--every", options.every_s, "seconds from one ping to the next")
        ->check(CLI::Range(0.1, 86'400.0))
        ->capture_default_str();
    command.add_option("--bytes", options.bytes, "of a ping and of its answer")
        ->check(CLI::Range(trunk::kPingBytes, trunk::kMostProbe))
        ->capture_default_str();
}

Result<void> ping(const PingOptions& options, OpenRadio& radio,
                  const std::function<void(const trunk::PingResult&)>& result,
                  const std::function<bool()>& between) {
    auto key = probe_key(options.radio);
    if (!key.ok()) return key.error();
    const auto wait_ready = [&] {
        radio.step(radio.now() + kLook);
        return !radio.ready();
    };
    while (wait_ready())
        if (interrupted() > 0 || !between()) return {};
    if (options.bytes > radio.payload())
        return Error{Code::TooLarge,
                     "this modem carries " + std::to_string(radio.payload()) +
                         " bytes in a frame here: say fewer with --bytes",
                     false};
    trunk::PingSettings settings;
    settings.every = milliseconds(static_cast<std::int64_t>(options.every_s * 1000));
    settings.count = options.count;
    settings.bytes = options.bytes;
    settings.answer_wait = answer_wait(radio, options.bytes);
    trunk::Pinger pinger(settings, std::move(*key),
                         static_cast<std::uint32_t>(radio.random().next()));
    const auto tell = [&](const std::optional<trunk::PingResult>& each) {
        if (each) result(*each);
    };
    while (!pinger.done() && interrupted() == 0 && between()) {
        const BoxTime now = radio.now();
        if (!radio.refused().empty()) return Error{Code::Full, radio.refused(), true};
        if (const auto packet = pinger.due(now); packet && radio.send(*packet)) pinger.began(now);
        const BoxTime until = std::clamp(pinger.next_tick(), now + milliseconds(10), now + kLook);
        const RadioActions actions = radio.step(until);
        for (const FrameReport& report : actions.reports) tell(pinger.fate(report, radio.now()));
        for (const FrameIn& frame : actions.heard) tell(pinger.heard(frame, radio.now()));
        tell(pinger.tick(radio.now()));
    }
    return {};
}

}  // namespace waypost::cli
