// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>

#include "gateway/base/log_tail.h"

namespace waypost {
namespace {

std::atomic<Level> g_level{Level::Info};

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// Values from outside must not forge lines or fields.
void append_value(std::string& line, std::string_view value) {
    const bool plain = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos;
    if (!plain) line += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') line += '\\';
        line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    if (!plain) line += '"';
}

}  // namespace

const char* to_string(Level level) {
    switch (level) {
        case Level::Error:
            return "error";
        case Level::Warning:
            return "warning";
        case Level::Info:
            return "info";
        case Level::Debug:
            return "debug";
    }
    return "info";
}

void set_log_level(Level level) { g_level = level; }

void log(Level level, std::string_view component, std::string_view event,
         std::initializer_list<LogField> fields) {
    if (level > g_level.load(std::memory_order_relaxed)) return;
    log_tail().note(now_ms(), level, component, event, fields);
    std::string line = '<' + std::to_string(static_cast<int>(level)) + '>' + to_string(level) + ' ';
    line.append(component).append(" ").append(event);
    for (const auto& [key, value] : fields) {
        line.append(" ").append(key).append("=");
        append_value(line, value);
    }
    line += '\n';
    // One write per line, so that lines of several threads do not mix; a full pipe loses the line.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

std::string shorten(std::string_view address) {
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || at <= 2) return std::string(address);
    return std::string(address.substr(0, 2)) + "\u2026" + std::string(address.substr(at));
}

}  // namespace waypost
