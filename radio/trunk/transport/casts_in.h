// SPDX-License-Identifier: Apache-2.0
// Casts that a neighbour has invited to: rows to texts, and when each is answered. Nothing of it is
// on disk: after a restart the neighbour hears nothing, and sends the letters alone. No clock, no
// I/O, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "radio/trunk/transport/cast_words.h"

namespace waypost::trunk {

class CastsIn {
  public:
    static constexpr std::size_t kMost = 4;  // the oldest is forgotten for one more

    explicit CastsIn(const Air& air) : air_(air) {}

    Result<void> invited(std::string_view object, BoxTime now);
    bool heard(std::string_view packet, BoxTime now);  // true: it was a row of one of these

    struct Whole {
        std::uint16_t cast = 0;
        CastInvitation invitation;
        std::string packed;
    };
    std::optional<Whole> take_whole();  // each once
    void held(std::uint16_t cast);      // its letters are durable, or refused for good
    void refuse(std::uint16_t cast);    // it cannot be read: the letters are to come alone
    std::vector<std::string> answers(BoxTime now);  // objects for the link that are due
    BoxTime next() const;

  private:
    enum class Stage { Rows, Up, Held, Refused };
    struct Open {
        CastIn in;
        CastInvitation invitation;
        Stage stage = Stage::Rows;
        std::optional<BoxTime> answer_at{};
        BoxTime heard{};
    };
    bool due(const Open& open, BoxTime now) const;

    const Air& air_;
    std::map<std::uint16_t, Open> open_;
};

}  // namespace waypost::trunk
