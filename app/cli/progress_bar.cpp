// SPDX-License-Identifier: Apache-2.0
#include "app/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

namespace waypost::cli {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t kBarLetters = 30;

}  // namespace

std::string amount(std::uint64_t bytes) {
    static constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
    if (bytes < 1024) return std::to_string(bytes) + " bytes";
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", value, kUnits[unit]);
    return text.data();
}

std::string progress_line(const nncp::Progress& now, std::chrono::milliseconds since) {
    std::string line;
    const bool known = now.all_bytes > 0;
    if (known) {
        const double share =
            std::min(1.0, static_cast<double>(now.bytes) / static_cast<double>(now.all_bytes));
        const auto letters = static_cast<std::size_t>(share * kBarLetters);
        line = '[' + std::string(letters, '#') + std::string(kBarLetters - letters, ' ') + "] " +
               std::to_string(static_cast<int>(share * 100)) + " %  ";
    }
    line += amount(now.bytes);
    if (known) line += " of " + amount(now.all_bytes);
    if (now.packets > 0 || now.all_packets > 0) line += ", " + std::to_string(now.packets);
    if (now.all_packets > 0) line += " of " + std::to_string(now.all_packets);
    if (now.packets > 0 || now.all_packets > 0) line += " packets";
    if (since >= 1s)
        line += ", " + amount(now.bytes * 1000 / static_cast<std::uint64_t>(since.count())) + "/s";
    return line;
}

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)),
      terminal_(::isatty(STDERR_FILENO) == 1),
      began_(std::chrono::steady_clock::now()),
      last_(began_) {}

ProgressBar::~ProgressBar() {
    if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
}

void ProgressBar::show(const nncp::Progress& now) {
    if (!terminal_) return;
    const auto time = std::chrono::steady_clock::now();
    if (drawn_ && time - last_ < 100ms) return;
    last_ = time;
    drawn_ = true;
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(time - began_);
    std::cerr << '\r' << label_ << ' ' << progress_line(now, since) << "\x1b[K" << std::flush;
}

}  // namespace waypost::cli
