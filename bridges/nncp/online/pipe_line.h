// SPDX-License-Identifier: Apache-2.0
// A line to a program's standard input and output, as with ssh.
#pragma once

#include "bridges/nncp/online/line.h"

namespace waypost::nncp {

// By /bin/sh; its standard error is ours. The program is asked to end when the line goes, and made
// to if it does not.
Result<std::unique_ptr<Line>> open_pipe(const std::string& command);

}  // namespace waypost::nncp
