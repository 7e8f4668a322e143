// SPDX-License-Identifier: Apache-2.0
// Registers of an EByte E22 (E22-900T22, E22-400T22 user manuals, "Register description") and what
// is said in configuration mode, at 9600 bit/s.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "radio/modem_kind.h"

namespace waypost::e22 {

enum Register : std::size_t { kAddressHigh, kAddressLow, kNetId, kReg0, kReg1, kChannel, kReg3 };
inline constexpr std::size_t kRegisters = 7;
using Registers = std::array<std::uint8_t, kRegisters>;

inline constexpr std::size_t kSubPacket = 240;  // bytes that go on air together

// What of a module shall be changed, from ModemSettings. Throws std::runtime_error with a sentence.
struct Wanted {
    explicit Wanted(const ModemSettings& settings);

    Registers over(const Registers& found) const;
    // Software switching of modes is asked for, and older modules have none.
    static bool same(const Registers& one, const Registers& other);

    int baud = 9'600;         // in transmission mode
    int bits_per_second = 0;  // on air
    int power_dbm = 0;        // the step taken
    std::optional<std::uint8_t> channel;
    std::uint8_t baud_code = 0;
    std::uint8_t air_code = 0;
    std::uint8_t power_code = 0;
    std::uint8_t net_id = 0;  // 0: as it is
};

std::string read_registers();
std::string write_registers(const Registers& registers, bool keep);
enum class Mode : std::uint8_t { Transmission = 0, Configuration = 1 };
std::string switch_mode(Mode mode);  // modules since 2022, where it is switched on

// What a module says in configuration mode. Memory is bounded.
class ConfigurationReader {
  public:
    void feed(std::string_view bytes);
    void reset() { buffer_.clear(); }
    std::optional<Registers> registers() const;
    bool refused() const;  // FF FF FF
    bool switched(Mode mode) const;

  private:
    std::string buffer_;
};

}  // namespace waypost::e22
