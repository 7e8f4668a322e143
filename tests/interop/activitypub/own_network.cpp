// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/activitypub/own_network.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "gateway/base/fd.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

// Where OpenSSL, GnuTLS and curl of Debian look.
constexpr char kAuthorities[] = "/etc/ssl/certs/ca-certificates.crt";

void need(bool done, const std::string& what) {
    if (!done) throw std::runtime_error("own network: " + what + ": " + std::strerror(errno));
}

void map_user(const char* file, unsigned id) { std::ofstream(file) << "0 " << id << " 1\n"; }

void leave_the_machines() {
    const unsigned user = ::geteuid(), group = ::getegid();
    const int spaces = CLONE_NEWNS | CLONE_NEWNET | (user == 0 ? 0 : CLONE_NEWUSER);
    need(::unshare(spaces) == 0, "unshare (is this root?)");
    if (user != 0) {
        std::ofstream("/proc/self/setgroups") << "deny\n";
        map_user("/proc/self/uid_map", user);
        map_user("/proc/self/gid_map", group);
    }
    need(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount");
}

void loopback_up() {
    const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq loopback{};
    std::strcpy(loopback.ifr_name, "lo");
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    need(::ioctl(socket.get(), SIOCSIFFLAGS, &loopback) == 0, "loopback");
}

void lay_over(const std::string& ours, const char* theirs) {
    need(::mount(ours.c_str(), theirs, nullptr, MS_BIND, nullptr) == 0, theirs);
}

}  // namespace

void enter_own_network(const std::string& folder, const std::string& hosts,
                       const std::string& authority) {
    leave_the_machines();
    loopback_up();
    std::ofstream(folder + "/hosts") << hosts;
    std::ofstream(folder + "/authorities.pem") << contents(kAuthorities) << contents(authority);
    lay_over(folder + "/hosts", "/etc/hosts");
    lay_over(folder + "/authorities.pem", kAuthorities);
    // snac keeps there whether it runs, under the name of its host: two tests at once would stop
    // each other's.
    need(::mount("tmpfs", "/dev/shm", "tmpfs", 0, nullptr) == 0, "/dev/shm");
}

}  // namespace waypost::interop
