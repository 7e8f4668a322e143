// SPDX-License-Identifier: Apache-2.0
// The settings of the box's own mail server: they make the transport into its mailboxes, and
// `waypost mail-server write` makes Postfix's and Dovecot's files of them.
#include <array>

#include "bridges/email/mailserver/mailserver_transport.h"

namespace waypost::email {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"host", Kind::Text, "", "", "",
            "name of the server as mail programs are told it; else mail. and the box's domain",
            false, true},
    Setting{"listen", Kind::Text, "", "", "",
            "address of this machine on the village's network, for mail programs; else all", false,
            true},
    Setting{"submission_port", Kind::Integer, "587", "1..65535", "", "mail in, STARTTLS", false,
            true},
    Setting{"submissions_port", Kind::Integer, "465", "1..65535", "", "mail in, TLS from the start",
            false, true},
    Setting{"imap_port", Kind::Integer, "143", "1..65535", "", "mailboxes, STARTTLS", false, true},
    Setting{"imaps_port", Kind::Integer, "993", "1..65535", "", "mailboxes, TLS from the start",
            false, true},
    Setting{"outside_port", Kind::Integer, "0", "0..65535", "",
            "25: take mail for the box's domain from other servers; 0: do not", false, true},
    Setting{"mailbox_port", Kind::Integer, "2426", "1..65535", "",
            "Dovecot's LMTP on 127.0.0.1, where the gateway delivers", false, true},
    Setting{"mail", Kind::Path, "mailserver/mail", "", "", "folder of the mailboxes", false, true},
    Setting{"mail_user", Kind::Text, "vmail", "", "", "user and group whose the mailboxes are",
            false, true},
    Setting{"passwords", Kind::Path, "mailserver/passwords", "", "",
            "file of mode 0640 that the gateway writes: who may sign in, with what hash", false,
            true},
    Setting{"passwords_group", Kind::Text, "dovecot", "", "", "group that may read it", false,
            true},
    Setting{"certificate", Kind::Path, "", "", "",
            "PEM certificate for mail programs; else the box makes its own", false, true},
    Setting{"private_key", Kind::Path, "", "", "", "PEM key of the certificate", false, true},
    Setting{"log", Kind::Choice, "syslog", "syslog|files", "",
            "where Postfix and Dovecot write; files lie in the folder that was written", false,
            true},
};

constexpr Section kSection{
    "mailserver", true,
    "The box's own mail server, Postfix and Dovecot, for villagers' mail programs; one at most.",
    kSettings};

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    return std::make_unique<MailserverTransport>(std::move(id),
                                                 static_cast<int>(values.integer("mailbox_port")));
}

}  // namespace

TransportKind mailserver_kind() { return {&kSection, make, {}}; }

}  // namespace waypost::email
