// SPDX-License-Identifier: Apache-2.0
// One sub-band on which several radios of the box send. The law counts each transmitter; an
// operator whose radios are heard as one, or who is told so by his law, puts them on one band: then
// they stay within it together. Each keeps its own ledger and record. Any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "radio/airtime/record.h"

namespace waypost {

class SharedBand {
  public:
    // `per_hour`: Allowance::per_hour; a tenth of it is for acknowledgements and urgent messages.
    // Nothing may be sent before `radios` have joined: only then is it known what they had sent
    // before a restart.
    SharedBand(milliseconds per_hour, std::size_t radios);
    // Of radios that are named one by one, and of which not all know their law yet: without
    // limit() nothing may be sent.
    SharedBand() : SharedBand(milliseconds(0), 0) {}
    void expect(const std::string& radio);  // it will join
    // What one radio's law says of an hour: the least that any says counts.
    void limit(milliseconds per_hour);

    // For this radio: what the others hold for what they have under way is not.
    milliseconds left(const std::string& radio, BoxTime now, bool alarm) const;
    BoxTime next_relief(BoxTime now) const;  // as AirtimeRecord, of all radios

    // By AirtimeLedger: what a radio has sent. It stays when the radio is gone.
    void publish(const std::string& radio, const AirtimeRecord& record);
    bool publish_if_left(const std::string& radio, const AirtimeRecord& after, BoxTime now,
                         milliseconds airtime, bool alarm);

  private:
    milliseconds left_locked(const std::string& radio, BoxTime now, bool alarm) const;

    mutable std::mutex mutex_;
    milliseconds per_hour_;
    const std::size_t radios_;
    std::set<std::string> expected_;
    std::map<std::string, AirtimeRecord> records_;
};

// The bands of a configuration by the names that its operator gave them. One thread: before
// anything starts.
class SharedBands {
  public:
    // For a radio of this section. `law`: "EU868 869.4-869.65" (Allowance::band) and its airtime
    // of an hour; empty: only the device knows. Throws std::runtime_error with a sentence for the
    // operator if the radios have no band in common.
    std::shared_ptr<SharedBand> join(const std::string& name, const std::string& radio,
                                     const std::string& section, const std::string& law = {},
                                     milliseconds per_hour = {});

  private:
    struct Named {
        std::weak_ptr<SharedBand> band;  // of the radios
        std::string law, section;        // of the first one that knows
    };
    std::map<std::string, Named> bands_;
};

}  // namespace waypost
