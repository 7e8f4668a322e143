// SPDX-License-Identifier: Apache-2.0
// Packed texts of the trunk. The input is unpacked as it is, then packed as a text and back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/unit/radio/trunk/pack/built_models.h"

using namespace waypost;
using namespace waypost::pack;

namespace {

constexpr std::size_t kLimit = 400;

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Packer packer(built_models());
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const auto unpacked = packer.unpack(bytes, kLimit);
    if (unpacked.ok()) must(unpacked->size() <= kLimit);
    // All models at once are slow: one, by the size.
    const auto one = static_cast<ModelSet>(1u << (size % 9));
    const std::string text = bytes.substr(0, kLimit);
    const std::string packed = packer.pack(text, one);
    must(packed.size() <= text.size() + 1);
    const auto back = packer.unpack(packed, kLimit);
    must(back.ok() && *back == text);
    return 0;
}
