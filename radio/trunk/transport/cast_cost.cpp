// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/cast_cost.h"

#include <algorithm>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

using std::chrono::microseconds;

constexpr std::size_t kHold = 1 + kReportTag;
constexpr std::size_t kReport = 11;        // of up to nine fragments
constexpr std::size_t kAnswer = 4;         // an object
constexpr std::size_t kLengthAndTag = 10;  // before fragments
constexpr double kMostLoss = 0.9;

double us(microseconds time) { return static_cast<double>(time.count()); }

double there(double loss) { return 1 - std::clamp(loss, 0.0, kMostLoss); }

// So much in frames that each have this beside it.
double in_frames(std::size_t bytes, std::size_t payload, std::size_t beside,
                 const AirtimeOf& airtime) {
    const std::size_t room = payload - beside;
    const std::size_t frames = std::max<std::size_t>(1, (bytes + room - 1) / room);
    const std::size_t even = (bytes + frames - 1) / frames;
    return static_cast<double>(frames) * us(airtime(even + beside));
}

// An object by a link, to its answer.
double object(std::size_t bytes, std::size_t payload, double loss, const AirtimeOf& airtime) {
    if (bytes + kSingleOverhead <= payload)
        return (us(airtime(bytes + kSingleOverhead)) + us(airtime(kHold))) / there(loss);
    return (in_frames(bytes + kLengthAndTag, payload, kFragmentOverhead, airtime) +
            us(airtime(kReport))) /
           there(loss);
}

microseconds whole(double time) { return microseconds(static_cast<std::int64_t>(time)); }

}  // namespace

microseconds airtime_alone(const CastPlan& plan, const AirtimeOf& airtime) {
    double all = 0;
    for (const auto& each : plan.receivers)
        all += object(each.alone, plan.payload, each.loss, airtime);
    return whole(all);
}

// Rows are repaired for the one that misses most; each round is answered by all that miss some.
microseconds airtime_cast(const CastPlan& plan, const AirtimeOf& airtime) {
    double worst = 0, all = 0;
    for (const auto& each : plan.receivers) {
        worst = std::max(worst, each.loss);
        all += object(each.invitation, plan.payload, each.loss, airtime);
        all += object(kAnswer, plan.payload, each.loss, airtime) / there(each.loss);
    }
    return whole(all +
                 in_frames(plan.bytes, plan.payload, kRepairOverhead, airtime) / there(worst));
}

}  // namespace waypost::trunk
