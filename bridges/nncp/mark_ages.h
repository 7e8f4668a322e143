// SPDX-License-Identifier: Apache-2.0
// How old the marks of the spool are that say what was seen, by the time that this box has run: the
// dates of the files are of a clock that may have been wrong. In SPOOL/waypost/marks/ lies a file
// for each day of box time, with the marks that were there for the first time on that day, one a
// line: "NODE/rx/seen/PACKET", "NODE/area/AREA/POST". One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

class MarkAges {
  public:
    explicit MarkAges(const Spool& spool);  // it outlives this

    // Deletes the marks that are older than `keep`, and puts new ones on record. How many went.
    // `now`: box time in seconds. A mark that is lost from the record begins anew.
    // `dates_count`: the wall clock is right; a mark whose date says that it is younger stays.
    std::size_t tidy(std::int64_t now, std::chrono::seconds keep, bool dates_count);

  private:
    std::vector<std::int64_t> days_on_record() const;
    std::vector<std::string> marks_but(const std::unordered_set<std::size_t>& known) const;
    std::filesystem::path file(std::int64_t day) const;
    Result<void> record(std::int64_t day, const std::vector<std::string>& marks) const;

    const Spool& spool_;
    const std::filesystem::path folder_;
};

}  // namespace waypost::nncp
