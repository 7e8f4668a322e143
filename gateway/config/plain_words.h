// SPDX-License-Identifier: Apache-2.0
// Settings that are written into other programs' files and commands: of signs that mean nothing
// special in any of them. What has another one is refused, never quoted.
#pragma once

#include <string>

namespace waypost {

// Absolute, of letters, digits, / . _ and -.
bool is_plain_path(const std::string& path);
// In ASCII, as certificates and configurations have it (RFC 1035 2.3.4); not looked up.
bool is_plain_host(const std::string& name);
// Of a user, group or person: letters, digits, _ and -, a letter or digit first.
bool is_plain_name(const std::string& name);

}  // namespace waypost
