// SPDX-License-Identifier: Apache-2.0
#include "app/radio_service.h"

#include <filesystem>
#include <stdexcept>

#include "app/transports.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

struct Use {
    std::string section;
    bool amateur;
};

// By whatever name of the device: /dev/serial/by-id/... is a link to it.
std::string device_of(const std::string& port) {
    constexpr std::string_view kSerial = "serial:";
    if (port.rfind(kSerial, 0) != 0) return port;
    const std::string path = port.substr(kSerial.size(), port.find('?') - kSerial.size());
    std::error_code unknown;
    const fs::path real = fs::canonical(path, unknown);
    return std::string(kSerial) + (unknown ? path : real.string());
}

}  // namespace

void check_radio_services(const Config& config) {
    std::map<std::string, Use> uses;
    for (const TransportKind& kind : transport_kinds()) {
        if (setting_of(*kind.section, "port") == nullptr) continue;
        for (const SectionValues* values : config.instances(kind.section->name)) {
            const Use use{std::string(kind.section->name) + '.' + values->instance(),
                          setting_of(*kind.section, "service") != nullptr &&
                              values->text("service") == "amateur"};
            const auto [before, first] = uses.emplace(device_of(values->text("port")), use);
            if (first || before->second.amateur == use.amateur) continue;
            throw std::runtime_error("[" + before->second.section + "] and [" + use.section +
                                     "] name the same port, " + values->text("port") +
                                     ": an amateur station has a radio of its own");
        }
    }
}

}  // namespace waypost
