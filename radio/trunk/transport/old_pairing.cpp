// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/old_pairing.h"

#include <sodium.h>

#include "radio/trunk/transport/parcels.h"

namespace waypost::trunk {
namespace {

constexpr char kRow[] = "pairing";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string print_of(const LinkSettings& link) {
    const std::string_view psk = link.psk.reveal();
    std::string what = "waypost trunk rows";
    what += static_cast<char>(link.link);
    what += link.second ? '2' : '1';
    if (link.form == Form::Clear) what += 'c';  // what waits was not asked whether it may go so
    unsigned char print[16];
    crypto_generichash(print, sizeof print, bytes_of(what), what.size(), bytes_of(psk), psk.size());
    return {print, print + sizeof print};
}

}  // namespace

std::vector<AttemptId> drop_other_pairing(TransportState& state, const LinkSettings& link) {
    const std::string print = print_of(link);
    const auto before = state.get(kRow);
    if (before == print) return {};
    std::vector<AttemptId> attempts;
    if (before) {
        const Parcels parcels(state);
        for (const auto& [id, parcel] : parcels.all())
            if (parcel.attempt.delivery != 0) attempts.push_back(parcel.attempt);
        for (const char* prefix : {"name/", "object/", "freight/", "link/", "met"})
            for (const auto& [key, value] : state.with_prefix(prefix)) state.erase(key);
    }
    state.put(kRow, print);
    return attempts;
}

}  // namespace waypost::trunk
