// SPDX-License-Identifier: Apache-2.0
// The client side of IMAP4rev1 (RFC 3501) with IDLE (RFC 2177), UIDPLUS (RFC 4315), SPECIAL-USE
// (RFC 6154) and SASL-IR for XOAUTH2 (RFC 4959): what a mailbox needs of it and no more. One
// thread. After an error of the line or of the protocol (Network, Timeout, BadInput) the connection
// is of no use.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bridges/email/mailbox/folder_state.h"
#include "bridges/email/mailbox/imap_response.h"
#include "bridges/email/mailbox/mail_wire.h"
#include "bridges/email/mailbox/mailbox_login.h"

namespace waypost::email {

class ImapClient {
  public:
    ImapClient(std::unique_ptr<MailWire> wire, const ProviderServer& server);

    // Greeting, STARTTLS, login, capabilities.
    Result<void> open(const MailboxLogin& login);
    Result<FolderNow> select(const std::string& folder);
    bool has_idle() const { return offers("IDLE"); }
    // As the server last said; it may tell so with any answer.
    std::uint32_t exists() const { return exists_; }

    // In ascending order: those above `after`, or those that came since the day of `since`.
    Result<std::vector<std::uint32_t>> search_after(std::uint32_t after);
    Result<std::vector<std::uint32_t>> search_since(std::int64_t since);
    // NotFound: it is gone.
    Result<std::uint64_t> size(std::uint32_t uid);
    // Part of the mail, without setting \Seen. Servers may give less than was asked for (RFC 3501
    // 6.4.5 wants it only at the end, some cut everywhere); empty: behind its end.
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
    void cut() noexcept { wire_->cut(); }  // any thread, while it lives

  private:
    using OnResponse = std::function<void(const ImapResponse&)>;
    // One command, to its tagged answer; `each` sees the untagged ones. NO and BAD are errors.
    Result<std::string> command(const std::string& text, const OnResponse& each = {},
                                bool login = false);
    Result<void> say(const std::string& text);
    Result<std::string> answer(const OnResponse& each, bool login);
    // The server is ready for a literal, or for IDLE's end.
    Result<void> go_ahead(bool login);
    // "A1 LOGIN" and its strings, each quoted or, where it must be, a literal.
    Result<std::string> command_with(const std::string& verb, const std::vector<std::string>& words,
                                     bool login = false);
    Result<void> greeting();
    Result<void> start_tls();
    Result<void> log_in(const MailboxLogin& login);
    Result<std::vector<std::uint32_t>> search(const std::string& what);
    void note(const ImapResponse& response);
    void note_code(std::string_view text);
    bool offers(const std::string& capability) const;

    std::unique_ptr<MailWire> wire_;
    const ProviderServer server_;
    ImapReader reader_;
    unsigned next_tag_ = 0;
    std::string tag_;
    std::string capabilities_;  // " IMAP4REV1 IDLE "
    FolderNow folder_;
    std::uint32_t exists_ = 0;
};

}  // namespace waypost::email
