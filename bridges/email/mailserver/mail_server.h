// SPDX-License-Identifier: Apache-2.0
// The configuration of the box's Postfix and Dovecot: whole instances of their own in one folder,
// beside and without those of the system. Values in, texts out, no I/O.
//
// A villager's program speaks to Postfix (submission, RFC 6409; implicit TLS, RFC 8314) and Dovecot
// (IMAP, RFC 9051). What he sends goes to the gateway's trusted SMTP listener, whoever it is for;
// what comes from outside for the box's domain goes to the gateway's LMTP listener; what the
// gateway has for a mailbox goes to Dovecot's LMTP.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/own_file.h"
#include "gateway/base/result.h"

namespace waypost::email {

struct MailServer {
    std::string domain;  // "hill.example"
    std::string host;    // as mail programs name the server: "mail.hill.example"
    std::string folder;  // of both instances, absolute, at most 64 bytes
    std::string listen;  // address for mail programs; empty: all of this machine's
    std::vector<std::string> addresses{};  // by which they may ask as well: of the box's own Wi-Fi
    int submission_port = 587;
    int submissions_port = 465;
    int imap_port = 143;
    int imaps_port = 993;
    int outside_port = 0;      // 25: Postfix takes mail from other servers; 0: it does not
    int mailbox_port = 2426;   // Dovecot's LMTP on 127.0.0.1
    std::string submitted_to;  // the gateway's trusted listener, as Postfix writes a next hop:
                               // "smtp:[127.0.0.1]:2525"
    std::string incoming_to;   // the gateway's LMTP listener: "lmtp:inet:127.0.0.1:2424"
    std::string passwords;     // Dovecot's passwd-file, which the gateway writes
    std::string mail;          // folder of the mailboxes
    std::string mail_user;     // whose they are
    std::string certificate;   // PEM files
    std::string private_key;
    std::uint64_t max_message_bytes = 20u << 20;
    bool log_to_files = false;  // in `folder`, else to syslog
    std::string chat_sign_in;   // folder of sockets for the box's Prosody; empty: there is none
};

// What cannot be written into the programs' files: a path with a space, a name that is none.
Result<void> check(const MailServer& server);

std::vector<OwnFolder> folders(const MailServer& server);
std::vector<DurableFile> postfix_files(const MailServer& server);
std::vector<DurableFile> dovecot_files(const MailServer& server);

// Command lines for who starts, reloads and stops them by hand, as root.
std::vector<std::string> start_commands(const MailServer& server);
std::vector<std::string> reload_commands(const MailServer& server);
std::vector<std::string> stop_commands(const MailServer& server);

// First lines of each file: that it is ours, and where it comes from.
std::string origin_of_file();

}  // namespace waypost::email
