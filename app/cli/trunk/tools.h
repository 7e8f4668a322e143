// SPDX-License-Identifier: Apache-2.0
// `waypost trunk listen|ping|survey|pipe`: a file each, and what they print with.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "app/cli/cli.h"

namespace waypost::cli {

void add_trunk_listen(CLI::App& trunk, Context& context);
void add_trunk_ping(CLI::App& trunk, Context& context);
void add_trunk_survey(CLI::App& trunk, Context& context);
void add_trunk_pipe(CLI::App& trunk, Context& context);

// To standard error: what a tool does, beside what it is there for.
void remark(const std::string& line);
void print_now(const std::string& line);  // each line at once, also into a pipe
void print_now(const Json& object);

}  // namespace waypost::cli
