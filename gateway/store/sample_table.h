// SPDX-License-Identifier: Apache-2.0
// How transports did: one row for each transport, metric and ten minutes of wall time. What is
// sampled goes into the row of its time, so a clock that is set back adds to what is there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/store/records.h"
#include "gateway/store/session.h"

namespace waypost::store {

inline constexpr Ms kSampleBucketMs = 10 * 60 * 1000;
// The one metric that is summed up, in milliseconds; of all others the mean counts.
inline constexpr char kAirtime[] = "airtime_ms";

struct Sample {
    std::string transport;
    std::string metric;
    double value = 0;  // finite; kept to a thousandth, within a million
};

// What came together in one step of time.
struct SampleSum {
    std::int64_t step = 0;  // 0: the first
    std::string transport;
    std::string metric;
    double total = 0;
    std::int64_t times = 0;  // samples, at least 1
};

class SampleTable {
  public:
    explicit SampleTable(Poco::Data::Session& session);
    ~SampleTable();
    void add(Ms at_ms, const Sample& sample);
    // From `from_ms` until before `to_ms`, both whole buckets, as `step_ms` is: by transport,
    // metric, step.
    std::vector<SampleSum> sums(Ms from_ms, Ms step_ms, Ms to_ms);
    // What lies outside; how many rows.
    std::size_t forget(Ms before_ms, Ms after_ms);

  private:
    struct Statements;
    std::unique_ptr<Statements> s_;
};

}  // namespace waypost::store
