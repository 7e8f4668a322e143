// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace waypost {

// What a name looks like at a glance: letters and digits only, without accents and case, letters of
// other scripts as the Latin ones that they look like, and those that are mistaken for one another
// as one (handle_skeleton in handle.h). Two names with the same look are mistaken for one another.
std::string look_of(std::string_view name);

}  // namespace waypost
