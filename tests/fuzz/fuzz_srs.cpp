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
    const auto rewritten = kOurs.forward(*address, now);
    if (!rewritten.ok() || address->value.rfind("SRS", 0) == 0) return 0;
    const auto back = kOurs.reverse(*rewritten, now);
    // Ours leads back. What is no address by itself may fail to be one again, but never another.
    if (back.ok() && address->local_part().find("srs") == std::string_view::npos &&
        address->local_part().find("SRS") == std::string_view::npos &&
        back->local_part() != address->local_part())
        std::abort();
    return 0;
}
