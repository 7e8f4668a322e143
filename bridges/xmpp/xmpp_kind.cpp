// SPDX-License-Identifier: Apache-2.0
// The settings of XMPP, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/xmpp/host_port.h"
#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/message/file_settings.h"
#include "bridges/xmpp/xmpp_transport.h"

namespace waypost::xmpp {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"server", Kind::Text, "127.0.0.1:5347", "", "",
            "host and port at which the XMPP server takes components; on this machine, for this "
            "connection has no TLS",
            false, true},
    Setting{"secret", Kind::SecretFile, "", "", "",
            "file of mode 0600 with the secret that the server knows for this component", true,
            true},
    Setting{"domain", Kind::Text, "", "", "",
            "domain of the component, at which everybody here has an address: ana@DOMAIN; else the "
            "box's",
            false, true},
    Setting{"accounts", Kind::Text, "", "", "",
            "domain on this server whose accounts bear the names of people here: ana's account is "
            "Ana's; only where nobody can take another's name",
            false, true},
    kMaxFileBytes,
    kUploadHosts,
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the certificates of servers of files; else the "
            "system's",
            false, true},
};

constexpr Section kSection{"xmpp", true, "Chat by XMPP, as a component of a server.", kSettings};

std::string domain_of(const SectionValues& values, std::string_view key) {
    if (!values.has(key)) return {};
    const auto jid = parse_jid(values.text(key));
    if (!jid.ok()) throw std::runtime_error(std::string(key) + ": " + jid.error().text);
    if (!jid->is_domain())
        throw std::runtime_error(std::string(key) + ": a domain is wanted, not an address");
    return jid->domain();
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    XmppOptions options;
    const HostPort server = read_host_port("server", values.text("server"));
    options.host = server.host;
    options.port = server.port;
    auto secret = read_secret_file(values.text("secret"));
    if (!secret.ok()) throw std::runtime_error(secret.error().text);
    options.secret = std::move(*secret);
    options.domain = domain_of(values, "domain");
    options.accounts = domain_of(values, "accounts");
    if (!options.accounts.empty() && options.accounts == options.domain)
        throw std::runtime_error(
            "accounts: accounts of people cannot be at the component's own domain");
    options.incoming.files.fetch = fetch_options(values);
    return std::make_unique<XmppTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind xmpp_kind() { return {&kSection, make, {}, open_file_original, true}; }

}  // namespace waypost::xmpp
