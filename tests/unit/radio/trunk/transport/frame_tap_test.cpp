// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/frame_tap.h"

#include <gtest/gtest.h>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

std::string single(std::uint16_t number) {
    Frame frame;
    frame.number = number;
    return encode_head(frame) + "meet me at the mill" + std::string(kSingleTag, 't');
}

class FrameTapTest : public ::testing::Test {
  protected:
    PacketSeen last() const { return tail_.after(0).back(); }
    PacketTail tail_;
    FrameTap tap_{tail_};
    const WallTime now_ = WallTime(milliseconds(1'800'000'000'000));
};

TEST_F(FrameTapTest, HeardFramesByTheirHeads) {
    tap_.heard("trunk.dale", {single(17), {}, -91, 6.25f}, false, now_);
    EXPECT_EQ(last().text, "single 17");
    EXPECT_EQ(last().transport, "trunk.dale");
    EXPECT_EQ(last().bytes, single(17).size());
    EXPECT_EQ(last().at_ms, 1'800'000'000'000);
    EXPECT_FALSE(last().out);
    EXPECT_EQ(last().snr_db, 6.25f);
    EXPECT_EQ(last().rssi_dbm, -91);
    tap_.heard("trunk.dale", {"", "0013a20041b2c3d4", {}, {}}, false, now_);
    EXPECT_EQ(last().text, "no packet of the trunk from 0013a20041b2c3d4");
}

TEST_F(FrameTapTest, SentOnesWithWhatBecameOfThem) {
    const auto sent = [&](FrameFate fate, int retries = 0) {
        tap_.sent("trunk.dale", {1, single(9), {}}, false, {1, fate, retries}, now_);
        EXPECT_TRUE(last().out);
        return last().text;
    };
    EXPECT_EQ(sent(FrameFate::Sent), "single 9");
    EXPECT_EQ(sent(FrameFate::Acked, 2), "single 9, acknowledged, again 2 times");
    EXPECT_EQ(sent(FrameFate::NoAirtime), "single 9, not sent: no airtime");
    EXPECT_EQ(sent(FrameFate::Failed), "single 9, the modem failed");
    tap_.sent("trunk.dale", {2, "DE DB0ABC", {}}, true, {2, FrameFate::Sent, 0}, now_);
    EXPECT_EQ(last().text, "call sign DE DB0ABC");
}

TEST_F(FrameTapTest, NeverWhatIsInThem) {
    for (std::uint16_t i = 0; i < 256; ++i) {
        std::string bytes = single(1);
        bytes[0] = static_cast<char>(i);
        tap_.heard("trunk.dale", {bytes, {}, {}, {}}, false, now_);
        EXPECT_EQ(last().text.find("mill"), std::string::npos) << last().text;
    }
}

}  // namespace
}  // namespace waypost::trunk
