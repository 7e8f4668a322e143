// SPDX-License-Identifier: Apache-2.0
#include "web/tls/acme_plan.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <sstream>

namespace waypost::tls {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kDayMs = milliseconds(std::chrono::hours(24)).count();

void forget_old(std::vector<std::int64_t>& asked, std::int64_t box_ms) {
    asked.erase(std::remove_if(asked.begin(), asked.end(),
                               [&](std::int64_t at) { return at + kDayMs <= box_ms; }),
                asked.end());
}

// An hour, two, four, ... twelve at most.
milliseconds wait_after(int failures) {
    milliseconds wait = kFirstWait;
    for (int i = 1; i < failures && wait < kLongestWait; ++i) wait *= 2;
    return std::min<milliseconds>(wait, kLongestWait);
}

}  // namespace

std::string to_text(const AcmeState& state) {
    Poco::JSON::Array asked;
    for (const std::int64_t each : state.asked_box_ms) asked.add(Poco::Int64(each));
    Poco::JSON::Object o;
    o.set("asked", asked);
    o.set("failures", state.failures);
    o.set("next", Poco::Int64(state.next_box_ms));
    o.set("problem", state.problem);
    o.set("problem_at", Poco::Int64(state.problem_ms));
    std::ostringstream text;
    o.stringify(text);
    return text.str();
}

AcmeState state_from(const std::string& text) {
    try {
        const auto o = Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
        AcmeState state;
        const auto asked = o->getArray("asked");
        for (unsigned i = 0; asked && i < std::min<std::size_t>(asked->size(), kMostAsked); ++i)
            state.asked_box_ms.push_back(asked->getElement<Poco::Int64>(i));
        state.failures = o->getValue<int>("failures");
        state.next_box_ms = o->getValue<Poco::Int64>("next");
        state.problem = o->getValue<std::string>("problem");
        state.problem_ms = o->getValue<Poco::Int64>("problem_at");
        return state;
    } catch (const Poco::Exception&) {
        return {};
    }
}

AcmeState after(AcmeState state, const Try& tried) {
    forget_old(state.asked_box_ms, tried.box_ms);
    if (tried.reached) state.asked_box_ms.push_back(tried.box_ms);
    state.problem = tried.problem;
    if (tried.problem.empty()) {
        state.failures = 0;
        state.next_box_ms = tried.box_ms;
        return state;
    }
    state.problem_ms = tried.wall_ms;
    if (tried.reached) ++state.failures;
    // Where the Internet is rare, the hour in which it is there must not be missed.
    const auto wait = tried.reached ? wait_after(state.failures) : milliseconds(kFirstWait);
    const double part = 0.8 + 0.4 * tried.chance;
    state.next_box_ms =
        tried.box_ms + static_cast<std::int64_t>(static_cast<double>(wait.count()) * part);
    return state;
}

bool is_due(const std::optional<CertificateFacts>& facts, const std::vector<std::string>& names,
            std::int64_t wall_ms) {
    if (!facts || lacked_name(*facts, names)) return true;
    const std::int64_t life = facts->not_after_ms - facts->not_before_ms;
    const std::int64_t before = std::min(milliseconds(kRenewBefore).count(), life / 3);
    return wall_ms >= facts->not_after_ms - before;
}

std::int64_t next_try(const AcmeState& state, std::int64_t box_ms) {
    std::vector<std::int64_t> asked = state.asked_box_ms;
    forget_old(asked, box_ms);
    const std::int64_t next = std::max(state.next_box_ms, box_ms);
    return asked.size() < kMostAsked ? next
                                     : std::max(next, asked[asked.size() - kMostAsked] + kDayMs);
}

}  // namespace waypost::tls
