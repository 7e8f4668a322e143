// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gateway/config/config.h"
#include "gateway/config/settings_desk.h"

namespace waypost {

// Every key of every section that is in use, with what the table says of it. `own_file`: whose
// settings are the console's own.
std::vector<SettingReport> settings_report(const Config& config, const std::string& own_file);

// Those that there may be several of.
std::vector<SectionKind> section_kinds();

Effect effect_of(const std::string& section, const std::string& key);

// Of "email.relay", or null.
const Section* section_of(std::string_view name);

}  // namespace waypost
