// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/framing/cobs_frames.h"

// Any bytes, cut where the first says; and any bytes as a frame come back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string_view first = bytes.substr(0, data[0]);
    CobsDeframer pieces;
    CobsDeframer whole;
    auto got = pieces.feed(first);
    for (auto& frame : pieces.feed(bytes.substr(first.size()))) got.push_back(frame);
    if (got != whole.feed(bytes)) std::abort();
    whole.give_up_begun();
    const std::string_view sent = bytes.substr(0, kMostCobsFrame);
    if (whole.feed(cobs_frame(sent)) != std::vector<std::string>{std::string(sent)}) std::abort();
    return 0;
}
