// SPDX-License-Identifier: Apache-2.0
// Mail in by SMTP and LMTP listeners, mail out by a relay. Threads: one per session (listener),
// one per connection to a relay; deliver() only queues.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bridges/email/smtp_client.h"
#include "bridges/email/smtp_listener.h"
#include "gateway/transport_kind.h"

namespace waypost::email {

struct EmailOptions {
    std::vector<ListenerOptions> listeners;
    RelayTarget smarthost;                      // host empty: mail leaves by `relays` only
    std::map<std::string, RelayTarget> relays;  // domain -> its own relay
    Login login;                                // for the smarthost
    int connections = 4;
};

class EmailTransport final : public Transport {
  public:
    EmailTransport(TransportId id, EmailOptions options);
    ~EmailTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;

    std::vector<int> ports() const;  // of the listeners, in order

  private:
    using Connections =
        std::map<std::string, std::unique_ptr<SmtpClient>>;  // of a worker, by relay
    void work();
    void carry(const Delivery& delivery, Connections& open);
    bool begin_and_wait(const Delivery& delivery);
    Result<SmtpClient*> ready_client(const RelayTarget& target, Connections& open);
    const RelayTarget* target_for(const Address& to) const;
    void note(const Outcome& outcome);

    TransportId id_;
    EmailOptions options_;
    Office* office_ = nullptr;
    std::vector<std::unique_ptr<SmtpListener>> listeners_;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Delivery> queue_;
    bool stopping_ = false;
    std::string last_error_;
    std::size_t sent_ = 0;
    std::vector<std::thread> workers_;
};

TransportKind email_kind();

}  // namespace waypost::email
