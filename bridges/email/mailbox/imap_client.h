// SPDX-License-Identifier: Apache-2.0
// The client side of IMAP4rev1 (RFC 3501) with IDLE (RFC 2177), UIDPLUS (RFC 4315) and SPECIAL-USE
// (RFC 6154): libetpan speaks and parses, this is all that we want of it. One thread. After an
// error of the line or of the protocol (Network, Timeout, BadInput) the connection is of no use.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bridges/email/mailbox/folder_state.h"
#include "bridges/email/mailbox/mail_wire.h"
#include "bridges/email/mailbox/mailbox_login.h"

namespace waypost::email {

class ImapClient {
  public:
    ImapClient(std::unique_ptr<MailWire> wire, const MailServer& server);
    ~ImapClient();
    ImapClient(const ImapClient&) = delete;
    ImapClient& operator=(const ImapClient&) = delete;

    // Greeting, STARTTLS, login, capabilities.
    Result<void> open(const MailboxLogin& login);
    Result<FolderNow> select(const std::string& folder);
    bool has_idle() const;
    // As the server last said; it may tell so with any answer.
    std::uint32_t exists() const;

    // In ascending order: those above `after`, or those that came since the day of `since`.
    Result<std::vector<std::uint32_t>> search_after(std::uint32_t after);
    Result<std::vector<std::uint32_t>> search_since(std::int64_t since);
    // NotFound: it is gone.
    Result<std::uint64_t> size(std::uint32_t uid);
    // Part of the mail, without setting \Seen; shorter than asked: it ends there.
    Result<std::string> piece(std::uint32_t uid, std::uint32_t offset, std::uint32_t bytes);
    // "\\Seen", or a keyword.
    Result<void> mark(std::uint32_t uid, const std::string& flag);
    // For good where the server has UIDPLUS; else it is marked as deleted only.
    Result<void> erase(std::uint32_t uid);

    // The folder for sent mail, by SPECIAL-USE or by its usual names; empty: there is none.
    Result<std::string> sent_folder();
    Result<void> append(const std::string& folder, const std::string& mail);

    // Until the server has news, the bell rings, or the time is over.
    Result<Bell::Heard> idle(Bell& bell, std::chrono::milliseconds time);
    Result<void> noop();
    void logout();
    void cut() noexcept;  // any thread, while it lives

  private:
    class Session;
    std::unique_ptr<Session> session_;
};

}  // namespace waypost::email
