// SPDX-License-Identifier: Apache-2.0
// `modem = "auto"`: whichever modem is at the port, of the kinds that tell themselves apart
// (ModemKind::identifies), tried in turn with the settings of the radio, as often as it takes. One
// that was found is asked first when the line is opened again; another one in its place is found in
// its turn. A modem in a transparent mode sends on air what it is asked: such a port has to name
// its kind.
#pragma once

#include <memory>

#include "radio/modem_kind.h"

namespace waypost {

struct AutoModemTimes {
    milliseconds silent{5'000};  // for a kind that has not found its modem
    milliseconds again{30'000};  // for one that was ready before
    milliseconds pause{10'000};  // after all of them were tried
};

class AutoModem final : public FrameRadio {
  public:
    // `kinds` and `random` outlive it. `first`: which of them is tried before the others; may be
    // empty. Throws std::runtime_error with a sentence if all refuse the settings.
    AutoModem(std::span<const ModemKind> kinds, ModemSettings settings, std::string_view first,
              Random& random, AutoModemTimes times = {});

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override;
    RadioActions closed(BoxTime now) override;
    RadioActions send(FrameOut frame, BoxTime now) override;
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override;

    bool ready() const override { return inner_ && inner_->ready(); }
    int room() const override { return ready() ? inner_->room() : 0; }
    // Also while it is busy or set up anew: only another modem has others.
    FrameLimits limits() const override {
        return was_ready_ && inner_ ? inner_->limits() : FrameLimits{};
    }
    std::chrono::microseconds airtime(std::size_t bytes) const override;
    std::string why_down() const override;
    std::map<std::string, std::string> details()
        const override;  // and which kind was found: kFound

    static constexpr char kFound[] = "found";
    // Of ModemSettings::more: the kind that is tried first.
    static constexpr char kFirst[] = "first";

  private:
    RadioActions begin(BoxTime now);
    RadioActions watched(RadioActions done, BoxTime now);
    RadioActions next_kind(RadioActions done, BoxTime now);

    std::vector<const ModemKind*> kinds_;  // those that take the settings
    ModemSettings settings_;
    Random& random_;
    AutoModemTimes times_;
    std::size_t at_ = 0;                 // of kinds_
    std::unique_ptr<FrameRadio> inner_;  // none: before the line is open, and in a pause
    bool known_ = false;                 // its modem has answered
    bool was_ready_ = false;
    BoxTime until_ = BoxTime::max();  // then it is another kind's turn; in a pause: it ends
    std::string report_;              // of the kinds that were tried since the last pause
};

}  // namespace waypost
