// SPDX-License-Identifier: Apache-2.0
// The thread that reads one account's mailbox: session after session, with pauses that grow while
// the provider does not want us. It appends the copies of sent mails too, so that one account
// costs the provider one connection.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/email/mailbox/look.h"
#include "bridges/email/mailbox/pauses.h"

namespace waypost::email {

struct ReaderStatus {
    std::string doing;    // what it does now
    std::string problem;  // why it does nothing; empty: all is well
    std::size_t taken = 0;
    std::size_t left = 0;  // mails that lie in the mailbox for nobody
    std::size_t copies = 0;
    std::size_t copies_dropped = 0;
};

class MailboxReader final : private Surroundings {
  public:
    MailboxReader(LookOptions options, TakerOptions taker);
    ~MailboxReader() override;
    MailboxReader(const MailboxReader&) = delete;
    MailboxReader& operator=(const MailboxReader&) = delete;

    // `memory` under `mutex`, shared with the way out; all outlive the reader's thread.
    void start(Office& office, const SentMemory& memory, std::mutex& mutex);
    void stop();
    // A mail was sent. Any thread.
    void keep_copy(const std::string& mail);
    ReaderStatus status() const;  // any thread

  private:
    Office& office() override { return *office_; }
    TransportState& state() override;
    MailTaker& taker() override { return *taker_; }
    SentCopies& copies() override { return copies_; }
    Bell& bell() override { return bell_; }
    Result<std::unique_ptr<MailWire>> call(const ProviderServer& server) override {
        return connect(server);
    }
    bool stopping() const override { return stopping_; }
    void doing(const std::string& what) override;
    void let_in() override;
    void went_well() override;
    void settled(const TakenMail& mail, const std::string& which) override;
    void lying_there(std::size_t left) override;
    void without_copy() override;
    void cut_by(std::function<void()> cut) override;

    void work();
    void pause(const Error& why);
    void wait(std::chrono::milliseconds time);

    const LookOptions options_;
    const TakerOptions taker_options_;
    Office* office_ = nullptr;
    std::unique_ptr<MailTaker> taker_;
    std::unique_ptr<Look> look_;
    SentCopies copies_;
    Bell bell_;
    Pauses pauses_;  // the reader's thread
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    ReaderStatus status_;
    std::function<void()> cut_;
    std::thread thread_;
};

}  // namespace waypost::email
