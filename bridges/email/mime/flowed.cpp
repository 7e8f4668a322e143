// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/flowed.h"

#include <algorithm>

namespace waypost::email {
namespace {

constexpr std::size_t kDeepestQuote = 20;  // shown; it is dropped anyway

struct FlowedLine {
    std::string_view text;  // without quote marks and the stuffed space
    std::size_t depth = 0;
    bool soft = false;
};

FlowedLine parse(std::string_view line) {
    FlowedLine parsed;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    parsed.depth = std::min(line.find_first_not_of('>'), line.size());
    line.remove_prefix(parsed.depth);
    if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    parsed.text = line;
    parsed.soft = !line.empty() && line.back() == ' ' && line != "-- ";
    return parsed;
}

}  // namespace

std::string unflow(std::string_view text, bool delete_space) {
    std::string out;
    FlowedLine before;
    bool open = false;  // the line before goes on
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        FlowedLine line = parse(text.substr(from, end - from));
        from = end + 1;
        const bool goes_on = open && line.depth == before.depth && line.text != "-- ";
        if (open && !goes_on) out += '\n';
        if (!goes_on && line.depth > 0)
            out.append(std::min(line.depth, kDeepestQuote), '>').append(1, ' ');
        before = line;
        open = line.soft;
        if (line.soft && delete_space) line.text.remove_suffix(1);
        out.append(line.text);
        if (!open) out += '\n';
    }
    return out;
}

}  // namespace waypost::email
