// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/node/channel_list.h"

#include <algorithm>
#include <sstream>

#include "gateway/base/encoding.h"

namespace waypost::meshtastic {
namespace {

constexpr std::size_t kMostChannels = 8;  // as a device has

Result<ChannelKey> read_line(const std::string& line) {
    std::istringstream words(line);
    std::string name, key, precision, more;
    words >> name >> key >> precision >> more;
    if (key.empty() || !more.empty())
        return bad_input("\"" + name + "\": a line is NAME KEY, or NAME KEY PRECISION");
    if (key == "-") key.clear();
    const auto psk = from_base64(key);
    if (!psk.ok()) return bad_input(name + ": its key is no base64");
    const bool digits =
        precision.size() <= 2 && precision.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) return bad_input(name + ": the precision of positions is 0 to 32 bits");
    return channel_key(name, *psk, precision.empty() ? 0 : std::stoi(precision));
}

}  // namespace

Result<std::vector<ChannelKey>> read_channel_list(std::string_view text) {
    std::vector<ChannelKey> all;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.find_first_not_of(" \t") == std::string::npos || line.front() == '#') continue;
        auto channel = read_line(line);
        if (!channel.ok()) return channel.error();
        const bool twice = std::any_of(all.begin(), all.end(), [&](const ChannelKey& each) {
            return each.name == channel->name;
        });
        if (twice) return bad_input(channel->name + " stands there twice");
        all.push_back(std::move(*channel));
    }
    if (all.empty()) return bad_input("no channel in it: a line is NAME KEY");
    if (all.size() > kMostChannels) return bad_input("a node is in 8 channels at most");
    return all;
}

}  // namespace waypost::meshtastic
