// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/kiss/ax25.h"

// Whatever is taken for a frame has the same bytes again when it is encoded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto frame = ax25::parse(bytes);
    if (frame.ok() && ax25::encode(*frame) != bytes) std::abort();
    const auto address = ax25::parse_address(bytes);
    if (address.ok() && *ax25::parse_address(to_string(*address)) != *address) std::abort();
    return 0;
}
