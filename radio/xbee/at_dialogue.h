// SPDX-License-Identifier: Apache-2.0
// Questions to the module by frame 08, one after the other, each asked again when its answer stays
// out. No I/O, no clock.
#pragma once

#include <bitset>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "gateway/base/clock.h"
#include "radio/xbee/packet.h"

namespace waypost::xbee {

// 1..255, handed out in turn, so that one given back is not soon used again.
class FrameIds {
  public:
    std::uint8_t take();  // 0: all are open
    void give_back(std::uint8_t id) { open_.reset(id); }
    bool open(std::uint8_t id) const { return open_.test(id); }
    void clear() { open_.reset(); }

  private:
    std::bitset<256> open_;
    std::uint8_t last_ = 0;
};

class AtDialogue {
  public:
    static constexpr std::uint8_t kNoAnswer = 0xFF;  // in place of AtAnswer::status
    using Done = std::function<void(const AtAnswer&)>;

    explicit AtDialogue(FrameIds& ids) : ids_(ids) {}

    void ask(std::string name, std::string value, Done done);
    // Before all that waits, once, and given up soon; in place of the same that still waits, whose
    // `done` is not called any more.
    void ask_first(std::string name, Done done);
    void clear();  // whatever comes is not for us any more
    // What is to be written now.
    std::optional<AtCommand> due(BoxTime now);
    // False: nobody asked.
    bool answered(const AtAnswer& answer);
    BoxTime next_tick() const { return open_ ? open_->deadline : BoxTime::max(); }
    bool idle() const { return !open_ && waiting_.empty(); }

  private:
    struct Question {
        AtCommand command;
        Done done;
        int tries = 3;
        milliseconds wait{1000};
        BoxTime deadline{};
    };
    void end(const AtAnswer& answer);

    FrameIds& ids_;
    std::deque<Question> waiting_;
    std::optional<Question> open_;
};

}  // namespace waypost::xbee
