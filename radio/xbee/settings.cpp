// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/settings.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/message/text.h"
#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

constexpr std::string_view kSpaces = " \t\r";
// The driver's own, and what would take the module away from it.
constexpr std::string_view kNotInInit[] = {"AP", "AO", "BD", "CN", "RE", "FR", "WR", "CC", "GT"};
constexpr int kSpeeds[] = {9600, 19200, 38400, 57600, 115200};  // BD 3 to 7
constexpr int kFirstBd = 3;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error("xbee: " + why); }

bool yes_or_no(const std::string& name, const std::string& value) {
    if (value != "yes" && value != "no") refuse(name + " is yes or no, not \"" + value + "\"");
    return value == "yes";
}

AtLine at_line(std::string_view line) {
    const std::string whole(line);
    if (line.size() > 2 && (line.substr(0, 2) == "AT" || line.substr(0, 2) == "at")) {
        line = trimmed(line.substr(2));
    }
    if (line.size() < 2) refuse("\"" + whole + "\" is no AT line");
    AtLine out{upper_ascii(line.substr(0, 2)), {}};
    if (std::ranges::find(kNotInInit, out.name) != std::end(kNotInInit)) {
        refuse("init may not touch " + out.name);
    }
    std::string_view value = trimmed(line.substr(2));
    if (!value.empty() && value.front() == '=') value = trimmed(value.substr(1));
    if (is_text(out.name)) {
        out.value = value;
        return out;
    }
    const auto bytes = value_from_hex(value);
    if (!bytes) refuse("\"" + whole + "\": the value is no number in hex");
    out.value = *bytes;
    return out;
}

std::vector<AtLine> at_lines(std::string_view text) {
    std::vector<AtLine> lines;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of(";\n");
        const std::string_view line = trimmed(text.substr(0, end));
        if (!line.empty()) lines.push_back(at_line(line));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

void take(const std::string& name, const std::string& value, Settings& settings) {
    if (name == "api") {
        if (value != "1" && value != "2") refuse("api is 1 or 2, not \"" + value + "\"");
        settings.api = value == "1" ? ApiMode::Plain : ApiMode::Escaped;
    } else if (name == "direct") {
        settings.direct = yes_or_no(name, value);
    } else if (name == "acks") {
        settings.acks = yes_or_no(name, value);
    } else if (name == "speed") {
        const bool digits = !value.empty() && value.size() < 7 &&
                            value.find_first_not_of("0123456789") == std::string::npos;
        settings.speed = digits ? std::stoi(value) : 0;
        if (!bd_of(*settings.speed)) refuse("speed is 9600, 19200, 38400, 57600 or 115200");
    } else if (name == "init") {
        settings.init = at_lines(value);
    } else {
        refuse("there is no setting \"" + name + "\"");
    }
}

}  // namespace

bool is_text(std::string_view name) { return name == "NI" || name == "DN"; }

std::optional<int> bd_of(int speed) {
    const auto* found = std::ranges::find(kSpeeds, speed);
    if (found == std::end(kSpeeds)) return std::nullopt;
    return kFirstBd + static_cast<int>(found - std::begin(kSpeeds));
}

Settings read_settings(const ModemSettings& settings) {
    if (settings.frequency_hz != 0) {
        refuse("it picks its frequencies by itself; leave the frequency out, or set CM by init");
    }
    Settings out;
    for (const auto& [name, value] : settings.more) take(name, value, out);
    if (settings.network != 0) {
        out.init.insert(out.init.begin(), {"ID", value_of(settings.network)});
    }
    return out;
}

}  // namespace waypost::xbee
