// SPDX-License-Identifier: Apache-2.0
// The world that Delta Chat's core is tested in: a real Postfix and Dovecot, a real box, and a
// simulated village with Ana's and Ben's handhelds. Prints one JSON line with what a client needs,
// then "WHO sees: TEXT" for each text on a handheld. Takes "WHO: TEXT" as typed there, "box: kill"
// for a kill -9 of the box, which starts again, and ends with its input.
#include <Poco/JSON/Object.h>
#include <poll.h>
#include <unistd.h>

#include <iostream>

#include "tests/interop/mail/peers.h"
#include "tests/interop/mesh/mesh_peer.h"

namespace waypost::interop {
namespace {

constexpr int kLookEveryMs = 100;
const std::vector<std::string> kHandhelds{"ana", "ben"};

std::string box_toml(const Folder& folder, const Ports& ports, const MeshPeer& mesh) {
    shell("printf pw > " + folder / "password" + " && chmod 600 " + folder / "password");
    return "[email.relay]\nlisten = [\"lmtp:127.0.0.1:" + std::to_string(ports.box_lmtp) +
           "\"]\nsmarthost = \"smtp:localhost:" + std::to_string(ports.submission) +
           "\"\nca_file = \"mail.crt\"\nuser = \"village@hill.test\"\npassword_file = "
           "\"password\"\n"
           "[meshtastic.roof]\nport = \"" +
           mesh.port() + "\"\ngap = \"270ms\"\n";
}

void introduce(const Folder& folder, const Ports& ports) {
    Poco::JSON::Object o;
    o.set("folder", folder.path());
    o.set("config", folder / "waypost.toml");
    o.set("imaps", ports.imaps);
    o.set("submission", ports.submission);
    o.set("mx", ports.mx);
    o.stringify(std::cout);
    std::cout << std::endl;
}

void obey(const std::string& line, MeshPeer& mesh, BoxProcess& box) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) return;
    const std::string who = line.substr(0, colon);
    const std::string text = line.substr(colon + 2);
    if (who == "box" && text == "kill") {
        box.kill9();
        box.start();
        std::cout << "box is up again" << std::endl;
        return;
    }
    mesh.type(who, text);
}

// A line at a time until the input ends.
void relay(MeshPeer& mesh, BoxProcess& box) {
    std::string typed;
    for (;;) {
        for (const OnScreen& shown : mesh.look())
            std::cout << shown.who << " sees: " << shown.text << std::endl;
        pollfd input{STDIN_FILENO, POLLIN, 0};
        if (::poll(&input, 1, kLookEveryMs) <= 0) continue;
        char bytes[4096];
        const ssize_t n = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (n <= 0) return;
        typed.append(bytes, static_cast<std::size_t>(n));
        for (std::size_t end = typed.find('\n'); end != std::string::npos; end = typed.find('\n')) {
            const std::string line = typed.substr(0, end);
            typed.erase(0, end + 1);
            obey(line, mesh, box);
        }
    }
}

void run() {
    const Folder folder;
    const Ports ports;
    const Dovecot dovecot(folder, ports);
    const Postfix postfix(folder, ports);
    MeshPeer mesh(fast_village(kHandhelds));
    BoxProcess box(folder, box_toml(folder, ports, mesh));
    box.waypost("people add ana --name Ana --radio meshtastic:!0000000a");
    box.waypost("people add ben --name Ben --radio meshtastic:!0000000b");
    introduce(folder, ports);
    relay(mesh, box);
    if (::getenv("WAYPOST_SHOW_LOGS") != nullptr) std::cerr << postfix.log() << box.log();
}

}  // namespace
}  // namespace waypost::interop

int main() {
    try {
        waypost::interop::run();
    } catch (const std::exception& e) {
        std::cerr << "stage: " << e.what() << '\n';
        return 1;
    }
}
