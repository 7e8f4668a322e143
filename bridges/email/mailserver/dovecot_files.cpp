// SPDX-License-Identifier: Apache-2.0
// Dovecot 2.3 (doc.dovecot.org: passwd-file, LMTP, Postfix and Dovecot SASL).
#include <sstream>

#include "bridges/email/mailserver/mail_server.h"

namespace waypost::email {
namespace {

// Mail programs find these by their use (RFC 6154).
constexpr char kFolders[] = R"(
namespace inbox {
  inbox = yes
  mailbox Drafts {
    special_use = \Drafts
    auto = subscribe
  }
  mailbox Sent {
    special_use = \Sent
    auto = subscribe
  }
  mailbox Trash {
    special_use = \Trash
    auto = subscribe
  }
  mailbox Junk {
    special_use = \Junk
    auto = subscribe
  }
}
)";

std::string listener(const char* name, int port, const char* more) {
    return "  inet_listener " + std::string(name) + " {\n    port = " + std::to_string(port) +
           '\n' + more + "  }\n";
}

// Prosody asks who signs in, and whether somebody is there; the name of a socket says which.
std::string chat_sockets(const MailServer& s) {
    if (s.chat_sign_in.empty()) return {};
    std::ostringstream out;
    for (const char* name : {"auth", "auth-userdb"})
        out << "  unix_listener " << s.chat_sign_in << '/' << name
            << " {\n    mode = 0660\n    group = prosody\n  }\n";
    return out.str();
}

std::string dovecot_conf(const MailServer& s) {
    const std::string run = s.folder + "/dovecot";
    std::ostringstream out;
    out << origin_of_file() << "\nbase_dir = " << run << "/run\nstate_dir = " << run
        << "/state\ninstance_name = waypost\n";
    if (s.log_to_files) out << "log_path = " << s.folder << "/log/dovecot.log\n";
    out << "protocols = imap lmtp\nlisten = " << (s.listen.empty() ? "*, ::" : s.listen)
        << "\nhostname = " << s.host << "\npostmaster_address = postmaster@" << s.domain << R"(
recipient_delimiter = +

ssl = required
ssl_cert = <)"
        << s.certificate << "\nssl_key = <" << s.private_key << R"(
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes

# ana and ana@DOMAIN are one. Who fails to sign in waits longer each time (Dovecot's auth penalty,
# by address); Postfix asks here too.
auth_mechanisms = plain login
auth_username_format = %Ln
passdb {
  driver = passwd-file
  args = username_format=%Ln )"
        << s.passwords << R"(
}
userdb {
  driver = passwd-file
  args = username_format=%Ln )"
        << s.passwords << R"(
}

# The home of each stands in the passwords' file.
mail_uid = )"
        << s.mail_user << "\nmail_gid = " << s.mail_user << R"(
first_valid_uid = 1
mail_location = maildir:~/Maildir
)" << kFolders
        << "\nservice imap-login {\n"
        << listener("imap", s.imap_port, "") << listener("imaps", s.imaps_port, "    ssl = yes\n")
        << "}\n\n# From the gateway.\nservice lmtp {\n"
        << listener("lmtp", s.mailbox_port, "    address = 127.0.0.1\n")
        << "}\n\n# For Postfix.\nservice auth {\n  unix_listener " << s.folder << R"(/run/sasl {
    mode = 0600
    user = postfix
  }
)" << chat_sockets(s)
        << "}\n";
    return out.str();
}

}  // namespace

std::vector<DurableFile> dovecot_files(const MailServer& server) {
    return {{server.folder + "/dovecot/dovecot.conf", dovecot_conf(server), 0644, {}}};
}

}  // namespace waypost::email
