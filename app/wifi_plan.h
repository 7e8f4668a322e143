// SPDX-License-Identifier: Apache-2.0
// What [wifi] wants of the machine, for the units of the disk image, which are root's: a file of
// few words. Names of networks are in it as hex and passwords as keys, so whoever reads it as a
// shell does needs no rule of quoting. doc/first-boot.md has the format.
#pragma once

#include <string>

#include "gateway/base/result.h"
#include "gateway/config/config.h"

namespace waypost {

// IEEE 802.11-2020 J.4.1: 64 hex digits.
std::string wpa_key(const std::string& network, std::string_view password);

// Throws std::runtime_error with a sentence for the operator, "[wifi] country ...".
void check_wifi(const Config& config);
// Its text; throws as check_wifi does.
std::string wifi_plan(const Config& config);
// Where [wifi] names a file, and only if it is not so already: root does it all anew then.
// Thread-safe.
Result<void> write_wifi_plan(const Config& config);

}  // namespace waypost
