// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/activitypub/hill.h"

#include <stdexcept>

namespace waypost::interop {

std::string activitypub_settings(const Fediverse& world, const std::string& more) {
    return "[activitypub.home]\nlisten = \"\"\ntls_listen = \"" +
           Fediverse::address_of("hill.test") + ":443\"\ncertificate = \"" + world.certificate() +
           "\"\nprivate_key = \"" + world.key() + "\"\nca_file = \"" + world.authority() +
           "\"\nnear = [\"dale.test\", \"oak.test\", \"elm.test\"]\n" + more;
}

Hill::Hill(const Fediverse& world, const std::string& section, const std::string& more) {
    box_ = std::make_unique<BoxProcess>(
        folder_, handhelds_.settings() + activitypub_settings(world, section) + more, "hill.test");
    waypost("people add ana --radio meshtastic:!0000000a");
    waypost("people add ben --radio meshtastic:!0000000b");
    if (!status_says("meshtastic.roof: works") || !status_says("activitypub.home: works"))
        throw std::runtime_error("the village does not work: " + waypost("status") + box_->log());
}

bool Hill::status_says(const std::string& text) const {
    return eventually([&] { return waypost("status").find(text) != std::string::npos; });
}

std::string Hill::seen() {
    std::string all = handhelds_.seen() + box_->log() + waypost("status");
    for (int id = 1; id < 12; ++id)
        all += shell(box_->command() + " trace " + std::to_string(id) + " || true");
    return all;
}

}  // namespace waypost::interop
