// SPDX-License-Identifier: Apache-2.0
// A provider for tests in other languages: real Dovecot and Postfix. Prints one JSON line with the
// ports. Mail that is handed in stays in Postfix's queue until a line "deliver" comes; it ends with
// its input.
#include <Poco/JSON/Object.h>

#include <iostream>

#include "mailbox_world.h"

namespace waypost::interop {
namespace {

void run() {
    const Provider provider;
    const Postfix postfix(provider.folder, provider.ports, {{"defer_transports", "lmtp"}});
    Poco::JSON::Object o;
    o.set("imap", provider.ports.imap);
    o.set("submission", provider.ports.submission);
    o.set("mail", provider.folder / "mail");
    o.stringify(std::cout);
    std::cout << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line != "deliver") continue;
        const std::string conf = provider.folder / "pf";
        shell("postconf -c " + conf + " -e defer_transports= && postfix -c " + conf + " reload");
        postfix.flush();
    }
}

}  // namespace
}  // namespace waypost::interop

int main() {
    try {
        waypost::interop::run();
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "provider: " << e.what() << '\n';
        return 1;
    }
}
