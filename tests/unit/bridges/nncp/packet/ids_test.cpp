// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/ids.h"

#include <gtest/gtest.h>

#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {
namespace {

TEST(NncpIds, AreSpeltAsInRfc4648WithoutPadding) {
    EXPECT_EQ(to_base32(""), "");
    EXPECT_EQ(to_base32("f"), "MY");
    EXPECT_EQ(to_base32("fo"), "MZXQ");
    EXPECT_EQ(to_base32("foo"), "MZXW6");
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
    for (const std::string each : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
        EXPECT_EQ(*from_base32(to_base32(each)), each);
    }
    EXPECT_EQ(to_base32(std::string(64, '\xff')).size(), 103u);
}

TEST(NncpIds, OnlyTheOneSpellingIsRead) {
    for (const std::string bad : {"M", "MYA", "MZ", "my", "MY======", "M1", "MZXW6 ", "MZXW6Y"}) {
        EXPECT_FALSE(from_base32(bad).ok()) << bad;
    }
    const std::string name = to_base32(test_keys().at("relay").id);
    EXPECT_EQ(name, "4FF4ADFJ64CYGC4NWLPDNESCZ3VFLD25V4EBDJGIZ67VZFOJLVPA");
    EXPECT_EQ(*hash_from_base32(name), test_keys().at("relay").id);
    EXPECT_FALSE(hash_from_base32(name + "A").ok());
    EXPECT_FALSE(hash_from_base32(name.substr(1)).ok());
    EXPECT_FALSE(hash_from_base32(name.substr(0, 51) + "B").ok()) << "bits left over";
}

}  // namespace
}  // namespace waypost::nncp
