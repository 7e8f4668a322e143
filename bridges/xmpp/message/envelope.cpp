// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/envelope.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kMark = "xmpp ";

}  // namespace

// The resource last: it may hold anything but a line feed (RFC 7622 3.4), the id anything else.
std::string write_envelope(const Envelope& envelope) {
    if (envelope.id.empty() && envelope.resource.empty()) return {};
    if (envelope.id.find('\n') != std::string::npos) return {};
    return std::string(kMark) + envelope.id + '\n' + envelope.resource;
}

Envelope read_envelope(std::string_view text) {
    const std::size_t end = text.find('\n');
    if (text.substr(0, kMark.size()) != kMark || end == std::string_view::npos) return {};
    return {std::string(text.substr(kMark.size(), end - kMark.size())),
            std::string(text.substr(end + 1))};
}

}  // namespace waypost::xmpp
