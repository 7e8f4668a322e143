// SPDX-License-Identifier: Apache-2.0
// One way for outgoing mail: its queue, its connections and its pause after a failure to connect.
// What is slow or away holds up its own mails only. Threads: one per connection; deliver() only
// queues.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bridges/email/dress.h"
#include "bridges/email/mime/status_report.h"
#include "bridges/email/opener.h"
#include "gateway/transport.h"

namespace waypost::email {

// How long a relay is left alone after it could not be reached, and why.
struct RelayPause {
    BoxTime until{};
    std::chrono::seconds length{0};  // the last one; the next is twice as long
    std::string problem;
};

class Relay {
  public:
    // `name`: for the log and the status. `pause`: as an earlier relay of the same name left it.
    Relay(std::string name, int connections, RelayPause pause = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    void start(Office& office, std::unique_ptr<Opener> opener, std::shared_ptr<const Dress> dress);
    // Connections are cut. What had no outcome is offered again after the next start.
    void stop();
    // Takes it, or reports NotTried: too many wait for this relay already, or it is paused.
    void deliver(Delivery delivery);
    // The same without reporting: nullopt if it was taken, else the outcome to report.
    std::optional<Outcome> take(Delivery delivery);

    const std::string& name() const { return name_; }
    std::string problem() const;  // of the newest attempt; empty: it went well
    RelayPause pause() const;
    // Since when it has nothing in hand; nullopt: it has.
    std::optional<BoxTime> idle_since() const;
    std::size_t sent() const;
    std::size_t queued() const;

    // Most mails in hand at once for a relay with so many connections.
    static int window(int connections) { return connections * 8; }

  private:
    using Client = std::unique_ptr<SmtpClient>;
    void work();
    void carry(const Delivery& delivery, Client& client);
    Result<void> make_ready(Client& client);
    Result<void> open_cuttable(SmtpClient& client);
    Result<MailToSend> mail_of(const Delivery& delivery);
    bool begin_and_wait(const Delivery& delivery);
    Outcome send(const Delivery& delivery, Client& client);
    Outcome send_twice(const MailToSend& mail, Client& client);
    Outcome send_cuttable(SmtpClient& client, const MailToSend& mail);
    void finish(const Delivery& delivery, const Outcome& outcome);
    std::chrono::seconds pause_after(const std::string& why);
    std::chrono::seconds paused_for() const;  // with mutex_ held

    const std::string name_;
    const int connections_;
    std::unique_ptr<Opener> opener_;
    std::shared_ptr<const Dress> dress_;
    Office* office_ = nullptr;
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Delivery> queue_;
    std::set<SmtpClient*> talking_;  // to be cut by stop()
    int at_work_ = 0;                // workers with a mail
    BoxTime idle_since_{};
    bool stopping_ = false;
    RelayPause pause_;
    std::size_t turned_away_ = 0;  // since the queue last had room
    std::size_t sent_ = 0;
    std::vector<std::thread> workers_;
};

}  // namespace waypost::email
