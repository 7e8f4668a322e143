// SPDX-License-Identifier: Apache-2.0
// What the image's side tells: no key is empty, no value has a line's end, and all of it is short.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/message/text.h"
#include "gateway/update/facts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t bytes = 0;
    for (const auto& [key, value] : waypost::parse_key_values(text)) {
        if (key.empty() || key.find('=') != std::string::npos) std::abort();
        if (value.find('\n') != std::string::npos) std::abort();
        if (waypost::clean_utf8(value) != value) std::abort();
        bytes += value.size();
    }
    if (bytes > 3 * 8192) std::abort();
    return 0;
}
