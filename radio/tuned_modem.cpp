// SPDX-License-Identifier: Apache-2.0
#include "radio/tuned_modem.h"

#include "radio/auto_modem.h"

namespace waypost {

TunedModem::TunedModem(Make make, ModemSettings settings, Random& random)
    : make_(std::move(make)),
      settings_(std::move(settings)),
      random_(random),
      inner_(make_(settings_, random_)) {}

void TunedModem::require(const LoraParams& lora) const {
    ModemSettings settings = settings_;
    settings.lora = lora;
    make_(settings, random_);
}

void TunedModem::tune(const LoraParams& lora) {
    settings_.lora = lora;
    changed_ = true;
}

RadioActions TunedModem::tick(BoxTime now) {
    if (!changed_) return inner_->tick(now);
    RadioActions actions;
    actions.reopen = true;
    return actions;
}

RadioActions TunedModem::opened(BoxTime now) {
    if (changed_) {
        const auto details = inner_->details();
        // Of a modem that was found by itself: it need not be searched.
        if (const auto found = details.find(AutoModem::kFound); found != details.end())
            settings_.more[AutoModem::kFirst] = found->second;
        inner_ = make_(settings_, random_);
        changed_ = false;
    }
    return inner_->opened(now);
}

}  // namespace waypost
