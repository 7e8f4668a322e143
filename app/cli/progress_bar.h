// SPDX-License-Identifier: Apache-2.0
// How far long work is, on one line of standard error that is drawn over. Nothing where that is no
// terminal.
#pragma once

#include <chrono>
#include <string>

#include "bridges/nncp/carrier/transfer.h"

namespace waypost::cli {

class ProgressBar {
  public:
    explicit ProgressBar(std::string label);
    ~ProgressBar();  // takes the line away
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    // Draws at most ten times a second.
    void show(const nncp::Progress& now);

  private:
    std::string label_;
    bool terminal_, drawn_ = false;
    std::chrono::steady_clock::time_point began_, last_;
};

// "[#####     ] 50 %  12.0 of 24.0 MiB, 3 of 9 packets, 4.0 MiB/s". Pure.
std::string progress_line(const nncp::Progress& now, std::chrono::milliseconds since);
std::string amount(std::uint64_t bytes);  // "12.0 MiB"

}  // namespace waypost::cli
