// SPDX-License-Identifier: Apache-2.0
// One sub-band on which several radios of the box send. The law counts each transmitter; an
// operator whose radios are heard as one, or who is told so by his law, puts them on one band: then
// they stay within it together. Each keeps its own ledger and record. Any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "radio/airtime/record.h"

namespace waypost {

class SharedBand {
  public:
    // `per_hour`: Allowance::per_hour; a tenth of it is for acknowledgements and urgent messages.
    // Nothing may be sent before `radios` have joined: only then is it known what they had sent
    // before a restart.
    SharedBand(milliseconds per_hour, std::size_t radios);

    // For this radio: what the others hold for what they have under way is not.
    milliseconds left(const std::string& radio, BoxTime now, bool alarm) const;
    BoxTime next_relief(BoxTime now) const;  // as AirtimeRecord, of all radios

    // By AirtimeLedger: what a radio has sent. It stays when the radio is gone.
    void publish(const std::string& radio, const AirtimeRecord& record);
    bool publish_if_left(const std::string& radio, const AirtimeRecord& after, BoxTime now,
                         milliseconds airtime, bool alarm);

  private:
    milliseconds left_locked(const std::string& radio, BoxTime now, bool alarm) const;

    const milliseconds per_hour_;
    const std::size_t radios_;
    mutable std::mutex mutex_;
    std::map<std::string, AirtimeRecord> records_;
};

}  // namespace waypost
