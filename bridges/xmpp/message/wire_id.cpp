// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/wire_id.h"

#include "gateway/base/encoding.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kRandomBytes = 12;
constexpr std::size_t kHashLetters = 8;

std::string hash_of(const std::string& random, const Jid& to) {
    return short_hash(random + '\n' + to.bare_text()).substr(0, kHashLetters);
}

}  // namespace

std::string new_wire_id(const Jid& to, Random& random) {
    const std::string chance = random.hex(kRandomBytes);
    return chance + hash_of(chance, to);
}

bool is_wire_id_for(const std::string& id, const Jid& to) {
    constexpr std::size_t kChance = 2 * kRandomBytes;
    return id.size() == kChance + kHashLetters &&
           id.substr(kChance) == hash_of(id.substr(0, kChance), to);
}

}  // namespace waypost::xmpp
