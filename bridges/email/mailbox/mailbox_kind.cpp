// SPDX-License-Identifier: Apache-2.0
// The settings of an account at a provider, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/email/mailbox/mailbox_transport.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"address", Kind::Text, "", "", "",
            "the account's address: \"village@provider.example\"", true, true},
    Setting{"aliases", Kind::List, "", "", "", "other addresses whose mail comes to this mailbox",
            false, true},
    Setting{"separator", Kind::Text, "", "", "",
            "\"+\" where village+ana@ reaches village@ (Gmail, Outlook, Fastmail, iCloud, Proton); "
            "empty: answers are known by what they answer and by a mark in the subject",
            false, true},
    Setting{"person", Kind::Text, "", "", "",
            "handle of the person whose own account this is; empty: it serves all", false, true},
    Setting{"server", Kind::Text, "", "", "",
            "where mail is read: \"imaps:host:993\", \"imap:host:143\", \"pop3s:host:995\", "
            "\"pop3:host:110\"",
            true, true},
    Setting{"smtp", Kind::Text, "", "", "",
            "where mail is sent: \"smtps:host:465\", \"smtp:host:587\"; empty: only receives",
            false, true},
    Setting{"security", Kind::Choice, "starttls", "plain|starttls", "",
            "of imap:, pop3: and smtp:; plain only on this machine", false, true},
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the servers' certificates; else the system's",
            false, true},
    Setting{"user", Kind::Text, "", "", "", "user name at both servers; else the address", false,
            true},
    Setting{"password_file", Kind::SecretFile, "", "", "",
            "file of mode 0600 with the password, or with the access token; read at each login",
            true, true},
    Setting{"login", Kind::Choice, "password", "password|xoauth2", "",
            "xoauth2: password_file holds an OAuth 2 access token that another program renews",
            false, true},
    Setting{"folder", Kind::Text, "INBOX", "", "", "the folder that is read (IMAP)", false, true},
    Setting{"keep_sent", Kind::Boolean, "true", "", "",
            "copy what was sent to the folder for it (IMAP); false where the provider does so "
            "itself, as Gmail does",
            false, true},
    Setting{"sent_folder", Kind::Text, "", "", "",
            "folder of sent mail; else the one that the server names", false, true},
    Setting{"mark", Kind::Choice, "seen", "seen|keyword|none", "",
            "how a mail that was taken is marked (IMAP): as read, by the keyword $Waypost, or not",
            false, true},
    Setting{"delete_taken", Kind::Boolean, "false", "", "",
            "a mail that the box has on disk is deleted from the mailbox", false, true},
    Setting{"look_back", Kind::Duration, "3d", "0s..60d", "",
            "of what lay in the mailbox before, this much is taken at the first look", false, true},
    Setting{"poll", Kind::Duration, "5m", "1s..1d", "",
            "how often to look where the server does not tell by itself (no IDLE; POP3)", false,
            true},
    Setting{"idle_renew", Kind::Duration, "9m", "1s..28m", "",
            "how often IDLE is asked for anew, and a line that was cut silently noticed", false,
            true},
    Setting{"timeout", Kind::Duration, "60s", "1s..10m", "",
            "how long an answer of the server is waited for", false, true},
    Setting{"max_message", Kind::Bytes, "20MiB", "1KiB..1GiB", "bytes",
            "larger mails are left in the mailbox", false, true},
    Setting{"authserv_id", Kind::Text, "", "", "",
            "name of the provider's server whose Authentication-Results are believed: "
            "\"mx.google.com\"",
            false, true},
    Setting{"connections", Kind::Integer, "1", "1..8", "", "connections to the smtp server at once",
            false, true},
};

constexpr Section kSection{"mailbox", true,
                           "A mailbox at a provider: for a village without a mail domain of its "
                           "own, or for one person.",
                           kSettings};

template <class T>
T good(const char* key, Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(key) + ": " + result.error().text);
    return std::move(*result);
}

Address address_of(const char* key, const std::string& text) {
    Address address = good(key, parse_address(text));
    if (address.scheme != "mailto")
        throw std::runtime_error(std::string(key) + ": " + text + " is no mail address");
    return address;
}

Account account(const SectionValues& values) {
    Account account;
    account.address = address_of("address", values.text("address"));
    for (const std::string& alias : values.list("aliases"))
        account.aliases.push_back(address_of("aliases", alias));
    account.separator = values.text("separator");
    if (account.separator.size() > 1 || account.separator == ".")
        throw std::runtime_error("separator is one sign, as \"+\" or \"-\"");
    account.person = lower_ascii(values.text("person"));
    return account;
}

LookOptions look(const SectionValues& values, const Account& account) {
    LookOptions options;
    options.server = good("server", parse_mail_server(values.text("server")));
    const bool plain = values.text("security") == "plain";
    if (plain && options.server.security != ProviderServer::Security::Tls)
        options.server.security = ProviderServer::Security::Plain;
    options.server.ca_file = values.text("ca_file");
    options.server.timeout = values.duration("timeout");
    options.login.user = values.has("user") ? values.text("user") : account.address.value;
    options.login.secret_file = values.text("password_file");
    options.login.oauth = values.text("login") == "xoauth2";
    (void)good("password_file", read_secret_file(options.login.secret_file));
    options.folder = values.text("folder");
    options.sent_folder = values.text("sent_folder");
    options.keep_copies = values.boolean("keep_sent") && values.has("smtp");
    const std::string& mark = values.text("mark");
    options.mark = mark == "seen" ? "\\Seen" : mark == "keyword" ? "$Waypost" : "";
    options.erase_taken = values.boolean("delete_taken");
    options.look_back =
        std::chrono::duration_cast<std::chrono::seconds>(values.duration("look_back"));
    options.poll = values.duration("poll");
    options.idle_renew = values.duration("idle_renew");
    return options;
}

RelayTarget smtp(const SectionValues& values) {
    if (!values.has("smtp")) return {};
    RelayTarget target = good("smtp", parse_relay(values.text("smtp")));
    if (target.lmtp) throw std::runtime_error("smtp takes smtps:host:465 or smtp:host:587");
    const bool plain = values.text("security") == "plain";
    if (target.security != RelayTarget::Security::Tls) {
        target.security = plain ? RelayTarget::Security::Plain : RelayTarget::Security::StartTls;
    }
    target.ca_file = values.text("ca_file");
    return target;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    MailboxOptions options;
    options.account = account(values);
    options.look = look(values, options.account);
    options.authserv_id = values.text("authserv_id");
    options.max_message_bytes = static_cast<std::uint64_t>(values.bytes("max_message"));
    options.smtp = smtp(values);
    options.connections = static_cast<int>(values.integer("connections"));
    return std::make_unique<MailboxTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind mailbox_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::email
