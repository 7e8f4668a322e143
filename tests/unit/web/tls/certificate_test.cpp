// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate.h"

#include <gtest/gtest.h>

#include <chrono>

namespace waypost {
namespace {

// By `openssl ca`, for the longest time that there is (RFC 5280 4.1.2.5).
constexpr const char* kForever = R"(-----BEGIN CERTIFICATE-----
MIHGMHoCAQEwBQYDK2VwMA8xDTALBgNVBAMMBGhpbGwwIBcNMjYwMTAxMDAwMDAw
WhgPOTk5OTEyMzEyMzU5NTlaMA8xDTALBgNVBAMMBGhpbGwwKjAFBgMrZXADIQCy
TqL/SsEhULMB4t/luvqy/9WTJCZPeRKWTMBKYHybUjAFBgMrZXADQQCuxrh6EqY+
X50WMY1NuiibIXi7Aajq/dMt23HSXyfg0kY9+H9zZdaIIgLfRTmScZ27yZTibhic
2eV6+A6yznsK
-----END CERTIFICATE-----
)";

// On a 32-bit machine too, whose own clock ends in 2038.
TEST(Certificate, LastsAsLongAsItSays) {
    using namespace std::chrono;
    const auto facts = certificate_facts(kForever);
    ASSERT_TRUE(facts.ok());
    const auto ms = [](sys_days day, seconds of_day) {
        return duration_cast<milliseconds>(day.time_since_epoch() + of_day).count();
    };
    EXPECT_EQ(facts->not_before_ms, ms(year(2026) / 1 / 1, seconds(0)));
    EXPECT_EQ(facts->not_after_ms, ms(year(9999) / 12 / 31, seconds(86399)));
    EXPECT_GT(days_until(facts->not_after_ms, facts->not_before_ms), 2'900'000);
}

}  // namespace
}  // namespace waypost
