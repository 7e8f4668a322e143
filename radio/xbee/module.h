// SPDX-License-Identifier: Apache-2.0
// What a module said of itself, and what follows from it. Values by AT name, as in frame 88.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace waypost::xbee {

using std::chrono::microseconds;

inline constexpr milliseconds kByteGap{100};    // no frame has a longer silence inside
inline constexpr milliseconds kModuleTime{40};  // what Digi's latencies leave beside line and air

struct Module {
    std::map<std::string, std::string> values;

    std::optional<std::uint64_t> number(const std::string& name) const;  // nullopt: it did not say
    std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;

    std::string address() const;      // of 16 hex digits
    std::size_t payload() const;      // NP; 0: not known
    std::string_view family() const;  // by HV
    bool keeps_law() const;           // listens before talk and counts its hour (868 MHz)
    milliseconds listens() const;     // before it talks
    std::uint32_t rate() const;       // bit/s on air, by family and BR
    int broadcast_repeats() const;    // MT
    microseconds airtime(std::size_t bytes) const;
    // How long it may be silent about a frame it was given (user guides, "Transmission timeouts").
    milliseconds unicast_wait(bool direct) const;
    milliseconds broadcast_wait() const;
    std::map<std::string, std::string> details() const;
};

milliseconds line_time(std::size_t bytes, int baud);  // on the serial line, rounded up

// All that is read at the start.
std::span<const std::string_view> module_values();

}  // namespace waypost::xbee
