// SPDX-License-Identifier: Apache-2.0
// Sealing of the trunk's frames: ChaCha20-IETF, then keyed BLAKE2b over nonce, head and
// ciphertext, cut to the length that the frame's type has (a PRF may be cut; Poly1305 may not).
//
// Why no nonce ever seals two texts: session keys come from a fresh random salt of either side, so
// that nothing on disk, lost or restored from a backup, can bring a key back. Within a session an
// object's frame is named by (object number, row): repeated, it is the same ciphertext. Reports
// and the like are named by a counter that starts at 0 with the session.
//
// In clear (amateur stations) the text goes as it is, under the same tags by keys of their own:
// what is said in one form proves nothing in the other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/random.h"
#include "gateway/base/secret.h"

namespace waypost::trunk {

inline constexpr std::size_t kKey = 32;

// What a key is used for, so that no use can stand for another. Part of nonce and tag.
enum class Use : std::uint8_t {
    Single = 1,
    Bundle,
    Fragment,
    Repair,
    Report,
    Poll,
    Hold,
    Beacon,
    Close,
    Hello,
    Answer
};

enum class Form { Sealed, Clear };

struct Frame;
// Of a hello: of the question, not of its answer.
Use use_of(const Frame& frame);

struct Nonce {
    Use use{};
    std::uint64_t number = 0;
    std::uint8_t index = 0;
    std::uint8_t fragments = 0;
};

class FrameKey {
  public:
    FrameKey() = default;
    // `parent` has 32 bytes or more; `label` tells its children apart.
    FrameKey(std::string_view parent, std::string_view label, Form form = Form::Sealed);

    // Head, ciphertext (or the text, in clear) and tag. `context` is authenticated and not sent.
    std::string seal(const Nonce& nonce, std::string_view head, std::string_view text,
                     std::size_t tag_bytes, std::string_view context = {}) const;
    std::optional<std::string> open(const Nonce& nonce, std::string_view head,
                                    std::string_view body, std::string_view tag,
                                    std::string_view context = {}) const;
    bool empty() const { return tag_.empty(); }

  private:
    std::string tag_of(const Nonce& nonce, std::string_view head, std::string_view body,
                       std::size_t bytes, std::string_view context) const;
    std::string crypt(const Nonce& nonce, std::string_view text) const;
    Secret cipher_, tag_;  // in clear there is no cipher's
};

struct SessionKeys {
    FrameKey ours, theirs;
};
// `second`: we are the side that typed the code. Both salts have kSalt bytes.
SessionKeys session_keys(std::string_view psk, std::uint8_t link, std::string_view salt_of_asker,
                         std::string_view salt_of_answerer, bool second, Form form = Form::Sealed);

// kObjectTag bytes over a whole object; the same in every session of the pair.
std::string object_tag(std::string_view psk, bool second, std::uint64_t number,
                       std::string_view bytes);

std::string random_bytes(Random& random, std::size_t count);

// Counters that came, the last 64 of them one by one.
class ReplayWindow {
  public:
    // The whole counter of which these are the low bits.
    std::uint64_t whole(std::uint16_t low) const;
    bool fresh(std::uint64_t counter) const;
    void take(std::uint64_t counter);  // only after its frame was opened

  private:
    std::uint64_t next_ = 0;
    std::uint64_t seen_ = 0;  // bit i: next_ - 1 - i
};

}  // namespace waypost::trunk
