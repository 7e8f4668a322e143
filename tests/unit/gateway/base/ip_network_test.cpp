// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/ip_network.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

bool holds(const std::string& network, const std::string& address) {
    return IpNetwork::parse(network)->holds(Poco::Net::IPAddress(address));
}

TEST(IpNetwork, HoldsWhatItsBitsSay) {
    EXPECT_TRUE(holds("192.168.4.0/24", "192.168.4.200"));
    EXPECT_FALSE(holds("192.168.4.0/24", "192.168.5.1"));
    EXPECT_TRUE(holds("192.168.4.77/24", "192.168.4.1")) << "the base may be any address of it";
    EXPECT_TRUE(holds("127.0.0.1", "127.0.0.1"));
    EXPECT_FALSE(holds("127.0.0.1", "127.0.0.2"));
    EXPECT_TRUE(holds("fd00::/8", "fd12:3456::1"));
    EXPECT_FALSE(holds("fd00::/8", "127.0.0.1"));
    EXPECT_TRUE(holds("0.0.0.0/0", "8.8.8.8"));
    EXPECT_TRUE(holds("192.0.2.0/24", "::ffff:192.0.2.7")) << "as a socket for both families says";
    EXPECT_FALSE(holds("192.0.2.0/24", "::ffff:192.0.3.7"));
    EXPECT_FALSE(holds("192.0.2.0/24", "::1"));
}

TEST(IpNetwork, SaysWhatIsWrong) {
    for (const char* bad : {"", "localhost", "127.0.0.1/", "127.0.0.1/x", "127.0.0.1/33",
                            "127.0.0.1/-1", "fd00::/129", "127.0.0.1/99999999999"}) {
        const auto parsed = IpNetwork::parse(bad);
        ASSERT_FALSE(parsed.ok()) << bad;
        EXPECT_NE(parsed.error().text.find("192.168.4.0/24"), std::string::npos);
    }
}

}  // namespace
}  // namespace waypost
