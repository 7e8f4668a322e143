// SPDX-License-Identifier: Apache-2.0
// Four radios and short questions about whose they are.
#pragma once

#include "village.h"

namespace waypost {

class Persons : public Village {
  protected:
    // The answer to the line, without the welcome that a stranger's first one carries.
    std::string answer(const std::string& radio, const std::string& text,
                       const std::string& key = {}) {
        const auto lines = dm(radio, text, key);
        const std::string line = lines.empty() ? std::string() : lines.back();
        return line.substr(0, line.find(". You write as"));
    }
    std::string owner(const std::string& radio) {
        return box_->directory.get()->owner_of({"meshtastic", radio});
    }
    // A mail outside shows in whose name the radio speaks.
    std::string writes_as(const std::string& radio, const std::string& key = {}) {
        const std::size_t before = relay_->sent.size();
        dm(radio, "bob@example.org hi", key);
        return relay_->sent.size() > before ? relay_->sent.back().from.value : std::string();
    }
    void pin(const std::string& radio, char key) {
        Heard heard;
        heard.public_key = std::string(64, key);
        heard.key = Heard::Key::Proven;
        hear(radio, heard);
    }
    void ask_to_move(const std::string& radio, const std::string& handle) {
        dm(radio, "name " + handle);
        dm(radio, "1");
    }
    void reopen() {
        close();
        open();
        settle();
    }
};

}  // namespace waypost
