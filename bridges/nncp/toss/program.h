// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end, without a shell: gateway/base/program.h.
#pragma once

#include "bridges/nncp/spool/files.h"
#include "gateway/base/program.h"

namespace waypost::nncp {

using waypost::Ended;
using waypost::Program;
using waypost::run_program;
using waypost::RunningProgram;

}  // namespace waypost::nncp
