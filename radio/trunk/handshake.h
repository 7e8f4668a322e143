// SPDX-License-Identifier: Apache-2.0
// HELLO and its answer: two packets under the pairing's key agree on fresh session keys and tell
// each side's facts. An answer proves that it is one by the question's salt; a question proves
// itself by the first frame under the new keys: until that comes, the session before stays. No
// clock, no I/O.
#pragma once

#include <optional>
#include <string>

#include "gateway/base/random.h"
#include "gateway/base/secret.h"
#include "radio/trunk/seal.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {

struct Session {
    SessionKeys keys;
    bool epoch = false;
    Hello theirs;
    std::uint64_t counter = 0;  // of our next report or the like
    ReplayWindow window;
    bool begun = false;  // a frame under its keys has come
};

// Of a hello with this salt: one key for each, so that the same nonce under it seals one text only.
FrameKey hello_key(std::string_view psk, bool second, std::string_view salt, Form form);

class Handshake {
  public:
    Handshake(std::string_view psk, std::uint8_t link, bool second, Form form, Random& random)
        : psk_(std::string(psk)), link_(link), second_(second), form_(form), random_(random) {}

    // The question to send: the same packet until it is answered or dropped.
    const std::string& question(const Hello& ours);
    bool asking() const { return !question_.empty(); }
    void drop_question() { question_.clear(); }

    // The other's answer to our question: the session that it opens.
    std::optional<Session> answered(const Frame& frame);
    // A question of the other's.
    std::optional<Hello> asked(const Frame& frame) const;
    // It is one, and of a side that seals where this one does not, or the other way round.
    bool asked_in_other_form(const Frame& frame) const;
    struct Answer {
        std::string packet;
        Session session;
    };
    Answer answer(const Frame& frame, Hello ours, Hello theirs, bool epoch);
    // The salt of a question that was answered last: it is asked again.
    bool answered_before(const Frame& frame) const { return frame.salt == answered_salt_; }

  private:
    std::string packet(bool epoch, const Hello& ours, std::string_view salt,
                       std::string_view their_salt) const;

    Secret psk_;
    std::uint8_t link_;
    bool second_;
    Form form_;
    Random& random_;
    std::string question_, salt_;
    std::string answered_salt_;
};

}  // namespace waypost::trunk
