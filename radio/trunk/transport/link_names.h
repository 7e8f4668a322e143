// SPDX-License-Identifier: Apache-2.0
// The names that a link has carried, by their numbers: of each direction its own. They last as long
// as the pairing, and what the other reads by as long as its table does. One thread.
#pragma once

#include <map>
#include <string>

#include "bridges/post/short_form.h"
#include "gateway/base/random.h"
#include "gateway/transport.h"

namespace waypost::trunk {

class LinkNames {
  public:
    static constexpr std::size_t kMost = 8000;  // of a direction; the rest have no number

    static constexpr std::size_t kTableBytes = 4;

    LinkNames(TransportState& state, Random& random);

    // What we write. A new number is on record before a frame can leave that says it.
    post::NumberOf number_of();
    void arrived(const post::SaidNames& said);  // the other side has them
    // The other reads by this table. True: it is another than the one that we wrote to, and no name
    // is known there.
    bool other_reads(std::string_view table);
    // What we read.
    post::NameOf name_of() const;
    void heard(const post::SaidNames& said);
    // What we read by: bytes of chance, that the other is told with each session.
    const std::string& table() const { return table_; }
    // Names may have been missed: the other has to say all of them again.
    void new_table(Random& random);

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
    std::string table_;        // what we read by
    std::string other_table_;  // what we wrote to
};

}  // namespace waypost::trunk
