// SPDX-License-Identifier: Apache-2.0
// Signals, times and totals as the tools print them.
#pragma once

#include <string>

#include "app/cli/cli.h"
#include "radio/trunk/tools/survey.h"

namespace waypost::cli {

std::string clock_text(WallTime time);                 // "14:03:22", local
std::string signal_text(const trunk::Signal& signal);  // "-91 dBm +6.2 dB"; "-" where not known
// Adds what is known: rssi_dbm and snr_db with this ending.
void set_signal(Json& json, const std::string& ending, const trunk::Signal& signal);
// "3 sent, 2 answered, 33 % lost; round trip 310/355/410 ms", and a line for each signal.
std::string totals_text(const trunk::PingTotals& totals);
Json totals_json(const trunk::PingTotals& totals);

}  // namespace waypost::cli
