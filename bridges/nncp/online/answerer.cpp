// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/answerer.h"

namespace waypost::nncp {

constexpr std::chrono::seconds kPause{5};  // until a line that went is opened again

Answerer::Answerer(const OnlineHome& home, std::vector<std::string> lines, OnlineOptions options,
                   OnlineWatch watch, Ended ended)
    : home_{home.config, home.spool, stop_},
      lines_(std::move(lines)),
      options_(std::move(options)),
      watch_(std::move(watch)),
      ended_(std::move(ended)) {
    for (const std::string& each : lines_) threads_.emplace_back([this, &each] { serve(each); });
}

Answerer::~Answerer() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& each : threads_) each.join();
}

void Answerer::pause() {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, kPause, [this] { return stop_.load(); });
}

void Answerer::serve(const std::string& where) {
    std::string told;
    while (!stop_) {
        const auto gone = sessions(where);
        if (!gone) told.clear();
        if (!gone || stop_) continue;
        if (gone->text != told) ended_(where, {nullptr, where, {}, 0, false, *gone});
        told = gone->text;
        pause();
    }
}

// A serial line has one after the other, a program one. Why the line is of no use; nullopt: it was,
// or nobody called.
std::optional<Error> Answerer::sessions(const std::string& where) {
    const auto line = dial(where, options_.line_deadline);
    if (!line.ok()) return line.error();
    while (!stop_) {
        auto report = answer(home_, **line, options_, watch_);
        report.address = where;
        if (report.node != nullptr) ended_(where, report);
        // Where time went by nobody called; any other end might be there again at once.
        if (report.node == nullptr && report.why.code != Code::Timeout) return report.why;
        if (report.why.code == Code::Network && (*line)->noisy()) return report.why;
        if (!(*line)->noisy()) break;
    }
    return std::nullopt;
}

}  // namespace waypost::nncp
