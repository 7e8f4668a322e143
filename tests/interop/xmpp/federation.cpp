// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/federation.h"

#include <unistd.h>

#include <fstream>

#include "tests/interop/direct/internet.h"

namespace waypost::interop {
namespace {

constexpr char kHill[] = "hill.test";
constexpr char kFar[] = "far.test";

// Two tests at once have two nets.
std::string address(int host) {
    const int net = ::getpid() % 60'000;
    return "127." + std::to_string(10 + net / 250) + '.' + std::to_string(1 + net % 250) + '.' +
           std::to_string(host);
}

}  // namespace

Federation::Federation() {
    const std::string hill = address(1), far = address(2);
    std::ofstream(folder_ / "hosts") << hill << ' ' << kHill << " gw." << kHill << '\n'
                                     << far << ' ' << kFar << '\n';
    make_authority(folder_);
    for (const std::string domain : {kHill, kFar})
        make_certificate(folder_, domain, {domain, "gw." + domain, "conference." + domain});
    hill_ = std::make_unique<Prosody>(settings(kHill, hill), kHill, folder_ / kHill);
    far_ = std::make_unique<Prosody>(settings(kFar, far), kFar, folder_ / kFar);
}

std::string Federation::settings(const std::string& domain, const std::string& address) const {
    const std::string file = folder_ / domain;
    return "modules_enabled = { 'roster', 'saslauth', 'tls', 'disco', 'posix', 'ping', 'offline', "
           "'smacks', 's2s', 's2s_auth_certs' }\n"
           "modules_disabled = { 'dialback' }\n"
           "s2s_interfaces = { '" +
           address +
           "' }; s2s_ports = { 5269 }; s2s_direct_tls_ports = { }\n"
           "s2s_require_encryption = true; s2s_secure_auth = true\n"
           // Nobody answers at the discard port, and nobody is asked elsewhere.
           "unbound = { resolvconf = false, hoststxt = '" +
           folder_ / "hosts" +
           "', forward = '127.0.0.1@9' }\n"
           "ssl = { certificate = '" +
           file + ".crt'; key = '" + file + ".key'; cafile = '" + folder_ / "ca.crt" +
           "'; capath = '/nonexistent' }\n";
}

}  // namespace waypost::interop
