// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/mounts.h"

#include <gtest/gtest.h>

#include "bridges/nncp/courier/devices.h"

namespace waypost::nncp {
namespace {

TEST(Mounts, AreReadAsTheKernelWritesThem) {
    const auto mounts = parse_mounts(
        "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
        "broken\n"
        "30 22 0:27 / /run rw shared:5 master:2 - tmpfs tmpfs rw\n"
        "31 22 8:17 / /media/a\\040b\\134c rw - vfat /dev/sdb1 rw,uid=0\n"
        "32 22 8:18 / /media/half - vfat");
    ASSERT_EQ(mounts.size(), 3u);
    EXPECT_EQ(mounts[0], (Mount{"/dev/sda2", "/", "ext4"}));
    EXPECT_EQ(mounts[1], (Mount{"", "/run", "tmpfs"}));
    EXPECT_EQ(mounts[2], (Mount{"/dev/sdb1", "/media/a b\\c", "vfat"}));
}

TEST(Mounts, TheNextOneAboveAPathIsFound) {
    const std::vector<Mount> mounts{
        {"/dev/a", "/", ""}, {"/dev/b", "/m/x", ""}, {"/dev/c", "/m/x", ""}};
    EXPECT_EQ(mount_of(mounts, "/m/x/y")->device, "/dev/c") << "the last one covers the first";
    EXPECT_EQ(mount_of(mounts, "/m/xy")->device, "/dev/a");
    EXPECT_EQ(mount_of({}, "/m"), nullptr);
    EXPECT_TRUE(lies_in("/m/x", "/m/"));
    EXPECT_FALSE(lies_in("/m", "/m/x"));
}

TEST(Devices, AnIdIsNoPath) {
    EXPECT_TRUE(good_id("5A3C-11F0"));
    EXPECT_TRUE(good_id("0b9e6a0e-5d0c-4a52-9f0a-6fd1f3f7a001"));
    for (const char* bad : {"", "..", "a/b", "dir:x", "a b", "a\n"})
        EXPECT_FALSE(good_id(bad)) << bad;
    EXPECT_FALSE(good_id(std::string(65, 'a')));
}

}  // namespace
}  // namespace waypost::nncp
