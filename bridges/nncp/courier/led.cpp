// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/led.h"

#include <fstream>

namespace waypost::nncp {

void Led::put(const char* file, const std::string& text) const {
    std::ofstream(path_ / file) << text << std::flush;
}

void Led::blink(int on_ms, int off_ms) const {
    std::error_code none;
    if (!std::filesystem::is_directory(path_, none)) return steady(true);
    put("trigger", "timer");
    put("delay_on", std::to_string(on_ms));
    put("delay_off", std::to_string(off_ms));
}

void Led::steady(bool on) const {
    std::error_code none;
    if (!std::filesystem::is_directory(path_, none)) {
        std::ofstream(path_) << (on ? '1' : '0') << std::flush;
        return;
    }
    std::string brightest;
    std::ifstream(path_ / "max_brightness") >> brightest;
    put("trigger", "none");
    put("brightness", !on ? "0" : brightest.empty() ? "1" : brightest);
}

void Led::show(Show what) {
    if (path_.empty() || what == shown_) return;
    shown_ = what;
    switch (what) {
        case Show::Off:
            return steady(false);
        case Show::Ask:
            return blink(1000, 1000);
        case Show::Busy:
            return blink(100, 100);
        case Show::Done:
            return steady(true);
        case Show::Failed:
            return blink(50, 950);
    }
}

}  // namespace waypost::nncp
