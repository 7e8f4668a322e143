// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "gateway/commands/grammar.h"
#include "gateway/commands/handle.h"
#include "gateway/message/address.h"
#include "gateway/message/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view typed(reinterpret_cast<const char*>(data), size);
    if (!waypost::is_utf8(waypost::describe(waypost::parse_command(typed)))) std::abort();
    (void)waypost::parse_handle(typed);
    const auto address = waypost::parse_address(typed);
    if (address.ok() && !waypost::parse_address(address->uri()).ok()) std::abort();
    std::string joined;
    for (const auto& page : waypost::split_pages(waypost::clean_utf8(typed), 20)) joined += page;
    if (joined != waypost::clean_utf8(typed)) std::abort();
    return 0;
}
