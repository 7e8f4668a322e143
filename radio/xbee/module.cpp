// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/module.h"

#include <algorithm>

#include "gateway/base/encoding.h"
#include "radio/xbee/at_value.h"

namespace waypost::xbee {
namespace {

constexpr std::size_t kOverhead = 40;  // preamble, addresses, check: bytes on air beside the data
constexpr milliseconds kWaitUnknown{10'000};
constexpr milliseconds kLongestWait{300'000};
constexpr milliseconds kListenFirst{6};  // 868 MHz

struct Family {
    std::uint64_t hardware;  // high byte of HV, as Digi's own libraries number them
    std::string_view name;
    bool keeps_law;
    std::uint32_t rates[3];  // by BR
};
constexpr Family kFamilies[] = {
    {0x45, "XBee SX 868", true, {10'000, 80'000, 80'000}},
    {0x24, "XBee 868LP", true, {10'000, 80'000, 80'000}},
    {0x31, "XBee-PRO SX 900", false, {10'000, 110'000, 250'000}},
    {0x3E, "XBee SX 900", false, {10'000, 110'000, 250'000}},
    {0x23, "XBee-PRO 900HP", false, {10'000, 200'000, 200'000}},
    {0x2C, "XBee-PRO 900HP", false, {10'000, 200'000, 200'000}},
};
// Of one not known the slowest is assumed: rather too much airtime is counted than too little.
constexpr Family kUnknown = {0, "XBee of unknown family", false, {10'000, 10'000, 10'000}};

const Family& family_of(const Module& module) {
    const auto hardware = module.number("HV", 0) >> 8;
    const auto* found = std::ranges::find(kFamilies, hardware, &Family::hardware);
    return found == std::end(kFamilies) ? kUnknown : *found;
}

milliseconds bounded(std::uint64_t ms) {
    return std::min(
        kLongestWait,
        milliseconds(static_cast<std::int64_t>(std::min<std::uint64_t>(ms, 3'600'000))));
}

}  // namespace

milliseconds line_time(std::size_t bytes, int baud) {
    return milliseconds(static_cast<std::int64_t>(bytes * 10 * 1000) / baud + 1);
}

std::span<const std::string_view> module_values() {
    static constexpr std::string_view kNames[] = {"SH", "SL", "VR", "HV", "BR", "NP",
                                                  "NI", "ID", "PL", "NH", "BH", "NN",
                                                  "MT", "MR", "RR", "%H", "%8", "CK"};
    return kNames;
}

std::optional<std::uint64_t> Module::number(const std::string& name) const {
    const auto found = values.find(name);
    if (found == values.end() || found->second.empty()) return std::nullopt;
    return number_of(found->second);
}

std::uint64_t Module::number(const std::string& name, std::uint64_t otherwise) const {
    return number(name).value_or(otherwise);
}

std::string Module::address() const {
    return address_text(number("SH", 0) << 32 | (number("SL", 0) & 0xFFFFFFFF));
}

std::size_t Module::payload() const {
    return static_cast<std::size_t>(std::min<std::uint64_t>(number("NP", 0), 256));
}

std::string_view Module::family() const { return family_of(*this).name; }
bool Module::keeps_law() const { return family_of(*this).keeps_law; }

milliseconds Module::listens() const { return keeps_law() ? kListenFirst : milliseconds(0); }

std::uint32_t Module::rate() const {
    return family_of(*this).rates[std::min<std::uint64_t>(number("BR", 0), 2)];
}

int Module::broadcast_repeats() const {
    return static_cast<int>(std::min<std::uint64_t>(number("MT", 3), 15));
}

microseconds Module::airtime(std::size_t bytes) const {
    const auto bits = (bytes + kOverhead) * 8;
    return microseconds(static_cast<std::int64_t>(bits * 1'000'000 / rate()));
}

milliseconds Module::broadcast_wait() const {
    const auto hop = number("%8");
    if (!hop) return kWaitUnknown;
    const std::uint64_t most_hops = std::max<std::uint64_t>(number("NH", 7), 1);
    const std::uint64_t asked = number("BH", 0);  // 0: as NH
    const std::uint64_t hops = asked != 0 && asked < most_hops ? asked : most_hops;
    return bounded(hops * std::max<std::uint64_t>(number("NN", 3), 1) * *hop);
}

milliseconds Module::unicast_wait(bool direct) const {
    const auto hop = number("%H");
    if (!hop) return kWaitUnknown;
    if (direct) return bounded(2 * *hop);
    const std::uint64_t hops = std::max<std::uint64_t>(number("NH", 7), 1);
    const std::uint64_t retries = std::max<std::uint64_t>(number("MR", 1), 1);
    const milliseconds find_route = broadcast_wait() + bounded(hops * *hop);
    return std::min(kLongestWait, find_route + bounded(2 * hops * retries * *hop));
}

std::map<std::string, std::string> Module::details() const {
    std::map<std::string, std::string> out{{"model", std::string(family())},
                                           {"address", address()},
                                           {"rate", std::to_string(rate()) + " bit/s"}};
    const std::pair<const char*, const char*> in_hex[] = {
        {"VR", "firmware"}, {"HV", "hardware"}, {"ID", "network"}, {"PL", "power level"}};
    for (const auto& [name, title] : in_hex) {
        if (const auto found = values.find(name); found != values.end()) {
            out[title] = to_hex(found->second);
        }
    }
    if (const auto name = values.find("NI"); name != values.end()) out["name"] = name->second;
    return out;
}

}  // namespace waypost::xbee
