// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/link_speeds.h"

#include <stdexcept>

namespace waypost::trunk {
namespace {

// Each is the law's as the base is: in one band, whose hour they share.
void check(const LoraParams& speed, const RadioSite& base) {
    RadioSite site = base;
    site.lora = speed;
    site.emission.bandwidth_hz = speed.bandwidth_hz;
    if (allowance(site).band != allowance(base).band)
        throw std::runtime_error("speeds: at " + std::to_string(speed.bandwidth_hz / 1000) +
                                 " kHz another band's rule holds: take those of one band");
}

}  // namespace

LinkSpeeds::LinkSpeeds(std::span<const LoraParams> speeds, const RadioSite& site, bool proposes,
                       TunedModem& modem, Law& law)
    : choice_(site.lora, speeds), proposes_(proposes), modem_(modem), law_(law) {
    for (const LoraParams& speed : speeds) {
        check(speed, site);
        modem_.require(speed);
    }
}

void LinkSpeeds::agreed(SpeedNumber speed, const LinkHealth& health, BoxTime now) {
    choice_.now_at(speed, health, now);
    if (speed == at_) return;
    at_ = speed;
    tuned_ = true;
    law_.tune(choice_.params(speed));
    modem_.tune(choice_.params(speed));
}

std::optional<SpeedNumber> LinkSpeeds::wanted(const LinkHealth& health, BoxTime now) {
    return proposes_ ? choice_.next(health, now) : std::nullopt;
}

std::string LinkSpeeds::name() const {
    const LoraParams& params = choice_.params(at_);
    return "SF" + std::to_string(params.spreading_factor) + "/" +
           std::to_string(params.bandwidth_hz / 1000);
}

std::vector<LoraParams> parse_speeds(const std::vector<std::string>& texts,
                                     const LoraParams& base) {
    std::vector<LoraParams> speeds;
    for (const std::string& text : texts) {
        auto speed = parse_speed(text, base);
        if (!speed.ok()) throw std::runtime_error("speeds: " + speed.error().text);
        speeds.push_back(*speed);
    }
    return speeds;
}

}  // namespace waypost::trunk
