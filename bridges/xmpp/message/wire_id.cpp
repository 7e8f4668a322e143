// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/wire_id.h"

#include <cstdio>

#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kTimeLetters = 8;
constexpr std::size_t kRandomBytes = 12;
constexpr std::size_t kHashLetters = 8;
constexpr std::size_t kLetters = kTimeLetters + 2 * kRandomBytes + kHashLetters;

std::string hash_of(const std::string& id, const Jid& to) {
    return short_hash(id + '\n' + to.bare_text()).substr(0, kHashLetters);
}

std::string time_of(WallTime now) {
    char text[kTimeLetters + 1];
    std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(to_ms(now) / 1000));
    return text;
}

}  // namespace

std::string new_wire_id(const Jid& to, WallTime now, Random& random) {
    const std::string id = time_of(now) + random.hex(kRandomBytes);
    return id + hash_of(id, to);
}

// What an older release sent has no time in it.
bool is_wire_id_for(const std::string& id, const Jid& to) {
    if (id.size() != kLetters && id.size() != kLetters - kTimeLetters) return false;
    const std::size_t end = id.size() - kHashLetters;
    return id.substr(end) == hash_of(id.substr(0, end), to);
}

}  // namespace waypost::xmpp
