// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "bridges/email/mailbox/pop3_client.h"
#include "fed_wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::email;
    ProviderServer server;
    server.host = "localhost";
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Pop3Client client(std::make_unique<FedWire>(bytes), server);
    const auto listed = client.list();
    if (!listed.ok()) return 0;
    for (const auto& mail : *listed) {
        if (mail.number <= 0 || mail.uidl.empty()) std::abort();
    }
    if (!client.top(1).ok() || !client.retrieve(1).ok()) return 0;
    for (;;) {
        const auto piece = client.more();
        if (!piece.ok() || piece->empty()) return 0;
    }
}
