// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/time_sync.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(TimeSync, CountsForNineHoursAfterItWasTouched) {
    char name[] = "/tmp/waypost-time-sync-XXXXXX";
    const int fd = ::mkstemp(name);
    ASSERT_GE(fd, 0);
    const WallTime touched{seconds(1'800'000'000)};
    const timespec when{1'800'000'000, 0};
    const timespec times[2] = {when, when};
    ASSERT_EQ(::futimens(fd, times), 0);
    EXPECT_TRUE(synchronised_lately(name, touched));
    EXPECT_TRUE(synchronised_lately(name, touched + hours(9)));
    EXPECT_FALSE(synchronised_lately(name, touched + hours(9) + seconds(1)));
    EXPECT_FALSE(synchronised_lately(name, touched - hours(1)));  // the clock was set back since
    ::close(fd);
    ::unlink(name);
    EXPECT_FALSE(synchronised_lately(name, touched));
}

}  // namespace
}  // namespace waypost
