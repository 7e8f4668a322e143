// SPDX-License-Identifier: Apache-2.0
// The only place that names every kind of transport.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/setting.h"
#include "gateway/transport_kind.h"

namespace waypost {

class UsbRadios;

const std::vector<TransportKind>& transport_kinds();
// The same, which share nothing with those that run: to see whether a configuration can be used.
std::vector<TransportKind> new_transport_kinds();
// Radios that are plugged in; those found of them are of the kinds above.
UsbRadios& usb_radios();
// Core sections, those of every kind, and those of programs beside the gateway.
std::span<const Section* const> all_sections();

// One that the configuration names, not yet started. Throws std::runtime_error with a sentence for
// the operator.
std::unique_ptr<Transport> make_transport(const Config& config, const TransportKind& kind,
                                          const SectionValues& values);

}  // namespace waypost
