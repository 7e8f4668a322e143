// SPDX-License-Identifier: Apache-2.0
// A section of which a box has one at most, whatever its name: [mailserver.NAME].
#pragma once

#include <stdexcept>
#include <string>

#include "gateway/config/config.h"

namespace waypost {

// Null: there is none. Throws std::runtime_error with a sentence if there are several.
inline const SectionValues* only_section(const Config& config, const std::string& section) {
    const auto all = config.instances(section);
    if (all.size() > 1)
        throw std::runtime_error("one [" + section + ".NAME] is the most a box has");
    return all.empty() ? nullptr : all.front();
}

// Whether one of the box's own servers has a certificate that its owner gave. BadInput: half of it.
inline Result<bool> has_certificate(const SectionValues& values) {
    if (values.has("certificate") != values.has("private_key"))
        return bad_input("certificate and private_key go together");
    return values.has("certificate");
}

}  // namespace waypost
