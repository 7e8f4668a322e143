// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/xbee/api_framing.h"
#include "radio/xbee/packet.h"

// Whatever a module sends, in both API modes, cut where the first byte says; what is read is
// written again as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::xbee;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string_view first = bytes.substr(0, data[0]);
    for (const ApiMode mode : {ApiMode::Plain, ApiMode::Escaped}) {
        Deframer whole(mode);
        Deframer pieces(mode);
        auto bodies = pieces.feed(first);
        for (auto& body : pieces.feed(bytes.substr(first.size()))) bodies.push_back(body);
        if (bodies != whole.feed(bytes)) std::abort();
        while (whole.begun()) {
            for (auto& body : whole.give_up_begun()) bodies.push_back(body);
        }
        for (const std::string& body : bodies) {
            const auto packet = parse(body);
            if (packet.ok() && encode(*packet) != body) std::abort();
            if (Deframer(mode).feed(frame(mode, body)) != std::vector{body}) std::abort();
            if (body.size() > 5) (void)parse_node(std::string_view(body).substr(5));
        }
    }
    return 0;
}
