// SPDX-License-Identifier: Apache-2.0
// One modem at the end of its line: opens it, feeds the driver, writes what it wants written, and
// opens it again after a pause when it is gone. One thread calls all but wake().
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "gateway/io/byte_line.h"
#include "radio/frame_radio.h"

namespace waypost {

class ModemLine {
  public:
    // `where` as open_line() has it; `baud` is for serial lines that name none.
    ModemLine(std::string where, int baud, std::unique_ptr<FrameRadio> radio, const Clock& clock);

    // Waits until something comes, wake() is called, the driver's next tick is due or `until`. What
    // was heard and reported; `write`, `baud` and `reopen` are done with.
    RadioActions step(BoxTime until);
    RadioActions send(FrameOut frame);
    // Closes the line: every frame in hand is reported.
    RadioActions close();
    void wake() noexcept;  // any thread

    bool is_open() const { return line_ != nullptr; }
    bool ready() const { return line_ != nullptr && radio_->ready(); }
    const FrameRadio& radio() const { return *radio_; }
    std::string why_down() const;

  private:
    bool open(BoxTime now, RadioActions& all);
    void act(RadioActions done, RadioActions& all);
    void lose(const std::string& why, RadioActions& all);

    std::string where_;
    int baud_;
    std::unique_ptr<FrameRadio> radio_;
    const Clock& clock_;
    std::mutex mutex_;  // of line_, for wake()
    std::unique_ptr<ByteLine> line_;
    std::string why_;  // the line is not open
    BoxTime next_open_{};
    milliseconds pause_{0};
};

}  // namespace waypost
