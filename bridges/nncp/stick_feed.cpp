// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/stick_feed.h"

#include "bridges/nncp/sticks.h"

namespace waypost::nncp {
namespace {

constexpr std::chrono::milliseconds kProgressEach{250};

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

void StickFeed::operator()(const CourierEvent& event) {
    const StickStatus& stick = event.stick;
    using Kind = CourierEvent::Kind;
    if (event.kind == Kind::Progress && too_soon(stick)) return;
    if (event.kind != Kind::Gone && here_.insert(stick.id).second) tell("noticed", stick);
    switch (event.kind) {
        case Kind::Ask:
            return tell("asked", stick);
        case Kind::Began:
            told_ = {};
            return tell("began", stick);
        case Kind::Progress:
            return tell("progress", stick, true);
        case Kind::Ended:
            return tell(stick.state == StickStatus::State::Safe ? "safe" : "failed", stick, true);
        case Kind::Gone:
            here_.erase(stick.id);
            return tell("gone", stick);
    }
}

bool StickFeed::too_soon(const StickStatus& stick) {
    const auto now = std::chrono::steady_clock::now();
    if (stick.phase == phase_ && now - told_ < kProgressEach) return true;
    phase_ = stick.phase;
    told_ = now;
    return false;
}

void StickFeed::tell(const char* what, const StickStatus& stick, bool with_progress) {
    LiveEvent event{"stick", {}, 0};
    event.details = {
        {"transport", transport_}, {"what", std::string(what)},    {"id", stick.id},
        {"name", stick.name},      {"directory", stick.directory}, {"words", words_of(stick)}};
    if (with_progress) {
        event.details["phase"] = std::string(to_string(stick.phase));
        event.details["bytes"] = number(stick.progress.bytes);
        event.details["all_bytes"] = number(stick.progress.all_bytes);
        event.details["packets"] = number(stick.progress.packets);
        event.details["all_packets"] = number(stick.progress.all_packets);
        event.details["received"] = number(stick.received);
        event.details["sent"] = number(stick.sent);
        event.details["left"] = number(stick.left);
    }
    feed_.tell(std::move(event));
}

}  // namespace waypost::nncp
