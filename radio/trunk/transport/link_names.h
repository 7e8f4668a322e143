// SPDX-License-Identifier: Apache-2.0
// The names that a link has carried, by their numbers: of each direction its own. They last as long
// as the pairing. One thread.
#pragma once

#include <map>
#include <string>

#include "bridges/post/short_form.h"
#include "gateway/transport.h"

namespace waypost::trunk {

class LinkNames {
  public:
    static constexpr std::size_t kMost = 8000;  // of a direction; the rest have no number

    explicit LinkNames(TransportState& state);

    // What we write. A new number is on record before a frame can leave that says it.
    post::NumberOf number_of();
    void arrived(const post::SaidNames& said);  // the other side has them
    // What we read.
    post::NameOf name_of() const;
    void heard(const post::SaidNames& said);

  private:
    struct Ours {
        std::uint32_t number = 0;
        bool known = false;
    };
    void keep(const std::string& name, const Ours& ours);

    TransportState& state_;
    std::map<std::string, Ours> ours_;
    std::map<std::uint32_t, std::string> theirs_;
    std::uint32_t last_ = 0;
};

}  // namespace waypost::trunk
