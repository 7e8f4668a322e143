// SPDX-License-Identifier: Apache-2.0
// Frames out of what an E22 in transmission mode hands over. Its packets have no boundaries on the
// line; behind each comes, where REG3 says so, one byte of its RSSI. A frame of ours is one packet,
// unless the line stuttered while it was written: then such a byte stands inside it as well, and
// the silence between the two tells where.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "radio/frame_radio.h"

namespace waypost::e22 {

class Receiver {
  public:
    explicit Receiver(bool rssi) : rssi_(rssi) {}

    std::vector<FrameIn> feed(std::string_view bytes);
    // The line was silent for longer than between the bytes of one packet.
    std::vector<FrameIn> silence();
    // It was for longer than between the packets of one frame.
    std::vector<FrameIn> give_up_begun();
    bool begun() const { return whole_.has_value() || overlong_ || !begun_.empty(); }
    int take_broken();  // frames damaged or given up since it was last asked
    void reset();

  private:
    void delimiter(std::vector<FrameIn>& frames);
    std::optional<std::string> decode(std::string_view stuffed) const;
    std::optional<std::string> decode_without_marks(std::size_t from) const;
    void hand_over(std::optional<int> rssi, std::vector<FrameIn>& frames);
    void forget_begun();

    bool rssi_;
    std::optional<std::string> whole_;  // a frame that waits for its RSSI
    std::string begun_;
    std::vector<std::size_t> marks_;  // bytes of begun_ that a silence followed
    bool overlong_ = false;
    int broken_ = 0;
};

}  // namespace waypost::e22
