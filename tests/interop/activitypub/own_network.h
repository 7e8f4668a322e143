// SPDX-License-Identifier: Apache-2.0
// A network and names of one's own: what this process does and starts from now on sees a loopback
// that nobody else has, these names, and one more authority for certificates. So servers listen on
// port 443 as they do in the world, and reach nothing else.
#pragma once

#include <string>

namespace waypost::interop {

// Files: of names as /etc/hosts, of the authority in PEM; `folder` keeps what is laid over the
// machine's. From the main thread, before there are others. As root, or where users may have
// namespaces. Throws std::runtime_error.
void enter_own_network(const std::string& folder, const std::string& hosts,
                       const std::string& authority);

}  // namespace waypost::interop
