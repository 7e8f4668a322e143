// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/line_cutter.h"

#include <utility>

namespace waypost::exec {

void LineCutter::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (!too_long_ && open_.size() + piece.size() > most_) {
            too_long_ = true;
            open_.clear();
        }
        if (!too_long_) open_ += piece;
        if (end == std::string_view::npos) return;
        end_line();
        bytes.remove_prefix(end + 1);
    }
}

void LineCutter::end_line() {
    if (!open_.empty() && open_.back() == '\r') open_.pop_back();
    lines_.push_back({std::exchange(open_, {}), std::exchange(too_long_, false)});
}

std::optional<CutLine> LineCutter::next() {
    if (lines_.empty()) return std::nullopt;
    CutLine first = std::move(lines_.front());
    lines_.pop_front();
    return first;
}

}  // namespace waypost::exec
