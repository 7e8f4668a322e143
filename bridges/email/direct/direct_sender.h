// SPDX-License-Identifier: Apache-2.0
// Mail straight to each domain's own hosts, without a smarthost: one short-lived Relay per domain
// that mail is for. Each domain's queue, connections and pause are its own. Threads: one that drops
// what is idle, and each relay's; deliver() only queues.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridges/email/direct/direct_opener.h"
#include "bridges/email/relay.h"

namespace waypost::email {

struct DirectOptions {
    std::string nameserver;  // empty: those of the system
    std::string host_name;   // our name in EHLO and among MX records; empty: the box's domain
    int port = 25;
    int most_domains = 32;  // with a relay at once
    HttpsOptions policies;
    std::string ca_file;  // for hosts under an enforced policy
};

class DirectSender {
  public:
    // Throws std::runtime_error: the name server is no address.
    explicit DirectSender(DirectOptions options);
    ~DirectSender();
    DirectSender(const DirectSender&) = delete;
    DirectSender& operator=(const DirectSender&) = delete;

    // `state` is where policies are kept; it and `office` outlive this.
    void start(Office& office, TransportState& state, std::shared_ptr<const Dress> dress);
    void stop();  // as Relay::stop
    // Takes it, or reports NotTried: its domain is paused or full, or too many domains are at work.
    void deliver(Delivery delivery);

    std::size_t sent() const;
    std::size_t queued() const;
    std::size_t domains() const;   // with a relay now
    std::string problems() const;  // "a.example: why; b.example: why", a few of them
    int window() const;            // most mails in hand at once

  private:
    using Relays = std::map<std::string, std::unique_ptr<Relay>>;
    std::optional<Outcome> take(const std::string& domain, Delivery delivery);
    std::optional<Outcome> paused(const std::string& domain) const;
    Relay* relay_for(const std::string& domain);
    std::unique_ptr<Relay> take_out(Relays::iterator at);
    std::unique_ptr<Relay> longest_idle();
    void keep_house();
    std::vector<std::unique_ptr<Relay>> sweep();

    const DirectOptions options_;
    std::shared_ptr<const Dress> dress_;
    Resolver dns_;
    HttpsPolicySource source_;
    Office* office_ = nullptr;
    std::atomic<bool> stopping_{false};
    std::unique_ptr<StsPolicies> policies_;
    std::unique_ptr<DirectParts> parts_;
    mutable std::mutex mutex_;
    std::condition_variable stop_;
    Relays relays_;
    std::map<std::string, RelayPause> pauses_;  // of domains without a relay now
    std::size_t sent_before_ = 0;               // by relays that are gone
    std::thread house_;
};

}  // namespace waypost::email
