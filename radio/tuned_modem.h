// SPDX-License-Identifier: Apache-2.0
// A LoRa modem whose spreading factor and bandwidth change while it runs. Drivers set a modem up
// once; so it is set up anew: the line is closed and opened again, with a driver that is made for
// the other settings. What was in hand is reported as by closed().
#pragma once

#include <memory>

#include "radio/modem_kind.h"

namespace waypost {

class TunedModem final : public FrameRadio {
  public:
    using Make = std::function<std::unique_ptr<FrameRadio>(const ModemSettings&, Random&)>;

    // `random` outlives it. Throws what `make` does.
    TunedModem(Make make, ModemSettings settings, Random& random);

    // Throws what `make` does with such settings.
    void require(const LoraParams& lora) const;
    // Takes effect with the next tick(), which is due at once.
    void tune(const LoraParams& lora);
    bool tuning() const { return changed_; }

    RadioActions opened(BoxTime now) override;
    RadioActions received(std::string_view bytes, BoxTime now) override {
        return inner_->received(bytes, now);
    }
    RadioActions closed(BoxTime now) override { return inner_->closed(now); }
    RadioActions send(FrameOut frame, BoxTime now) override {
        return inner_->send(std::move(frame), now);
    }
    RadioActions tick(BoxTime now) override;
    BoxTime next_tick() const override { return changed_ ? BoxTime{} : inner_->next_tick(); }

    bool ready() const override { return !changed_ && inner_->ready(); }
    int room() const override { return ready() ? inner_->room() : 0; }
    FrameLimits limits() const override { return inner_->limits(); }
    std::chrono::microseconds airtime(std::size_t bytes) const override {
        return inner_->airtime(bytes);
    }
    std::string why_down() const override {
        return changed_ ? "the modem is set to another speed" : inner_->why_down();
    }
    std::map<std::string, std::string> details() const override { return inner_->details(); }

  private:
    Make make_;
    ModemSettings settings_;
    Random& random_;
    std::unique_ptr<FrameRadio> inner_;
    bool changed_ = false;  // the settings are others than the driver's
};

}  // namespace waypost
