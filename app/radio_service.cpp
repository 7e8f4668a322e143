// SPDX-License-Identifier: Apache-2.0
#include "app/radio_service.h"

#include <stdexcept>

#include "app/transports.h"
#include "gateway/io/byte_line.h"

namespace waypost {
namespace {

struct Use {
    std::string section;
    bool amateur;
};

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
