// SPDX-License-Identifier: Apache-2.0
// The settings of mail, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/email/email_transport.h"
#include "bridges/email/mime/mail_attachment.h"

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
        "the villager that From and envelope name: [\"127.0.0.1/32\"]",
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
            "PEM file of the authority that signed the certificate of the smarthost, with direct "
            "those of mail hosts under MTA-STS and of their policies; else the system's",
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
    Setting{"direct", Kind::Boolean, "false", "", "",
            "without a smarthost: straight to each domain's own mail hosts, by DNS and MTA-STS",
            false, true},
    Setting{"host_name", Kind::Text, "", "", "",
            "with direct: this machine's name in EHLO, as its address resolves backwards; else the "
            "box's domain",
            false, true},
    Setting{"nameserver", Kind::Text, "", "", "",
            "with direct: the name server to ask, \"127.0.0.1:5353\"; else the system's", false,
            true},
    Setting{"direct_domains", Kind::Integer, "32", "1..256", "",
            "with direct: domains that are sent to at once", false, true},
    Setting{"direct_port", Kind::Integer, "25", "1..65535", "",
            "with direct: port of the mail hosts; another than 25 is for tests only", false, true},
    Setting{"mta_sts_port", Kind::Integer, "443", "1..65535", "",
            "with direct: port of the servers of MTA-STS policies; another than 443 is for tests "
            "only",
            false, true},
    Setting{"dkim_selector", Kind::Text, "", "", "",
            "signs mail from our domain; the key's public half stands in the DNS as "
            "SELECTOR._domainkey.DOMAIN",
            false, true},
    Setting{"dkim_key", Kind::SecretFile, "", "", "",
            "file of mode 0600 with the private key in PEM, RSA or Ed25519", false, true},
    Setting{"dkim_domain", Kind::Text, "", "", "", "domain that signs; else the box's", false,
            true},
    Setting{"srs_secret", Kind::SecretFile, "", "", "",
            "file of mode 0600; with it the envelope senders of forwarded mail become addresses of "
            "ours (SRS), and bounces to them go on to the senders",
            false, true},
};

constexpr Section kSection{"email", true, "Mail in and out.", kSettings};

RelayTarget relay(const char* key, const std::string& text) {
    auto target = parse_relay(text);
    if (!target.ok()) throw std::runtime_error(std::string(key) + ": " + target.error().text);
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

std::optional<DirectOptions> direct(const SectionValues& values) {
    if (!values.boolean("direct")) return std::nullopt;
    if (values.has("smarthost"))
        throw std::runtime_error("direct and smarthost: mail goes one of the two ways");
    DirectOptions options;
    options.nameserver = values.text("nameserver");
    options.host_name = values.text("host_name");
    options.port = static_cast<int>(values.integer("direct_port"));
    options.most_domains = static_cast<int>(values.integer("direct_domains"));
    options.ca_file = options.policies.ca_file = values.text("ca_file");
    options.policies.port = static_cast<int>(values.integer("mta_sts_port"));
    return options;
}

Secret secret(const SectionValues& values, std::string_view key) {
    if (!values.has(key)) return {};
    auto read = read_secret_file(values.text(key));
    if (!read.ok()) throw std::runtime_error(std::string(key) + ": " + read.error().text);
    return std::move(*read);
}

void sign_and_rewrite(const SectionValues& values, EmailOptions& options) {
    options.dkim_selector = values.text("dkim_selector");
    options.dkim_domain = values.text("dkim_domain");
    options.dkim_key = secret(values, "dkim_key");
    if (options.dkim_selector.empty() != options.dkim_key.empty())
        throw std::runtime_error("dkim_selector and dkim_key: signing needs both");
    if (!options.dkim_key.empty()) DkimSigner::check_key(options.dkim_key);
    options.srs_secret = secret(values, "srs_secret");
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    EmailOptions options;
    options.listeners = listeners(values);
    options.autocrypt = values.boolean("autocrypt");
    options.connections = static_cast<int>(values.integer("connections"));
    if (values.has("smarthost")) {
        options.smarthost = relay("smarthost", values.text("smarthost"));
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
        if (!values.has("password_file"))
            throw std::runtime_error("password_file: a user needs a password");
        options.login.user = values.text("user");
        options.login.password = secret(values, "password_file");
    }
    options.direct = direct(values);
    sign_and_rewrite(values, options);
    for (const std::string& entry : values.list("relay")) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos)
            throw std::runtime_error(entry + ": relay is domain=lmtp:host:port");
        RelayTarget target = relay("relay", entry.substr(equals + 1));
        if (target.security != RelayTarget::Security::Tls)
            target.security = RelayTarget::Security::Plain;
        options.relays[entry.substr(0, equals)] = target;
    }
    return std::make_unique<EmailTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind email_kind() { return {&kSection, make, {}, open_mail_attachment, true}; }

}  // namespace waypost::email
