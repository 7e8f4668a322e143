// SPDX-License-Identifier: Apache-2.0
// The settings of an account, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/xmpp/account/account_transport.h"
#include "bridges/xmpp/host_port.h"
#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/message/file_settings.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

using Kind = Setting::Kind;

constexpr int kClientPort = 5222;

constexpr std::array kSettings = {
    Setting{"jid", Kind::Text, "", "", "", "the account: \"village@chat.example\"", true, true},
    Setting{"password", Kind::SecretFile, "", "", "", "file of mode 0600 with its password", true,
            true},
    Setting{"person", Kind::Text, "", "", "",
            "handle of the person whose own account this is; empty: it is shared by all", false,
            true},
    Setting{"server", Kind::Text, "", "", "",
            "host and port of its server, \"chat.example:5222\"; else as the domain's DNS says",
            false, true},
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the server's certificate, and those of servers "
            "of files; else the system's",
            false, true},
    Setting{"certificate", Kind::Choice, "verified", "verified|any", "",
            "any: TLS with whoever answers; only where server is this machine", false, true},
    Setting{"talk", Kind::Duration, "7d", "0s..60d", "",
            "of a shared account: how long what a correspondent writes goes by itself to the "
            "person here with whom he wrote last",
            false, true},
    kMaxFileBytes,
    kUploadHosts,
};

constexpr Section kSection{"xmpp_account", true,
                           "Chat by XMPP through an account that exists: for a village without a "
                           "domain of its own, or for one person.",
                           kSettings};

AccountOptions stream_options(const SectionValues& values) {
    AccountOptions options;
    const auto jid = parse_jid(values.text("jid"));
    if (!jid.ok()) throw std::runtime_error("jid: " + jid.error().text);
    if (jid->local().empty() || !jid->is_bare())
        throw std::runtime_error("jid: an account is NAME@DOMAIN, not \"" + values.text("jid") +
                                 '"');
    options.account = *jid;
    auto password = read_secret_file(values.text("password"));
    if (!password.ok()) throw std::runtime_error(password.error().text);
    options.password = std::move(*password);
    if (values.has("server")) {
        const HostPort server = read_host_port("server", values.text("server"), kClientPort);
        options.host = server.host;
        options.port = server.port;
    }
    options.ca_file = values.text("ca_file");
    options.unverified = values.text("certificate") == "any";
    if (options.unverified && !is_this_machine(options.host))
        throw std::runtime_error(
            "certificate: any is for a server on this machine; for one of your own elsewhere name "
            "its authority in ca_file");
    return options;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    if (!has_account_streams())
        throw std::runtime_error("this Waypost was built without libstrophe: no XMPP accounts");
    AccountTransportOptions options;
    options.stream = stream_options(values);
    options.person = lower_ascii(values.text("person"));
    options.talk = std::chrono::duration_cast<std::chrono::seconds>(values.duration("talk"));
    options.incoming.files.fetch = fetch_options(values);
    return std::make_unique<AccountTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind xmpp_account_kind() { return {&kSection, make, {}, {}, true}; }

}  // namespace waypost::xmpp
