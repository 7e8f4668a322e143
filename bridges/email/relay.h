// SPDX-License-Identifier: Apache-2.0
// One relay for outgoing mail: its queue, its connections and its pause after a failure to connect.
// What is slow or away holds up its own mails only. Threads: one per connection; deliver() only
// queues.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/email/mime/status_report.h"
#include "bridges/email/openpgp/encryption.h"
#include "bridges/email/smtp_client.h"
#include "gateway/transport.h"

namespace waypost::email {

class Relay {
  public:
    Relay(RelayTarget target, Login login, int connections);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // `encryption` outlives it; null: mails leave as they are.
    void start(Office& office, openpgp::Encryption* encryption);
    // Connections are cut. What had no outcome is offered again after the next start.
    void stop();
    // Takes it, or reports NotTried: too many wait for this relay already, or it is paused.
    void deliver(Delivery delivery);

    std::string name() const { return target_.host + ':' + std::to_string(target_.port); }
    std::string problem() const;  // of the newest attempt; empty: it went well
    std::size_t sent() const;
    std::size_t queued() const;

    // Most mails in hand at once for a relay with so many connections.
    static int window(int connections) { return connections * 8; }

  private:
    using Client = std::unique_ptr<SmtpClient>;
    void work();
    void carry(const Delivery& delivery, Client& client);
    Result<void> make_ready(Client& client);
    bool begin_and_wait(const Delivery& delivery);
    Result<std::string> bytes_of(const Delivery& delivery);
    Result<std::string> written(const Delivery& delivery);
    StatusReport status_report(const Report& said);
    Outcome send(const Delivery& delivery, Client& client);
    Outcome send_cuttable(SmtpClient& client, const MailToSend& mail);
    void finish(const Delivery& delivery, const Outcome& outcome);
    std::chrono::seconds pause_after(const std::string& why);
    std::chrono::seconds paused_for() const;  // with mutex_ held

    const RelayTarget target_;
    const Login login_;
    const int connections_;
    Office* office_ = nullptr;
    openpgp::Encryption* encryption_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Delivery> queue_;
    std::set<SmtpClient*> talking_;  // to be cut by stop()
    bool stopping_ = false;
    BoxTime paused_until_{};
    std::chrono::seconds pause_{0};  // the last one; the next is twice as long
    std::size_t turned_away_ = 0;    // since the queue last had room
    std::string problem_;
    std::size_t sent_ = 0;
    std::vector<std::thread> workers_;
};

}  // namespace waypost::email
