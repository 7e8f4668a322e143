// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/rooms/nicks.h"

#include "bridges/xmpp/jid.h"
#include "gateway/commands/look_alike.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::int64_t kFreshMs = 60'000;

}  // namespace

bool Nicks::looks_local(const std::string& nick, std::int64_t now_ms) {
    if (looked_at_ms_ < 0 || now_ms - looked_at_ms_ > kFreshMs) {
        looks_.clear();
        for (const Resident& each : people_.persons()) {
            looks_.insert(look_of(each.handle));
            if (!each.name.empty()) looks_.insert(look_of(each.name));
        }
        looks_.erase(std::string());
        looked_at_ms_ = now_ms;
    }
    return looks_.count(look_of(nick)) > 0 || people_.resident(lower_ascii(nick)).has_value();
}

std::optional<StanzaError> Nicks::refuse(const std::string& nick, std::int64_t now_ms) {
    if (nick.size() > most_bytes_) {
        return StanzaError{"modify", "not-acceptable",
                           "a nickname has at most " + std::to_string(most_bytes_) + " bytes here"};
    }
    if (nick != squeeze(nick) || mixes_scripts(nick)) {
        return StanzaError{"modify", "not-acceptable",
                           "this nickname mixes alphabets or has spaces that nobody sees: choose a "
                           "plain one"};
    }
    if (looks_local(nick, now_ms)) {
        return StanzaError{"cancel", "conflict",
                           "somebody of this village is called so, or nearly: choose another name"};
    }
    return std::nullopt;
}

}  // namespace waypost::xmpp
