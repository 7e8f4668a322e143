// SPDX-License-Identifier: Apache-2.0
// A radio in a tool's hands: its line, and what may be sent. One thread, one frame at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/cli/trunk/airtime_file.h"
#include "app/cli/trunk/radio_options.h"
#include "radio/modem_line.h"

namespace waypost::cli {

class OpenRadio {
  public:
    using Say = std::function<void(const std::string&)>;  // for people: what was found, what waits

    // Looks for the modem if its kind is not told. Who sends has to be allowed to: an Error says
    // what to set. That the modem gets ready is not waited for.
    static Result<std::unique_ptr<OpenRadio>> open(const RadioOptions& options, Sends sends,
                                                   Say say);
    ~OpenRadio();
    OpenRadio(const OpenRadio&) = delete;
    OpenRadio& operator=(const OpenRadio&) = delete;

    // What came until then, or before; reports are of the frame that was sent.
    RadioActions step(BoxTime until);
    // Sends if the modem is free, the law allows it, and that it costs is on disk; else false: ask
    // again later. Its report comes by step().
    enum class Asked { No, Yes };  // the law, by a link that keeps to it
    bool send(const std::string& bytes, Asked asked = Asked::No);
    bool sending() const { return in_air_.has_value(); }
    // Nothing may be sent any more, and why; empty: something may.
    std::string refused() const;

    BoxTime now() const { return clock_->box(); }
    bool ready() const { return line_->ready(); }
    std::string why_down() const { return line_->why_down(); }
    trunk::Law& law() { return *law_; }
    const FrameRadio& radio() const { return line_->radio(); }
    const Clock& clock() const { return *clock_; }
    Random& random() { return *random_; }
    std::size_t payload() const { return law_ ? law_->limits().payload : radio().limits().payload; }

  private:
    OpenRadio() = default;
    void note();
    bool law_allows(std::size_t bytes);

    Say say_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<AirtimeFile> file_;  // of who sends
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<ModemLine> line_;
    std::unique_ptr<trunk::Law> law_;  // of who sends
    std::optional<FrameOut> in_air_;
    RadioActions early_;  // of send(), for the next step()
    std::uint32_t last_id_ = 0;
    bool told_ready_ = false;
    std::string told_down_;
    BoxTime next_told_{}, next_told_airtime_{};
};

}  // namespace waypost::cli
