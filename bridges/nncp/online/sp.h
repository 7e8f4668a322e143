// SPDX-License-Identifier: Apache-2.0
// The wire of an online session (doc/nncp.md, "Online"): units that hold one Noise message each,
// and the messages inside a payload, in XDR. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "bridges/nncp/online/noise.h"
#include "bridges/nncp/packet/header.h"

namespace waypost::nncp {

inline constexpr std::size_t kSpPayload = 65280;   // bytes of one payload at most
inline constexpr std::size_t kSpFileHead = 48;     // of a FILE before its data
inline constexpr std::size_t kSpFileData = 65232;  // of one FILE at most
inline constexpr std::size_t kSpUnitHead = 12;     // magic and length

struct SpInfo {
    Nice nice = 255;
    std::uint64_t size = 0;
    Mth hash{};
};
struct SpFreq {
    Mth hash{};
    std::uint64_t offset = 0;
};
struct SpFile {
    Mth hash{};
    std::uint64_t offset = 0;
    std::span<const std::uint8_t> data;  // of the payload it was read from
};
struct SpDone {
    Mth hash{};
};
struct SpHalt {};
struct SpPing {};
using SpMessage = std::variant<SpInfo, SpFreq, SpFile, SpDone, SpHalt, SpPing>;

// Reads the messages of one payload, which outlives what it gives.
class SpReader {
  public:
    explicit SpReader(std::span<const std::uint8_t> payload) : rest_(payload) {}
    // nullopt: the end. An Error: the payload is none, and nothing after it can be read.
    Result<std::optional<SpMessage>> next();

  private:
    std::span<const std::uint8_t> rest_;
};

// A payload on its way out, built where it will be sealed and framed: nothing is copied. Empty
// after unit() was sent, to be used again.
class SpWriter {
  public:
    SpWriter();
    std::size_t size() const { return used_; }
    std::size_t room() const { return limit_ - std::min(limit_, used_); }
    // Payloads no longer than this, on slow lines.
    void limit(std::size_t bytes) { limit_ = std::clamp<std::size_t>(bytes, 256, kSpPayload); }
    bool empty() const { return used_ == 0; }
    // False: it does not fit.
    bool add(const SpInfo& info);
    bool add(const SpFreq& freq);
    bool add(const SpDone& done);
    bool add(SpHalt halt);
    bool add(SpPing ping);
    // Room for the data of a FILE, at most `most`; then file(), with how much of it was filled.
    std::span<std::uint8_t> file_room(std::size_t most);
    void file(const Mth& hash, std::uint64_t offset, std::size_t filled);
    // To the end with HALT: nobody sees how much there was.
    void fill();

    // What was added, as the payload of a handshake message.
    std::string_view payload() const;
    void clear() { used_ = 0; }
    // Sealed and framed; the bytes stay here until the next add().
    Result<std::span<const std::uint8_t>> unit(NoiseCipher& cipher);

  private:
    std::uint8_t* at(std::size_t offset) { return bytes_.data() + kSpUnitHead + offset; }
    bool begin(std::uint32_t type, std::size_t bytes);
    void put32(std::uint32_t value);
    void put64(std::uint64_t value);
    void put(const Mth& hash);
    std::vector<std::uint8_t> bytes_;
    std::size_t used_ = 0, limit_ = kSpPayload;
};

// A Noise message as one unit.
std::string sp_unit(std::string_view message);

// Units out of a stream of bytes, in constant memory.
class SpUnits {
  public:
    // `skip`: what is no unit is passed over until one begins (a serial line carries noise).
    explicit SpUnits(bool skip = false);
    // Where to receive into, never empty after next() gave nullopt; then how much came.
    std::span<std::uint8_t> room();
    void received(std::size_t bytes) { end_ += bytes; }
    // The Noise message of the next unit, valid until the next room(); it may be opened in place.
    // nullopt: more has to come. An Error: this is no NNCP, or a unit over the limit.
    Result<std::optional<std::span<std::uint8_t>>> next();
    bool between() const { return begin_ == end_; }  // no unit is half here
    bool skips() const { return skip_; }
    void no_more_skipping() { skip_ = false; }

  private:
    std::size_t have() const { return end_ - begin_; }
    bool skip_to_magic();
    std::vector<std::uint8_t> bytes_;
    std::size_t begin_ = 0, end_ = 0;
    bool skip_;
};

}  // namespace waypost::nncp
