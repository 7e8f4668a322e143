// SPDX-License-Identifier: Apache-2.0
// What a look into a mailbox needs around it, and the two kinds of look.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bridges/email/mailbox/folder_state.h"
#include "bridges/email/mailbox/imap_client.h"
#include "bridges/email/mailbox/mail_taker.h"
#include "bridges/email/mailbox/pop3_client.h"
#include "bridges/email/mailbox/sent_copies.h"

namespace waypost::email {

struct LookOptions {
    ProviderServer server;
    MailboxLogin login;
    std::string folder = "INBOX";
    std::string sent_folder;   // empty: the server says which
    bool keep_copies = true;   // of what was sent
    std::string mark;          // flag of a mail in custody; empty: none
    bool erase_taken = false;  // a mail in custody goes from the mailbox
    std::chrono::seconds look_back{0};
    std::chrono::milliseconds poll{0};
    std::chrono::milliseconds idle_renew{0};
};

// The reader's thread as a look sees it.
class Surroundings {
  public:
    virtual ~Surroundings() = default;
    virtual Office& office() = 0;
    virtual TransportState& state() = 0;
    virtual MailTaker& taker() = 0;
    virtual SentCopies& copies() = 0;
    virtual Bell& bell() = 0;
    virtual Result<std::unique_ptr<MailWire>> call(const ProviderServer& server) = 0;
    virtual bool stopping() const = 0;
    virtual void doing(const std::string& what) = 0;
    virtual void let_in() = 0;
    virtual void went_well() = 0;
    virtual void settled(const TakenMail& mail, const std::string& which) = 0;
    virtual void lying_there(std::size_t left) = 0;  // mails that were left where they are
    virtual void without_copy() = 0;                 // a sent mail gets no copy
    // How stop() ends what waits on the line; empty: nothing does.
    virtual void cut_by(std::function<void()> cut) = 0;
};

class Look {
  public:
    virtual ~Look() = default;
    // One session with the server. Ok: it ended in good order; look again after `poll`.
    virtual Result<void> session() = 0;
};

std::unique_ptr<Look> imap_look(const LookOptions& options, Surroundings& around);
std::unique_ptr<Look> pop3_look(const LookOptions& options, Surroundings& around);

}  // namespace waypost::email
