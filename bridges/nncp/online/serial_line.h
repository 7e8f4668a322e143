// SPDX-License-Identifier: Apache-2.0
// A serial line: slow, without a notion of being connected, and with noise on it.
#pragma once

#include "bridges/nncp/online/line.h"

namespace waypost::nncp {

// "serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0?baud=9600" (gateway/io/byte_line.h).
Result<std::unique_ptr<Line>> open_serial_line(const std::string& where);

}  // namespace waypost::nncp
