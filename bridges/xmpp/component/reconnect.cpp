// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/reconnect.h"

#include <algorithm>

namespace waypost::xmpp {
namespace {

constexpr int kMostDoublings = 20;

}  // namespace

Reconnect::Reconnect(ReconnectOptions options, Random& random)
    : options_(options), random_(random) {}

void Reconnect::up(BoxTime now) {
    up_ = true;
    up_since_ = now;
}

milliseconds Reconnect::down(DownKind kind, BoxTime now) {
    const bool refused = kind == DownKind::Secret || kind == DownKind::Conflict;
    const bool held = up_ && now - up_since_ >= options_.steady;
    if (held || refused != refused_) failures_ = 0;
    up_ = false;
    refused_ = refused;
    const milliseconds first = refused ? options_.first_refused : options_.first;
    const milliseconds most = refused ? options_.most_refused : options_.most;
    const milliseconds step = std::min(milliseconds(first.count() << failures_), most);
    failures_ = std::min(failures_ + 1, kMostDoublings);
    const auto half = step / 2;
    return half + milliseconds(static_cast<std::int64_t>(
                      random_.below(static_cast<std::uint64_t>((step - half).count()) + 1)));
}

}  // namespace waypost::xmpp
