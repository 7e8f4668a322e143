// SPDX-License-Identifier: Apache-2.0
// A picture for each name, the same every time: five by five squares, alike left and right, in one
// colour. Pure; the hashes are remembered. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace waypost::xmpp {

std::string avatar_png(std::string_view name);   // 96 by 96, some 200 bytes
std::string avatar_hash(std::string_view name);  // SHA-1 of it in hex

}  // namespace waypost::xmpp
