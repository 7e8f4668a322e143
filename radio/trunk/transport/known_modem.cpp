// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/known_modem.h"

#include "radio/auto_modem.h"

namespace waypost::trunk {
namespace {

constexpr char kRow[] = "modem";

}  // namespace

KnownModem::KnownModem(TransportState& state)
    : state_(state), kind_(state.get(kRow).value_or(std::string())) {}

void KnownModem::tell(ModemSettings& settings) const {
    if (!kind_.empty()) settings.more[AutoModem::kFirst] = kind_;
}

bool KnownModem::note(const std::map<std::string, std::string>& details) {
    const auto found = details.find(AutoModem::kFound);
    if (found == details.end() || found->second == kind_) return false;
    kind_ = found->second;
    state_.put(kRow, kind_);
    return true;
}

}  // namespace waypost::trunk
