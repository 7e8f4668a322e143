// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/direct/direct_sender.h"

#include <algorithm>

#include "bridges/email/ascii_domain.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using std::chrono::seconds;

constexpr int kConnections = 2;  // to one domain: nobody's server is crowded
constexpr seconds kIdle{120};    // then its relay goes
constexpr seconds kHouseEvery{30};
constexpr seconds kTooMany{60};            // until a mail for one domain too many asks again
constexpr seconds kPauseRemembered{3600};  // after its end, so that the next one is longer
constexpr std::size_t kMostPauses = 10'000;
constexpr std::size_t kProblemsShown = 3;

Outcome not_tried(std::string code, std::string detail, seconds retry_after) {
    Outcome result;
    result.kind = Outcome::Kind::NotTried;
    result.proof = ProofClass::Observed;
    result.code = std::move(code);
    result.detail = std::move(detail);
    result.retry_after = retry_after;
    return result;
}

}  // namespace

DirectSender::DirectSender(DirectOptions options)
    : options_(std::move(options)), dns_(options_.nameserver), source_(dns_, options_.policies) {}

DirectSender::~DirectSender() { stop(); }

void DirectSender::start(Office& office, TransportState& state,
                         std::shared_ptr<const Dress> dress) {
    office_ = &office;
    dress_ = std::move(dress);
    policies_ = std::make_unique<StsPolicies>(dns_, source_, state, office.clock());
    const std::string own =
        lower_ascii(options_.host_name.empty() ? office.domain() : options_.host_name);
    parts_ = std::make_unique<DirectParts>(
        DirectParts{dns_, *policies_, office.random(), own,
                    std::set<std::string>{own, lower_ascii(office.domain())}, options_.port,
                    options_.ca_file, &stopping_});
    house_ = std::thread([this] { keep_house(); });
}

void DirectSender::stop() {
    Relays relays;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        relays.swap(relays_);
    }
    stop_.notify_all();
    dns_.cut();
    source_.cut();
    if (house_.joinable()) house_.join();
    for (const auto& [domain, relay] : relays) relay->stop();
}

void DirectSender::deliver(Delivery delivery) {
    const AttemptId attempt = delivery.attempt;
    const std::string domain = ascii_domain(std::string(delivery.to.domain()));
    if (const auto no = take(domain, std::move(delivery))) office_->report(attempt, *no);
}

// Under the lock that the house needs to drop a relay: none goes with a mail in it.
std::optional<Outcome> DirectSender::take(const std::string& domain, Delivery delivery) {
    std::unique_ptr<Relay> given_up;  // ends after the lock
    const std::lock_guard lock(mutex_);
    if (stopping_) return not_tried("stopping", "this box is stopping", kTooMany);
    if (relays_.count(domain) == 0) {
        if (auto no = paused(domain)) return no;
        if (relays_.size() >= static_cast<std::size_t>(options_.most_domains)) {
            given_up = longest_idle();
            if (!given_up)
                return not_tried("direct-busy", "mail for many domains is under way", kTooMany);
        }
    }
    return relay_for(domain)->take(std::move(delivery));
}

std::optional<Outcome> DirectSender::paused(const std::string& domain) const {
    const auto found = pauses_.find(domain);
    if (found == pauses_.end()) return std::nullopt;
    const auto left = found->second.until - office_->clock().box();
    if (left <= milliseconds(0)) return std::nullopt;
    return not_tried("connection", found->second.problem, std::chrono::ceil<seconds>(left));
}

Relay* DirectSender::relay_for(const std::string& domain) {
    auto& relay = relays_[domain];
    if (relay) return relay.get();
    RelayPause pause;
    if (const auto known = pauses_.find(domain); known != pauses_.end()) {
        pause = known->second;
        pauses_.erase(known);
    }
    relay = std::make_unique<Relay>(domain, kConnections, std::move(pause));
    relay->start(*office_, std::make_unique<DirectOpener>(*parts_, domain), dress_);
    return relay.get();
}

std::unique_ptr<Relay> DirectSender::take_out(Relays::iterator at) {
    std::unique_ptr<Relay> relay = std::move(at->second);
    const RelayPause pause = relay->pause();
    if (pause.length > seconds(0) && pauses_.size() < kMostPauses) pauses_[at->first] = pause;
    sent_before_ += relay->sent();
    relays_.erase(at);
    return relay;
}

// Room for another domain; null: all are at work.
std::unique_ptr<Relay> DirectSender::longest_idle() {
    auto best = relays_.end();
    for (auto each = relays_.begin(); each != relays_.end(); ++each) {
        const auto since = each->second->idle_since();
        if (since && (best == relays_.end() || *since < *best->second->idle_since())) best = each;
    }
    return best == relays_.end() ? nullptr : take_out(best);
}

void DirectSender::keep_house() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, kHouseEvery, [this] { return stopping_.load(); })) {
        auto gone = sweep();
        lock.unlock();
        gone.clear();  // their workers say goodbye and end
        lock.lock();
    }
}

std::vector<std::unique_ptr<Relay>> DirectSender::sweep() {
    const BoxTime now = office_->clock().box();
    std::vector<std::unique_ptr<Relay>> gone;
    for (auto each = relays_.begin(); each != relays_.end();) {
        const auto next = std::next(each);
        const auto since = each->second->idle_since();
        if (since && now - *since >= kIdle) gone.push_back(take_out(each));
        each = next;
    }
    std::erase_if(pauses_,
                  [&](const auto& each) { return each.second.until + kPauseRemembered < now; });
    return gone;
}

std::size_t DirectSender::sent() const {
    const std::lock_guard lock(mutex_);
    std::size_t all = sent_before_;
    for (const auto& [domain, relay] : relays_) all += relay->sent();
    return all;
}

std::size_t DirectSender::queued() const {
    const std::lock_guard lock(mutex_);
    std::size_t all = 0;
    for (const auto& [domain, relay] : relays_) all += relay->queued();
    return all;
}

std::size_t DirectSender::domains() const {
    const std::lock_guard lock(mutex_);
    return relays_.size();
}

std::string DirectSender::problems() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    std::size_t shown = 0;
    for (const auto& [domain, relay] : relays_) {
        const std::string problem = relay->problem();
        if (problem.empty() || ++shown > kProblemsShown) continue;
        text += (text.empty() ? "" : "; ") + domain + ": " + problem;
    }
    if (shown > kProblemsShown)
        text += "; and " + std::to_string(shown - kProblemsShown) + " more domains";
    return text;
}

int DirectSender::window() const { return options_.most_domains * Relay::window(kConnections); }

}  // namespace waypost::email
