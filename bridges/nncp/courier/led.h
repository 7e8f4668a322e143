// SPDX-License-Identifier: Apache-2.0
// A light that tells whoever holds the stick how it stands. It is one of the kernel's LED class
// (Documentation/leds/leds-class.rst), which GPIO lights are too: a folder such as
// /sys/class/leds/NAME. A path that is a file is only switched on and off.
#pragma once

#include <filesystem>

namespace waypost::nncp {

class Led {
  public:
    enum class Show {
        Off,     // no stick
        Ask,     // blinks slowly: a stick that is not known
        Busy,    // blinks fast: do not pull
        Done,    // steady: safe to pull
        Failed,  // short flashes: look at the status
    };
    explicit Led(std::filesystem::path path) : path_(std::move(path)) {}  // empty: there is none
    ~Led() { show(Show::Off); }
    Led(const Led&) = delete;
    Led& operator=(const Led&) = delete;
    // Writes only what changed. A light that cannot be written is passed over.
    void show(Show what);

  private:
    void blink(int on_ms, int off_ms) const;
    void steady(bool on) const;
    void put(const char* file, const std::string& text) const;
    const std::filesystem::path path_;
    Show shown_ = Show::Off;
};

}  // namespace waypost::nncp
