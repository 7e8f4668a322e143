// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/kiss/decode_kiss.h"
#include "radio/kiss/kiss_radio.h"

// Any bytes on the line of a KISS modem, cut where the first says; and any bytes as a frame come
// back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string_view first = bytes.substr(0, data[0]);
    kiss::Parser pieces(300), whole(300);
    auto got = pieces.feed(first);
    for (auto& frame : pieces.feed(bytes.substr(first.size()))) got.push_back(frame);
    if (got != whole.feed(bytes)) std::abort();
    for (const auto& frame : got) {
        kiss::Parser again(300);
        if (again.feed(kiss::encode(frame)) != std::vector<kiss::Frame>{frame}) std::abort();
    }
    kiss::Options options;
    options.call = {"DB0ABC", 7, false, 3};
    kiss::KissRadio radio(options);
    radio.opened(box_from_ms(1));
    for (const auto& frame : radio.received(bytes, box_from_ms(1)).heard) {
        if (frame.bytes.size() > ax25::kMostFrame || frame.from.empty()) std::abort();
    }
    if (kiss::decode_kiss(bytes).size() > 40 + 40 * bytes.size()) std::abort();
    return 0;
}
