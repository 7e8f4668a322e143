// SPDX-License-Identifier: Apache-2.0
// The Fedify of tests/interop/activitypub/fedify/bench.mjs, at http://dale.test.
#pragma once

#include <memory>
#include <string>

#include "tests/interop/console_tls/child.h"

namespace waypost::bench {

class LeanFedify {
  public:
    explicit LeanFedify(const std::string& address);

    // Until so many notes have come in all.
    void wait_until_came(long count) const;
    // One post to `count` shared inboxes of `host`; it goes on when they are in its queue.
    void send(const std::string& host, int first_port, int count) const;
    std::string log() const { return interop::contents(folder_ / "log"); }

  private:
    void deed(const std::string& name, const std::string& json) const;

    const interop::Folder folder_;
    const int control_ = free_port();
    std::unique_ptr<interop::Child> server_;
};

}  // namespace waypost::bench
