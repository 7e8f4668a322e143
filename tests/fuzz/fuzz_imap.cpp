// SPDX-License-Identifier: Apache-2.0
// What we make of a hostile server's answers. Tags are A1, A2, A3 ...
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/email/mailbox/imap_client.h"
#include "fed_wire.h"

namespace {

// Empty, mode 0600; gone with the process's folder of temporary files.
std::string password_file() {
    std::string path = "/tmp/waypost-fuzz-XXXXXX";
    const int fd = ::mkstemp(path.data());
    if (fd >= 0) ::close(fd);
    return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::email;
    ProviderServer server;
    server.host = "localhost";
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    {
        FedWire wire(bytes);
        ImapReader reader(wire);
        reader.begin();
        for (auto next = reader.next(); next.ok(); next = reader.next()) {
            if (next->lines.size() != next->literals.size() + 1) std::abort();
            (void)tokens_of(*next);
            (void)response_code(next->rest());
        }
    }
    ImapClient client(std::make_unique<FedWire>(bytes), server);
    static const MailboxLogin kNobody{"u", password_file(), false};
    if (!client.open(kNobody).ok()) return 0;
    (void)client.sent_folder();
    if (!client.select("INBOX").ok()) return 0;
    const auto uids = client.search_after(3);
    if (uids.ok() && !uids->empty() && uids->front() <= 3) std::abort();
    (void)client.size(4);
    const auto piece = client.piece(4, 0, 64);
    if (piece.ok() && piece->size() > 64) std::abort();
    (void)client.mark(4, "$Waypost");
    (void)client.append("Sent", "x\r\n");
    static Bell bell;
    (void)client.idle(bell, std::chrono::milliseconds(0));
    return 0;
}
