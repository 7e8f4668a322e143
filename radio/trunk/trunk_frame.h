// SPDX-License-Identifier: Apache-2.0
// What one radio packet of the trunk is, and back: pure. README.md has the layouts with their byte
// counts. The head is authenticated and in clear, the body is sealed (seal.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "radio/trunk/varint.h"

namespace waypost::trunk {

inline constexpr std::size_t kSingleTag = 6;
inline constexpr std::size_t kFragmentTag = 4;
inline constexpr std::size_t kReportTag = 4;
inline constexpr std::size_t kHelloTag = 8;
inline constexpr std::size_t kObjectTag = 8;
inline constexpr std::size_t kSalt = 16;
inline constexpr std::size_t kSingleOverhead = 3 + kSingleTag;
inline constexpr std::size_t kFragmentOverhead = 4 + kFragmentTag;
inline constexpr std::size_t kRepairOverhead = 6 + kFragmentTag;
inline constexpr std::size_t kMostFragments = 255;
inline constexpr int kWindow = 64;        // objects that may be open in one direction
inline constexpr int kMostRemaining = 7;  // means: so many or more
inline constexpr std::size_t kMostFacts = 96;
// Bits of Hello::features.
inline constexpr std::uint32_t kTakesParcels = 1;  // of other transports (transport/freight.h)
inline constexpr std::uint32_t kTakesCasts = 2;    // invitations to casts (cast.h)

enum class FrameType : std::uint8_t {
    Single,
    Fragment,
    Bundle,
    Report,
    Hello,
    Poll,
    Hold,
    Extension
};
enum class ExtensionKind : std::uint8_t { Beacon = 1, Close = 2, Repair = 3 };

// Views point into the packet that was parsed.
struct Frame {
    FrameType type = FrameType::Single;
    int remaining = 0;           // frames of this turn still to come; 0: the other's turn
    bool second = false;         // sent by the side that typed the pairing code
    bool epoch = false;          // which of two sessions, while one follows the other
    ExtensionKind extension{};   // Extension
    std::uint16_t number = 0;    // low bits: of the object, of the counter for Report and others
    std::uint8_t index = 0;      // Fragment, Repair: row
    std::uint8_t fragments = 0;  // Repair: rows that are the object itself
    std::uint8_t link = 0;       // Hello
    std::string_view salt{};     // Hello
    std::string_view head{};
    std::string_view body{};
    std::string_view tag{};
};

std::string encode_head(const Frame& frame);
std::size_t tag_bytes(const Frame& frame);
// NotFound: a type or extension of a later version; BadInput: too short.
Result<Frame> parse_frame(std::string_view packet);

// What of one object has come. All below `base` is there, `base` is not, bit i of `map` (from the
// lowest bit of the first byte) is base + 1 + i; nothing is beyond.
struct Gaps {
    static constexpr int kWhole = 255;  // all is there, and not durable yet
    int offset = 0;                     // of the object's number from Report::low
    int base = 0;
    std::string map;
};

struct Behind {
    bool bundle = false;
    std::uint16_t number = 0;
    std::string bytes;
};

struct Report {
    std::uint8_t low = 0;            // low bits: every object before it is held
    bool waiting = false;            // has something to send: make the turns short
    std::optional<int> snr_quarter;  // of the last frame heard, in dB / 4
    std::vector<int> held;           // offsets from `low`
    std::vector<Gaps> gaps;
    std::optional<Behind> behind;  // an object of its own
};
std::string encode_report(const Report& report);
Result<Report> parse_report(std::string_view body);

struct Hello {
    bool answer = false;
    std::uint8_t version = 1;
    std::uint32_t features = 0;
    std::uint64_t next = 0;    // number of the next object that it sends
    std::uint64_t oldest = 0;  // all that it sent before has ended
    std::uint64_t low = 0;     // all of the other's before it is held
    std::uint32_t deaf_ms = 0;
    std::uint32_t payload = 0;
    std::uint32_t speed = 0;  // a preset's number; 0: the base
    std::string facts;        // of the owner: message format, hashes of models
};
std::string encode_hello(const Hello& hello);
Result<Hello> parse_hello(std::string_view body);

struct Beacon {
    std::uint32_t airtime_left_s = 0;
    std::uint32_t waiting_objects = 0;
    std::uint32_t waiting_bytes = 0;
};
std::string encode_beacon(const Beacon& beacon);
Result<Beacon> parse_beacon(std::string_view body);

// {varint length, bytes}*, nothing left over.
std::string encode_bundle(const std::vector<std::string>& objects);
Result<std::vector<std::string>> parse_bundle(std::string_view bytes);

// The number with these low bits (of `bits`) that is nearest to `about`.
std::uint64_t near(std::uint64_t about, std::uint64_t low, int bits);

}  // namespace waypost::trunk
