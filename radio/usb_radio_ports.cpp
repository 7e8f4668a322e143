// SPDX-License-Identifier: Apache-2.0
#include <libserialport.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <fstream>

#include "radio/usb_radios.h"

namespace waypost {
namespace {

struct UsbKind {
    int vendor, product;  // product -1: any of the vendor
};
// What boards with a LoRa radio show: Espressif, Silicon Labs, WCH, Adafruit nRF52, Seeed,
// RAK (nRF52), Raspberry Pi RP2040.
constexpr UsbKind kUsb[] = {{0x303a, -1}, {0x10c4, 0xea60}, {0x1a86, -1},
                            {0x239a, -1}, {0x2886, -1},     {0x2e8a, -1}};

struct PortListFree {
    void operator()(sp_port** list) const noexcept { sp_free_port_list(list); }
};

bool looks_like_a_radio(const sp_port* port) {
    int vendor = 0;
    int product = 0;
    if (sp_get_port_usb_vid_pid(port, &vendor, &product) != SP_OK) return false;
    for (const UsbKind& kind : kUsb) {
        if (kind.vendor == vendor && (kind.product < 0 || kind.product == product)) return true;
    }
    return false;
}

// By a process that lives.
bool is_locked(const std::string& name) {
    std::ifstream lock("/var/lock/LCK.." + name);
    long process = 0;
    if (!(lock >> process) || process <= 0) return false;
    return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
}

// The node of a device is made anew with each plugging in.
std::uint64_t made(const std::string& path) {
    struct stat node {};
    return ::stat(path.c_str(), &node) == 0 ? node.st_ino : 0;
}

}  // namespace

std::vector<UsbPort> usb_radio_ports() {
    std::vector<UsbPort> found;
    sp_port** raw = nullptr;
    if (sp_list_ports(&raw) != SP_OK) return found;
    const std::unique_ptr<sp_port*, PortListFree> list(raw);
    for (sp_port** port = raw; *port != nullptr; ++port) {
        if (!looks_like_a_radio(*port)) continue;
        const char* serial = sp_get_port_usb_serial(*port);
        const std::string path = sp_get_port_name(*port);
        const std::string name = path.substr(path.rfind('/') + 1);
        if (is_locked(name)) continue;
        found.push_back(
            {"serial:" + path, "usb-" + (serial ? std::string(serial) : name), made(path)});
    }
    return found;
}

}  // namespace waypost
