// SPDX-License-Identifier: Apache-2.0
// A policy's text, the TXT record that announces it, and the host patterns in it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/email/direct/sts_policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::email;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(text.find('\n'), text.size());
    const std::string first = text.substr(0, line);
    const auto id = sts_id({first, text.substr(line)});
    if (id && (id->empty() || id->size() > 32)) std::abort();
    const auto policy = parse_sts_policy(text);
    if (!policy.ok()) return 0;
    // What is kept on disk must read back as it was.
    const auto again = parse_sts_policy(write_sts_policy(*policy));
    if (!again.ok() || !(*again == *policy)) std::abort();
    (void)sts_allows(*policy, first);
    return 0;
}
