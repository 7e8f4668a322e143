// SPDX-License-Identifier: Apache-2.0
// Batches of another Waypost box. What is taken is written and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridges/post/post.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::post;
    const auto batch = decode_batch({reinterpret_cast<const char*>(data), size});
    if (!batch.ok()) return 0;
    const std::string bytes = encode(*batch);
    const auto again = decode_batch(bytes);
    if (!again.ok() || encode(*again) != bytes) std::abort();
    return 0;
}
