// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/meshtastic_udp/lan.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

Fd new_network() {
    if (::unshare(CLONE_NEWNET) != 0)
        throw std::runtime_error(std::string("unshare (is this root?): ") + std::strerror(errno));
    Fd here(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    if (!here.good()) throw std::runtime_error("/proc/self/ns/net");
    shell("ip link set lo up");
    return here;
}

}  // namespace

Lan::Lan() : dale_(new_network()), hill_(new_network()) {
    const std::string dale =
        "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(dale_.get());
    shell("ip link add hill0 type veth peer name dale0");
    shell("ip link set dale0 netns " + dale);
    shell("ip addr add 10.9.0.1/24 dev hill0");
    shell("ip link set hill0 up");
    at_dale();
    shell("ip addr add 10.9.0.2/24 dev dale0");
    shell("ip link set dale0 up");
    at_hill();
}

void Lan::go(const Fd& place) {
    if (::setns(place.get(), CLONE_NEWNET) != 0)
        throw std::runtime_error(std::string("setns: ") + std::strerror(errno));
}

const Lan& lan() {
    static const Lan kLan;
    return kLan;
}

}  // namespace waypost::interop
