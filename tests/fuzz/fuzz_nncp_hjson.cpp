// SPDX-License-Identifier: Apache-2.0
// Whatever a configuration is: read as Hjson and as a node's; what was read is the same as JSON.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/nncp/node/node_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::nncp;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto value = parse_hjson(text);
    if (!value.ok()) {
        if (value.error().text.empty()) std::abort();
        return 0;
    }
    HjsonLimits wide;  // quoting makes it longer
    wide.bytes *= 64;
    const std::string json = to_json(*value);
    const auto again = parse_hjson(json, wide);
    if (!again.ok() || to_json(*again) != json) std::abort();
    const auto config = node_config_of(*value);
    if (!config.ok() && config.error().text.rfind("line ", 0) != 0) std::abort();
    return 0;
}
