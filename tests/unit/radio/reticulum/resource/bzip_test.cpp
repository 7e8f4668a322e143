// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/bzip.h"

#include <gtest/gtest.h>

#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

TEST(ReticulumBzip, WhatIsPackedIsUnpackedWithinTheLimit) {
    for (const std::size_t size : {0, 1, 1000, 65536, 1'000'000}) {
        const std::string text(size, 'x');
        const std::string packed = bzip(text);
        EXPECT_EQ(unbzip(packed, size).value(), text);
        EXPECT_EQ(unbzip(packed, size + 1).value(), text);
        if (size > 0) {
            EXPECT_EQ(unbzip(packed, size - 1).error().code, Code::TooLarge);
        }
    }
}

TEST(ReticulumBzip, OfAnotherProgram) {
    // bz2.compress(b"Waypost") of Python 3.11, which the reference program uses.
    const std::string packed = bytes_of_hex(
        "425a6839314159265359b3e35a22000000038000802000cc202000220d33421809cc8145dc914e14242cf8d688"
        "80");
    EXPECT_EQ(unbzip(packed, 100).value(), "Waypost");
    EXPECT_EQ(bzip("Waypost"), packed);
}

TEST(ReticulumBzip, WhatIsBrokenIsSaid) {
    const std::string packed = bzip("Car broke down at the ford, please come");
    for (std::size_t size = 0; size < packed.size(); ++size)
        EXPECT_EQ(unbzip(packed.substr(0, size), 1000).error().code, Code::BadInput) << size;
    EXPECT_EQ(unbzip(packed + "x", 1000).error().code, Code::BadInput);
    EXPECT_EQ(unbzip("plain text", 1000).error().code, Code::BadInput);
    std::string bad = packed;
    bad[20] = static_cast<char>(bad[20] ^ 4);
    EXPECT_FALSE(unbzip(bad, 1000).ok());
}

}  // namespace
}  // namespace waypost::reticulum
