// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/sample_table.h"

#include <algorithm>
#include <cmath>

#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

// Whole numbers take less room than floating ones, and are the same in both engines.
constexpr double kFine = 1000;
constexpr double kMost = 1e6;

I64 fine(double value) { return std::llround(std::clamp(value, -kMost, kMost) * kFine); }

}  // namespace

struct SampleTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : update(s,
                 "UPDATE samples SET total = total + ?, times = times + 1"
                 " WHERE at = ? AND transport = ? AND metric = ?"),
          insert(s, "INSERT INTO samples (total, at, transport, metric, times) VALUES (?,?,?,?,1)"),
          sums(s,
               "SELECT (at - CAST(? AS BIGINT)) / CAST(? AS BIGINT) AS step, transport, metric,"
               " CAST(SUM(total) AS BIGINT), CAST(SUM(times) AS BIGINT) FROM samples"
               " WHERE at >= ? AND at < ? GROUP BY 1, 2, 3 ORDER BY 2, 3, 1"),
          forget(s, "DELETE FROM samples WHERE at < ? OR at > ?") {}
    Prepared<Params<I64, I64, Text, Text>> update;
    Prepared<Params<I64, I64, Text, Text>> insert;
    Prepared<Params<I64, I64, I64, I64>, Row<I64, Text, Text, I64, I64>> sums;
    Prepared<Params<I64, I64>> forget;
};

SampleTable::SampleTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
SampleTable::~SampleTable() = default;

void SampleTable::add(Ms at_ms, const Sample& sample) {
    const Ms bucket = at_ms - at_ms % kSampleBucketMs;
    const I64 value = fine(sample.value);
    if (s_->update.run(value, bucket, sample.transport, sample.metric) == 0)
        s_->insert.run(value, bucket, sample.transport, sample.metric);
}

std::vector<SampleSum> SampleTable::sums(Ms from_ms, Ms step_ms, Ms to_ms) {
    std::vector<SampleSum> all;
    for (auto& [step, transport, metric, total, times] :
         s_->sums.all(from_ms, step_ms, from_ms, to_ms)) {
        all.push_back({step, std::move(transport), std::move(metric),
                       static_cast<double>(total) / kFine, times});
    }
    return all;
}

std::size_t SampleTable::forget(Ms before_ms, Ms after_ms) {
    return s_->forget.run(before_ms, after_ms);
}

}  // namespace waypost::store
