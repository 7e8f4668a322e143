// SPDX-License-Identifier: Apache-2.0
// The settings of mail, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/email/email_transport.h"

namespace waypost::email {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"listen", Kind::List, "", "", "",
            "where mail comes in: \"smtp:127.0.0.1:2525\", \"lmtp:127.0.0.1:2424\", "
            "\"lmtp:/run/waypost/lmtp.sock\"",
            false, true},
    Setting{
        "trusted", Kind::List, "", "", "",
        "networks (CIDR) whose clients may send to the outside; by SMTP they are believed to be "
        "the villager that From names: [\"127.0.0.1/32\"]",
        false, true},
    Setting{"certificate", Kind::Path, "", "", "", "PEM certificate for STARTTLS", false, true},
    Setting{"private_key", Kind::Path, "", "", "", "PEM key of the certificate", false, true},
    Setting{"authserv_id", Kind::Text, "", "", "",
            "name of the server in front whose Authentication-Results are believed", false, true},
    Setting{"max_message", Kind::Bytes, "20MiB", "1KiB..1GiB", "bytes", "larger mails are refused",
            false, true},
    Setting{"max_sessions", Kind::Integer, "50", "1..1000", "", "connections at once", false, true},
    Setting{
        "smarthost", Kind::Text, "", "", "",
        "relay for outgoing mail: \"smtp:mail.example.org:587\", \"smtps:mail.example.org:465\"",
        false, true},
    Setting{"security", Kind::Choice, "starttls", "plain|starttls|tls", "",
            "of the smarthost; plain only on this machine or a trusted wire", false, true},
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the smarthost's certificate; else the system's",
            false, true},
    Setting{"user", Kind::Text, "", "", "", "user name at the smarthost", false, true},
    Setting{"password_file", Kind::SecretFile, "", "", "", "file of mode 0600 with the password",
            false, true},
    Setting{"connections", Kind::Integer, "4", "1..64", "", "connections to each relay at once",
            false, true},
    Setting{"autocrypt", Kind::Boolean, "true", "", "",
            "keys for the addresses of the box: mail is opened and sealed here, and Delta Chat can "
            "write to radios",
            false, true},
    Setting{"relay", Kind::List, "", "", "",
            "own relay for a domain: [\"village.example=lmtp:127.0.0.1:24\"]", false, true},
};

constexpr Section kSection{"email", true, "Mail in and out.", kSettings};

RelayTarget relay(const std::string& text) {
    auto target = parse_relay(text);
    if (!target.ok()) throw std::runtime_error(target.error().text);
    return *target;
}

std::vector<ListenerOptions> listeners(const SectionValues& values) {
    std::vector<IpNetwork> networks;
    for (const std::string& network : values.list("trusted")) {
        auto parsed = IpNetwork::parse(network);
        if (!parsed.ok()) throw std::runtime_error("trusted: " + parsed.error().text);
        networks.push_back(std::move(*parsed));
    }
    std::vector<ListenerOptions> all;
    for (const std::string& address : values.list("listen")) {
        ListenerOptions one;
        one.address = address;
        one.trusted = networks;
        one.certificate = values.text("certificate");
        one.private_key = values.text("private_key");
        one.authserv_id = values.text("authserv_id");
        one.max_message_bytes = static_cast<std::size_t>(values.bytes("max_message"));
        one.max_sessions = static_cast<int>(values.integer("max_sessions"));
        if (address.rfind("smtp:", 0) != 0 && address.rfind("lmtp:", 0) != 0) {
            throw std::runtime_error(
                address + ": listen takes smtp:ADDRESS:PORT, lmtp:ADDRESS:PORT or lmtp:/PATH");
        }
        all.push_back(one);
    }
    return all;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    EmailOptions options;
    options.listeners = listeners(values);
    options.autocrypt = values.boolean("autocrypt");
    options.connections = static_cast<int>(values.integer("connections"));
    if (values.has("smarthost")) {
        options.smarthost = relay(values.text("smarthost"));
        const std::string& security = values.text("security");
        using Security = RelayTarget::Security;
        if (options.smarthost.security != Security::Tls) {
            options.smarthost.security = security == "plain" ? Security::Plain
                                         : security == "tls" ? Security::Tls
                                                             : Security::StartTls;
        }
        options.smarthost.ca_file = values.text("ca_file");
    }
    if (values.has("user")) {
        auto password = read_secret_file(values.text("password_file"));
        if (!password.ok()) throw std::runtime_error(password.error().text);
        options.login.user = values.text("user");
        options.login.password = std::move(*password);
    }
    for (const std::string& entry : values.list("relay")) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos)
            throw std::runtime_error(entry + ": relay is domain=lmtp:host:port");
        RelayTarget target = relay(entry.substr(equals + 1));
        if (target.security != RelayTarget::Security::Tls)
            target.security = RelayTarget::Security::Plain;
        options.relays[entry.substr(0, equals)] = target;
    }
    return std::make_unique<EmailTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind email_kind() { return {&kSection, make, {}}; }

}  // namespace waypost::email
