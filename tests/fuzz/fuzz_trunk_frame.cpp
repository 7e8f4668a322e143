// SPDX-License-Identifier: Apache-2.0
// Packets of the trunk, and the bodies of reports, hellos, beacons and bundles as a peer with the
// right key may send them. What is read and written again reads the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "radio/trunk/cast.h"
#include "radio/trunk/pairing.h"
#include "radio/trunk/trunk_frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::trunk;
    if (size == 0) return 0;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    if (const auto frame = parse_frame(bytes); frame.ok()) {
        if (encode_head(*frame) != frame->head) std::abort();
    }
    if (const auto report = parse_report(bytes); report.ok()) {
        const auto again = parse_report(encode_report(*report));
        if (!again.ok() || again->held != report->held || again->gaps.size() != report->gaps.size())
            std::abort();
    }
    if (const auto hello = parse_hello(bytes); hello.ok()) {
        const auto again = parse_hello(encode_hello(*hello));
        if (!again.ok() || again->facts != hello->facts || again->oldest != hello->oldest)
            std::abort();
    }
    if (const auto bundle = parse_bundle(bytes); bundle.ok()) {
        const auto again = parse_bundle(encode_bundle(*bundle));
        if (!again.ok() || *again != *bundle) std::abort();
    }
    if (auto cast = CastIn::from(bytes); cast.ok()) (void)cast->heard(bytes);
    (void)parse_beacon(bytes);
    (void)parse_pairing_code(bytes);
    return 0;
}
