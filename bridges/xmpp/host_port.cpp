// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/host_port.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace waypost::xmpp {
namespace {

int read_port(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool good = error == std::errc{} && end == text.data() + text.size() && !text.empty();
    return good && number > 0 && number <= 65535 ? number : 0;
}

}  // namespace

HostPort read_host_port(std::string_view key, const std::string& text, int usual) {
    std::size_t colon = text.rfind(':');
    if (text.ends_with(']')) colon = std::string::npos;  // those of IPv6 are within the brackets
    HostPort server;
    server.host = text.substr(0, std::min(colon, text.size()));
    server.port =
        colon == std::string::npos ? usual : read_port(std::string_view(text).substr(colon + 1));
    if (server.host.size() > 2 && server.host.front() == '[' && server.host.back() == ']')
        server.host = server.host.substr(1, server.host.size() - 2);
    if (server.host.empty() || server.port == 0)
        throw std::runtime_error(
            std::string(key) + ": HOST:PORT is wanted, as \"127.0.0.1:5347\", not \"" + text + '"');
    return server;
}

bool is_this_machine(const std::string& host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

}  // namespace waypost::xmpp
