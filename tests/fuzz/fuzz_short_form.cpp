// SPDX-License-Identifier: Apache-2.0
// Batches as they come over a slow radio link. What is taken is written and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/post/short_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::post;
    const LinkDomains link{"hill.example", "dale.example"};
    const NameOf nobody = [](std::uint32_t number) {
        return number < 2 ? std::optional<std::string>("ana@hill.example") : std::nullopt;
    };
    const Unpack unpack = [](std::string_view packed, std::size_t) -> Result<std::string> {
        return std::string(packed);
    };
    const auto first =
        decode_short({reinterpret_cast<const char*>(data), size}, link, nobody, unpack);
    if (!first.ok()) return 0;
    std::uint32_t next = 2;
    const auto form = encode_short(
        first->batch, link,
        [&](const std::string&) {
            return NameNumber{next++, false};
        },
        [](std::string_view text) { return std::string(text); });
    const auto again = decode_short(form.bytes, link, nobody, unpack);
    if (!again.ok() || encode(again->batch) != encode(first->batch)) std::abort();
    return 0;
}
