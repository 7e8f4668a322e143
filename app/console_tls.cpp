// SPDX-License-Identifier: Apache-2.0
#include "app/console_tls.h"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "app/restore.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr char kState[] = "acme", kTries[] = "tries";
constexpr char kHttps[] = "https://";

std::runtime_error wrong(const std::string& what) {
    return std::runtime_error("[console] " + what);
}

tls::Wanted wanted_of(const std::string& certificate) {
    if (certificate == "own") return tls::Wanted::Own;
    return certificate == "acme" ? tls::Wanted::Acme : tls::Wanted::File;
}

// As it says it in the village's own network, if it does (mDNS, RFC 6762).
std::vector<std::string> local_names() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return {};
    const std::string host = lower_ascii(name.data());
    const std::string first = host.substr(0, host.find('.'));
    const bool good = std::all_of(first.begin(), first.end(),
                                  [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
    return good && !first.empty() ? std::vector<std::string>{first + ".local"}
                                  : std::vector<std::string>();
}

// Where it listens, unless that is everywhere.
std::vector<std::string> addresses_of(const std::string& listen) {
    try {
        const auto address = Poco::Net::SocketAddress(listen).host();
        if (address.isWildcard()) return {};
        return {address.toString()};
    } catch (const Poco::Exception& e) {
        throw wrong("tls_listen: " + listen + " is no address with a port: " + e.displayText());
    }
}

// The names by which the box is asked for in its own Wi-Fi, the one to be shown first.
site::PortalOptions portal_options(const Config& config) {
    site::PortalOptions portal{config.section("wifi").text("address"), local_names()};
    for (const std::string& each : config.section("console").list("names"))
        portal.names.push_back(lower_ascii(each));
    portal.names.push_back(lower_ascii(config.section("box").text("domain")));
    return portal;
}

void check_acme(const SectionValues& console, const tls::KeeperOptions& options) {
    if (!console.has("listen"))
        throw wrong(
            "certificate: an authority looks at port 80, so \"acme\" needs `listen`, "
            "\"0.0.0.0:80\"; "
            "with redirect = \"all\" nothing else is answered there");
    const auto is_local = [](const std::string& name) {
        Poco::Net::IPAddress address;
        return name.find('.') == std::string::npos ||
               Poco::Net::IPAddress::tryParse(name, address) ||
               (name.size() > 6 && name.compare(name.size() - 6, 6, ".local") == 0);
    };
    const auto local = std::find_if(options.names.begin(), options.names.end(), is_local);
    if (local != options.names.end())
        throw wrong("names: no authority gives a certificate for " + *local);
    if (options.acme.directory.rfind(kHttps, 0) != 0)
        throw wrong("acme_directory begins with https://");
}

tls::KeeperOptions keeper_options(const Config& config) {
    const SectionValues& console = config.section("console");
    tls::KeeperOptions options;
    options.wanted = wanted_of(console.text("certificate"));
    options.folder = store_file(config) + ".tls";
    for (const std::string& each : console.list("names"))
        options.names.push_back(lower_ascii(each));
    if (options.names.empty())
        options.names.push_back(lower_ascii(config.section("box").text("domain")));
    options.local_names = local_names();
    options.addresses = addresses_of(console.text("tls_listen"));
    if (options.wanted == tls::Wanted::File)
        options.certificate = config.path(console.text("certificate"));
    if (console.has("key")) options.key = config.path(console.text("key"));
    options.acme.directory = console.text("acme_directory");
    options.acme.mail = console.text("acme_mail");
    if (console.has("acme_ca_file"))
        options.acme.ca_file = config.path(console.text("acme_ca_file"));
    if (options.wanted == tls::Wanted::Acme) check_acme(console, options);
    return options;
}

}  // namespace

void check_console_tls(const Config& config) {
    if (config.section("console").has("tls_listen")) (void)keeper_options(config);
}

std::shared_ptr<tls::CertificateKeeper> certificate_keeper(const Config& config,
                                                           GatewayOffice& office) {
    if (!config.section("console").has("tls_listen")) return nullptr;
    const Box& box = office.box();
    tls::KeeperTools tools;
    tools.wall_ms = [&box] { return to_ms(box.clock.wall()); };
    tools.box_ms = [&box] { return box.box_ms(); };
    tools.time_known = [&office] { return office.time_doubt().empty(); };
    tools.chance = [&box] { return static_cast<double>(box.random.below(1000)) / 1000; };
    tools.load_state = [&box] {
        const auto text =
            box.store.read([](store::Tables& t) { return t.state.get(kState, kTries); });
        return text.ok() ? text->value_or("") : std::string();
    };
    tools.save_state = [&office](const std::string& text) {
        (void)office.decide<int>([&](Ledger& ledger) -> Result<int> {
            ledger.tables().state.put(kState, kTries, text);
            return 0;
        });
    };
    return std::make_shared<tls::CertificateKeeper>(keeper_options(config), std::move(tools));
}

site::SiteOptions site_options(const Config& config,
                               std::shared_ptr<tls::CertificateKeeper> certificates) {
    const SectionValues& console = config.section("console");
    site::SiteOptions options;
    options.listen = console.text("listen");
    options.files = config.path(console.text("files"));
    options.tls_listen = console.text("tls_listen");
    options.certificates = std::move(certificates);
    const std::string& redirect = console.text("redirect");
    if (redirect == "names") options.redirect = site::Redirect::Names;
    if (redirect == "all") options.redirect = site::Redirect::All;
    options.portal = portal_options(config);
    return options;
}

}  // namespace waypost
