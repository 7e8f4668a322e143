// SPDX-License-Identifier: Apache-2.0
// Two machines and the wire between them, as network namespaces that nobody else is in: hill has
// 10.9.0.1 on hill0, dale 10.9.0.2 on dale0. What is multicast there stays there.
#pragma once

#include "gateway/base/fd.h"

namespace waypost::interop {

class Lan {
  public:
    // From the main thread, before there are others; this process is at hill then. As root; throws
    // std::runtime_error.
    Lan();
    // What this process starts from now on is there.
    void at_hill() const { go(hill_); }
    void at_dale() const { go(dale_); }

  private:
    static void go(const Fd& place);
    Fd dale_, hill_;
};

// The one of this process, made when it is first asked for.
const Lan& lan();

}  // namespace waypost::interop
