// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/command_mode.h"

namespace waypost::xbee {
namespace {

constexpr milliseconds kGuard{1100};  // GT is 1 s, unless somebody changed it
constexpr milliseconds kCallWait = kGuard + milliseconds(2000);
constexpr milliseconds kLineWait{1000};
constexpr std::size_t kMostText = 256;
constexpr std::string_view kOk = "OK\r";

}  // namespace

void CommandMode::start(std::vector<std::string> lines, BoxTime now) {
    lines_ = std::move(lines);
    answers_.clear();
    text_.clear();
    state_ = State::Silence;
    deadline_ = now + kGuard;
}

std::string CommandMode::received(std::string_view bytes, BoxTime now) {
    const bool called = state_ == State::Called || state_ == State::CalledByLine;
    if (!called && state_ != State::Asking) return {};
    text_.append(bytes);
    if (text_.size() > kMostText) text_.erase(0, text_.size() - kMostText);
    if (called) {
        // A neighbour's data may stand before the OK.
        if (text_.find(kOk) == std::string::npos) return {};
        state_ = State::Asking;
        return next_line(now);
    }
    const std::size_t end = text_.find('\r');
    if (end == std::string::npos) return {};
    answers_.push_back(text_.substr(0, end));
    return next_line(now);
}

std::string CommandMode::next_line(BoxTime now) {
    text_.clear();
    deadline_ = now + kLineWait;
    if (answers_.size() < lines_.size()) return lines_[answers_.size()] + "\r";
    state_ = State::Done;
    deadline_ = BoxTime::max();
    return {};
}

std::string CommandMode::tick(BoxTime now) {
    if (now < deadline_ || !busy()) return {};
    if (state_ == State::Silence) {
        state_ = State::Called;
        deadline_ = now + kCallWait;
        return "+++";
    }
    if (state_ == State::Called) {
        state_ = State::CalledByLine;
        deadline_ = now + kLineWait;
        return "\rAT\r";
    }
    state_ = State::NoAnswer;
    deadline_ = BoxTime::max();
    return {};
}

}  // namespace waypost::xbee
