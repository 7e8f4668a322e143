// SPDX-License-Identifier: Apache-2.0
#include "radio/usb_radios.h"

#include <algorithm>

#include "gateway/base/log.h"

namespace waypost {
namespace {

// A board that starts anew when its port is opened needs some seconds before it hears.
constexpr int kMostAsked = 6;
constexpr std::size_t kMostHeard = 32 * 1024;
constexpr int kMostReads = 8;  // in one look, of at most 4 KiB
// It may be somebody else's device: from then on it is asked ever more seldom.
constexpr milliseconds kFirstPause = std::chrono::minutes(1);
constexpr milliseconds kLongestPause = std::chrono::hours(1);

}  // namespace

UsbRadios::UsbRadios(Ports ports, Open open) : ports_(std::move(ports)), open_(std::move(open)) {}

void UsbRadios::knows(UsbFirmware firmware) {
    const bool known = std::any_of(firmware_.begin(), firmware_.end(),
                                   [&](const auto& each) { return each.name == firmware.name; });
    if (!known) firmware_.push_back(std::move(firmware));
}

void UsbRadios::look(const std::set<std::string>& taken, BoxTime now) {
    keep_those_there(taken);
    for (Port& port : asked_) {
        if (port.firmware.empty()) step(port, now);
    }
}

void UsbRadios::keep_those_there(const std::set<std::string>& taken) {
    std::set<std::string> devices;
    for (const std::string& each : taken) devices.insert(device_of(each));
    std::vector<Port> kept;
    left_alone_.clear();
    for (UsbPort& usb : ports_()) {
        if (devices.count(device_of(usb.where)) > 0) {
            left_alone_.insert(usb.instance);
            continue;
        }
        const auto before = std::find_if(asked_.begin(), asked_.end(), [&](const Port& port) {
            return port.usb.where == usb.where && port.usb.instance == usb.instance &&
                   port.usb.plugged == usb.plugged;
        });
        if (before != asked_.end()) {
            kept.push_back(std::move(*before));
        } else {
            kept.emplace_back();
            kept.back().usb = std::move(usb);
        }
    }
    asked_ = std::move(kept);
}

void UsbRadios::step(Port& port, BoxTime now) {
    if (now < port.next) return;
    if (port.line == nullptr) {
        auto line = open_(port.usb.where);
        if (!line.ok()) return give_up(port, now, line.error().text);
        port.line = std::move(*line);
        port.asked = 0;
        port.heard.clear();
    } else {
        hear(port);
        if (!port.firmware.empty()) return;
    }
    if (port.line == nullptr || ++port.asked > kMostAsked) return give_up(port, now, "no answer");
    std::string questions;
    for (const UsbFirmware& each : firmware_) questions += each.question;
    if (const auto asked = port.line->write(questions); !asked.ok())
        give_up(port, now, asked.error().text);
}

void UsbRadios::hear(Port& port) {
    for (int i = 0; i < kMostReads; ++i) {
        auto bytes = port.line->read(milliseconds(0));
        if (!bytes.ok()) port.line.reset();
        if (!bytes.ok() || bytes->empty()) break;
        port.heard += *bytes;
        if (port.heard.size() > kMostHeard) port.heard.erase(0, port.heard.size() - kMostHeard);
        for (const UsbFirmware& each : firmware_) {
            if (!each.answers(port.heard)) continue;
            port.firmware = each.name;
            port.line.reset();
            port.heard.clear();
            log(Level::Info, "usb", "found",
                {{"port", port.usb.where}, {"firmware", port.firmware}});
            return;
        }
    }
}

void UsbRadios::give_up(Port& port, BoxTime now, const std::string& why) {
    port.line.reset();
    port.heard.clear();
    if (port.pause == milliseconds(0)) {
        log(Level::Warning, "usb", "no-radio-known",
            {{"port", port.usb.where},
             {"why", why},
             {"do", "if it is a radio, start it anew or name its port in a section"}});
    }
    port.pause =
        port.pause == milliseconds(0) ? kFirstPause : std::min(port.pause * 2, kLongestPause);
    port.next = now + port.pause;
}

std::vector<FoundDevice> UsbRadios::found(std::string_view firmware) const {
    std::vector<FoundDevice> all;
    for (const Port& port : asked_) {
        if (port.firmware == firmware)
            all.push_back({port.usb.instance, {{"port", port.usb.where}}});
    }
    return all;
}

std::function<std::vector<FoundDevice>()> found_by_usb(std::shared_ptr<UsbRadios> radios,
                                                       const Section& section) {
    if (radios == nullptr) return {};
    return [radios = std::move(radios), name = section.name] { return radios->found(name); };
}

}  // namespace waypost
