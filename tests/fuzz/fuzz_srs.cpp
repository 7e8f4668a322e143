// SPDX-License-Identifier: Apache-2.0
// Rewritten sender addresses, and rewriting whatever address comes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/email/srs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    static const email::Srs kOurs(Secret("secret"), "x.test");
    const WallTime now = wall_from_ms(1'800'000'000'000);
    const auto address =
        parse_address("mailto:" + std::string(reinterpret_cast<const char*>(data), size));
    if (!address.ok()) return 0;
    (void)kOurs.reverse(*address, now);
    (void)kOurs.reverse(mailto(address->local_part(), "x.test"), now);
    // Ours leads back to just him; what was rewritten before leads to the forwarder before.
    const bool again = kOurs.looks_like_ours(mailto(address->local_part(), "x.test"));
    const auto rewritten = kOurs.forward(*address, now);
    if (again || !rewritten.ok()) return 0;
    const auto back = kOurs.reverse(*rewritten, now);
    if (!back.ok() || *back != *address) std::abort();
    return 0;
}
