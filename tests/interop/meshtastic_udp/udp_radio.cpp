// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/meshtastic_udp/udp_radio.h"

#include <algorithm>
#include <stdexcept>

namespace waypost::interop {
namespace {

constexpr std::chrono::milliseconds kPatience{100};

}  // namespace

UdpRadio::UdpRadio(const Folder& folder, const std::string& address)
    : child_(WAYPOST_NODE, {WAYPOST_UDP_RADIO, address}, folder / "radio.log") {
    const std::string ready = child_.line(std::chrono::seconds(20));
    if (ready.rfind("ready ", 0) != 0)
        throw std::runtime_error("radio.mjs: " + contents(folder / "radio.log"));
    id_ = ready.substr(6);
}

bool UdpRadio::read(std::chrono::milliseconds patience) {
    const std::string line = child_.line(patience);
    if (child_.ended()) throw std::runtime_error(id_ + " has ended: " + lines());
    if (line.empty()) return false;
    if (line == "done")
        ++done_;
    else
        lines_.push_back(line);
    return true;
}

void UdpRadio::does(const std::string& command) {
    const std::size_t before = done_;
    child_.say(command);
    const auto done = [&] {
        while (done_ == before && read(kPatience)) {
        }
        return done_ > before;
    };
    if (!eventually(done)) throw std::runtime_error(id_ + " does not " + command);
}

std::size_t UdpRadio::times(const std::string& text) {
    while (read(std::chrono::milliseconds(0))) {
    }
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(),
        [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

bool UdpRadio::told(const std::string& text) {
    return eventually([&] { return times(text) > 0; });
}

std::string UdpRadio::knows(const std::string& name) {
    const std::string end = ' ' + name;
    if (!told(end)) return {};
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
        return line.rfind("node ", 0) == 0 && line.size() == 14 + end.size() &&
               line.substr(14) == end;
    });
    return found == lines_.end() ? std::string() : found->substr(5, 9);
}

std::string UdpRadio::lines() const {
    std::string all;
    for (const std::string& line : lines_) all += line + '\n';
    return all;
}

}  // namespace waypost::interop
