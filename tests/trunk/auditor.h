// SPDX-License-Identifier: Apache-2.0
// Hears all that is sent and knows the pairing's key: derives every session by itself, and
// remembers under which key and nonce which ciphertext went.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "radio/trunk/seal.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

class Auditor {
  public:
    explicit Auditor(std::string psk, std::uint8_t link) : psk_(std::move(psk)), link_(link) {}

    void hear(const std::string& packet);
    // Frames whose key and nonce sealed another text before.
    int reused() const { return reused_; }
    int opened() const { return opened_; }

  private:
    bool open(const Frame& frame, std::size_t session);

    std::string psk_;
    std::uint8_t link_;
    std::vector<std::pair<std::string, bool>> salts_;  // with the side
    std::vector<SessionKeys> sessions_;                // as the first side has them
    std::map<std::string, std::string> sealed_;
    int reused_ = 0, opened_ = 0;
};

}  // namespace waypost::trunk
