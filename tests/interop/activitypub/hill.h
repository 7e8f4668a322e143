// SPDX-License-Identifier: Apache-2.0
// The village whose gateway is under test: https://hill.test with TLS of its own, and the handhelds
// of Ana and Ben.
#pragma once

#include <memory>
#include <string>

#include "tests/interop/activitypub/fediverse.h"
#include "tests/interop/mesh/handhelds.h"

namespace waypost::interop {

// The section [activitypub.home] of a box at https://hill.test that trusts the fediverse's
// authority and may speak with its hosts; `more` lines of the same section.
std::string activitypub_settings(const Fediverse& world, const std::string& more = {});

class Hill {
  public:
    // `section`: more of [activitypub.home]; `more`: other sections; `box`: more of [box].
    explicit Hill(const Fediverse& world, const std::string& section = {},
                  const std::string& more = {}, const std::string& box = {});

    BoxProcess& box() { return *box_; }
    Handhelds& handhelds() { return handhelds_; }
    std::string waypost(const std::string& arguments) const { return box_->waypost(arguments); }
    std::string handle(const std::string& name) const { return '@' + name + "@hill.test"; }
    std::string actor(const std::string& name) const { return "https://hill.test/ap/" + name; }
    std::string seen();  // for messages of failed tests

  private:
    const Folder folder_;
    Handhelds handhelds_{{"ana", "ben"}};
    std::unique_ptr<BoxProcess> box_;
};

}  // namespace waypost::interop
