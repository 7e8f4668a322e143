// SPDX-License-Identifier: Apache-2.0
// Debian's Dire Wolf as a modem without a sound card: what it sends is a file of samples that the
// library of ALSA writes, what it hears comes by UDP on loopback.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "radio/modem_line.h"

namespace waypost::kiss {

class Direwolf {
  public:
    // Its configuration, samples and log lie in `folder`, which goes with it.
    explicit Direwolf(std::filesystem::path folder);
    ~Direwolf();
    Direwolf(const Direwolf&) = delete;
    Direwolf& operator=(const Direwolf&) = delete;

    std::string line() const { return "tcp:127.0.0.1:" + std::to_string(kiss_port_); }
    // Signed 16 bit, 44.1 kHz, mono: what it sent since the last call.
    std::string sent();
    void hear(std::string_view samples);
    std::string log() const;

  private:
    void start();

    std::filesystem::path folder_;
    int kiss_port_;
    int audio_port_;
    std::size_t read_ = 0;
    pid_t pid_ = -1;
};

// A WAV file of such samples, and back.
std::string wav(const std::string& samples);
std::string samples_of_wav(const std::filesystem::path& file);
// Output of a command; it throws if the command does not end well.
std::string output_of(const std::string& command);

}  // namespace waypost::kiss
