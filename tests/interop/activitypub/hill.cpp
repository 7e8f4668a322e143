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

Hill::Hill(const Fediverse& world, const std::string& section, const std::string& more,
           const std::string& box) {
    box_ = std::make_unique<BoxProcess>(folder_,
                                        box + "[store]\nkeep_free = \"1MiB\"\n" +
                                            handhelds_.settings() +
                                            activitypub_settings(world, section) + more,
                                        "hill.test");
    waypost("people add ana --radio meshtastic:!0000000a");
    waypost("people add ben --radio meshtastic:!0000000b");
    if (!box_->status_says("meshtastic.roof: works") ||
        !box_->status_says("activitypub.home: works"))
        throw std::runtime_error("the village does not work: " + waypost("status") + box_->log());
}

std::string Hill::seen() {
    return handhelds_.seen() + box_->log() + waypost("status") + box_->traces(12);
}

}  // namespace waypost::interop
