// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "app/open_copy.h"

// What is found in anything that is pasted is lines of secret keys and nothing else, which are
// found again in themselves.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    constexpr std::size_t kLine = 75;
    constexpr std::string_view kBegin = "AGE-SECRET-KEY-1";
    const auto key = find_key({reinterpret_cast<const char*>(data), size});
    if (!key.ok()) return 0;
    const std::string_view all = key->reveal();
    if (all.empty() || all.size() % kLine != 0) std::abort();
    for (std::size_t at = 0; at < all.size(); at += kLine) {
        const std::string_view line = all.substr(at, kLine);
        if (!line.starts_with(kBegin) || line.find('\n') != kLine - 1) std::abort();
    }
    const auto again = find_key(all);
    if (!again.ok() || again->reveal() != all) std::abort();
    return 0;
}
