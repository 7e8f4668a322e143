// SPDX-License-Identifier: Apache-2.0
// One mailbox at a provider for a village that has no mail domain of its own, or for one person:
// mail in by IMAP or POP3, mail out by the account's submission server. See README.md here.
// Threads: one that reads the mailbox, and those of the relay.
#pragma once

#include <memory>
#include <mutex>

#include "bridges/email/mail_transport.h"
#include "bridges/email/mailbox/mailbox_reader.h"
#include "bridges/email/relay.h"

namespace waypost::email {

struct MailboxOptions {
    Account account;  // domain and village come with the office
    LookOptions look;
    std::string authserv_id;
    std::uint64_t max_message_bytes = 20u << 20;
    RelayTarget smtp;  // host empty: this account only receives
    int connections = 1;
};

class MailboxTransport final : public MailTransport {
  public:
    MailboxTransport(TransportId id, MailboxOptions options);
    ~MailboxTransport() override;

    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    // A shared account comes behind every relay of [email.*]; a person's own comes first, for her
    // alone.
    std::optional<int> reach(const Address& to) const override;
    std::optional<int> reach_from(const std::string& sender, const Address& to) const override;
    void stop() override;

  private:
    std::string subject_token(const Delivery& delivery) const;  // with mutex_ held
    Account account() const;

    const MailboxOptions options_;
    Office* office_ = nullptr;
    std::mutex mutex_;  // memory_
    SentMemory memory_;
    std::unique_ptr<MailboxReader> reader_;
    std::unique_ptr<Relay> relay_;
};

TransportKind mailbox_kind();

}  // namespace waypost::email
