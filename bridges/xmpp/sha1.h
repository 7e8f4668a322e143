// SPDX-License-Identifier: Apache-2.0
// By which XMPP names features (XEP-0115) and pictures (XEP-0153). Not for secrets. Pure.
#pragma once

#include <string>
#include <string_view>

namespace waypost::xmpp {

std::string sha1(std::string_view bytes);  // 20 bytes

}  // namespace waypost::xmpp
