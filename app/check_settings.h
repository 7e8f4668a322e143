// SPDX-License-Identifier: Apache-2.0
// Everything of a configuration that can be known without any effect: what `waypost config check`,
// the page before it saves, and the daemon before it starts all ask.
#pragma once

#include <string>
#include <vector>

#include "gateway/config/config.h"

namespace waypost {

// Beyond what load_config() found. Transports are made, and not started; files are read.
std::vector<ConfigProblem> check_settings(const Config& config);

// From a sentence as transports throw it: "[trunk.dale] power: ...", or of `section` "port: ...".
ConfigProblem problem_in(const std::string& section, const std::string& sentence);

}  // namespace waypost
