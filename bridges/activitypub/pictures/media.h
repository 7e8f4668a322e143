// SPDX-License-Identifier: Apache-2.0
// Pictures of what ours have written, for others to fetch by names that nobody guesses: in the
// transport's state, as long as the note is there and there is room. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/transport.h"

namespace waypost::activitypub {

inline constexpr char kMediaType[] = "image/jpeg";

struct OwnPicture {
    std::string name;         // "0f3a...9c.jpg"
    std::string description;  // may be empty
    int width = 0, height = 0;
};

// What is attached to a note.
struct NoteMedia {
    std::vector<OwnPicture> pictures;
    std::string left_out;  // what its text says of what could not go along; may be empty
};

class Media {
  public:
    explicit Media(TransportState& state) : state_(state) {}

    struct New {
        OwnPicture about;
        std::string bytes;  // a JPEG
    };
    // Once for each note, at `now` (Unix seconds). Beyond `room` bytes in all the oldest go.
    void put(const std::string& note_id, const std::vector<New>& pictures, std::int64_t now,
             std::uint64_t room, const std::string& left_out = {});
    // Of this note; nullopt: nothing was put.
    std::optional<NoteMedia> of(const std::string& note_id) const;
    // The bytes; nullopt: nothing has that name, or never could.
    std::optional<std::string> find(const std::string& name) const;
    void forget(const std::string& note_id);
    // Those older than `before` whose note `is_there` denies: the gateway ended, or the note was
    // given up, before it was written.
    void forget_unwritten(std::int64_t before,
                          const std::function<bool(const std::string& note_id)>& is_there);

    static bool is_name(const std::string& name);

  private:
    struct Entry;
    std::vector<Entry> entries() const;  // oldest first
    void erase(const std::string& name);

    TransportState& state_;
};

}  // namespace waypost::activitypub
