// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/remote/host_memory.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostHosts = 1000;
constexpr std::size_t kMostFailures = 1000;
constexpr BucketSize kAsks{100, 1200};
constexpr std::chrono::minutes kBetweenRefetches{3};
constexpr std::chrono::minutes kAfterPassing{2};
constexpr std::chrono::minutes kAfterLasting{10};

}  // namespace

HostMemory::HostMemory(const Clock& clock)
    : clock_(clock), hosts_(kMostHosts), failures_(kMostFailures) {}

HostMemory::Host& HostMemory::host(const std::string& name) {
    if (Host* known = hosts_.find(name)) return *known;
    return hosts_.put(name, {Flavour::Cavage, TokenBucket(kAsks.most, to_ms(clock_.box())), {}});
}

Flavour HostMemory::flavour(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const Host* known = hosts_.find(name);
    return known == nullptr ? Flavour::Cavage : known->flavour;
}

void HostMemory::set_flavour(const std::string& name, Flavour flavour) {
    const std::lock_guard lock(mutex_);
    host(name).flavour = flavour;
}

bool HostMemory::may_ask(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return host(name).asks.take(kAsks, 1, to_ms(clock_.box()));
}

bool HostMemory::may_refetch(const std::string& name) {
    const std::lock_guard lock(mutex_);
    Host& known = host(name);
    if (clock_.box() < known.next_refetch) return false;
    known.next_refetch = clock_.box() + kBetweenRefetches;
    return true;
}

std::optional<Error> HostMemory::failed_lately(const std::string& url) {
    const std::lock_guard lock(mutex_);
    const Failure* found = failures_.find(url);
    if (found == nullptr) return std::nullopt;
    if (clock_.box() < found->until) return found->error;
    failures_.erase(url);
    return std::nullopt;
}

void HostMemory::note_failure(const std::string& url, const Error& error) {
    const std::lock_guard lock(mutex_);
    const auto wait = error.retry ? kAfterPassing : kAfterLasting;
    failures_.put(url, {error, clock_.box() + wait});
}

}  // namespace waypost::activitypub
