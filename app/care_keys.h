// SPDX-License-Identifier: Apache-2.0
// [care.NAME]: operators' keys whose signed commands this box obeys (doc/care.md).
#pragma once

#include <vector>

#include "gateway/care/care_desk.h"
#include "gateway/config/config.h"

namespace waypost {

const Section& care_section();

// Throws std::runtime_error with a sentence for the operator.
std::vector<CareKey> care_keys(const Config& config);

}  // namespace waypost
