// SPDX-License-Identifier: Apache-2.0
// The settings of the box's own chat server, of which `waypost chat-server write` makes Prosody's
// files.
#include <array>

#include "bridges/xmpp/chatserver/chat_server.h"

namespace waypost::xmpp {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"listen", Kind::Text, "", "", "",
            "address of this machine on the village's network, for chat programs; else all", false,
            true},
    Setting{"host", Kind::Text, "", "", "",
            "name or address of this machine in links to pictures and files; else that of listen, "
            "else the domain of the accounts",
            false, true},
    Setting{"port", Kind::Integer, "5222", "1..65535", "", "chat programs, STARTTLS", false, true},
    Setting{"tls_port", Kind::Integer, "5223", "1..65535", "", "chat programs, TLS from the start",
            false, true},
    Setting{"upload_port", Kind::Integer, "5281", "1..65535", "",
            "pictures and files of chat programs, HTTPS", false, true},
    Setting{"upload_space", Kind::Bytes, "1GiB", "1MiB..1TiB", "bytes",
            "of all pictures and files that are kept; one may have max_file_bytes of [xmpp.NAME]",
            false, true},
    Setting{"archive_days", Kind::Integer, "14", "1..3650", "days",
            "so long chats can be read again on another phone, and files be fetched", false, true},
    Setting{"admins", Kind::List, "", "", "",
            "people who may also administer the server from their chat program: [\"ana\"]", false,
            true},
    Setting{"outside", Kind::Boolean, "false", "", "",
            "talk to other servers of the Internet; wants a certificate that they believe, and the "
            "domains in the DNS",
            false, true},
    Setting{"sign_in", Kind::Path, "chatserver", "", "",
            "folder of the sockets at which the Dovecot of [mailserver.NAME] says who may sign in",
            false, true},
    Setting{"certificate", Kind::Path, "", "", "",
            "PEM certificate for chat programs; else the box makes its own, certificate.pem in the "
            "folder of sign_in",
            false, true},
    Setting{"private_key", Kind::Path, "", "", "",
            "PEM key of the certificate, which the user prosody can read", false, true},
    Setting{"log", Kind::Choice, "syslog", "syslog|files", "",
            "where Prosody writes; files lie in the folder that was written", false, true},
};

constexpr Section kSection{
    "chatserver", true,
    "The box's own chat server, Prosody, for villagers' chat programs; one at most. It belongs to "
    "the [xmpp.NAME] whose server is on this machine, and fills in what that does not say: domain "
    "(chat. and the box's), accounts (the box's domain), upload_hosts and ca_file.",
    kSettings};

}  // namespace

const Section& chat_server_section() { return kSection; }

}  // namespace waypost::xmpp
