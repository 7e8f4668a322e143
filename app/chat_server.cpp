// SPDX-License-Identifier: Apache-2.0
#include "app/chat_server.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "app/only_section.h"
#include "bridges/xmpp/host_port.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kSection[] = "chatserver";
constexpr char kNetwork[] = "xmpp";

std::string absolute(const std::string& path) {
    std::string full = fs::absolute(path).lexically_normal().string();
    while (full.size() > 1 && full.back() == '/') full.pop_back();
    return full;
}

// Its server is on this machine, and thus is ours.
bool is_here(const SectionValues& network) {
    const auto at = xmpp::read_host_port("server", network.text("server"));
    return xmpp::is_this_machine(at.host);
}

Result<const SectionValues*> component_of(const Config& config) {
    const SectionValues* found = nullptr;
    for (const SectionValues* each : config.instances(kNetwork)) {
        if (!is_here(*each)) continue;
        if (found != nullptr)
            return bad_input("two [xmpp.NAME] have a server on this machine; Prosody needs one");
        found = each;
    }
    if (found == nullptr)
        return bad_input(
            "Prosody needs to know the gateway: an [xmpp.NAME] with secret = \"xmpp.secret\"");
    return found;
}

std::string accounts_of(const Config& config, const SectionValues& network) {
    return lower_ascii(network.has("accounts") ? network.text("accounts")
                                               : config.section("box").text("domain"));
}

std::string component_domain(const Config& config, const SectionValues& network) {
    return lower_ascii(network.has("domain") ? network.text("domain")
                                             : "chat." + config.section("box").text("domain"));
}

// Host and certificate are known without a folder.
xmpp::ChatServer server_of(const Config& config, const SectionValues& values,
                           const SectionValues& network) {
    const auto port = [&](const char* key) { return static_cast<int>(values.integer(key)); };
    xmpp::ChatServer s;
    s.domain = accounts_of(config, network);
    s.component = component_domain(config, network);
    s.listen = values.text("listen");
    s.wifi = config.section("wifi").text("address");
    s.host = values.has("host") ? values.text("host") : s.listen;
    // An address with colons would need brackets in some places and not in others.
    if (s.host.empty() || s.host.find(':') != std::string::npos) s.host = s.domain;
    s.port = port("port");
    s.tls_port = port("tls_port");
    s.upload_port = port("upload_port");
    s.component_port = xmpp::read_host_port("server", network.text("server")).port;
    const std::string sign_in = absolute(config.path(values.text("sign_in")));
    if (!config.instances("mailserver").empty()) s.sign_in = sign_in;
    s.own_certificate = !values.has("certificate");
    s.certificate = s.own_certificate ? sign_in + "/certificate.pem"
                                      : absolute(config.path(values.text("certificate")));
    s.private_key = s.own_certificate ? sign_in + "/key.pem"
                                      : absolute(config.path(values.text("private_key")));
    s.outside = values.boolean("outside");
    s.admins = values.list("admins");
    s.archive_days = port("archive_days");
    const auto most = static_cast<std::uint64_t>(network.bytes("max_file_bytes"));
    if (most > 0) s.max_upload_bytes = most;
    s.upload_space = static_cast<std::uint64_t>(values.bytes("upload_space"));
    s.log_to_files = values.text("log") == "files";
    return s;
}

}  // namespace

Result<PlannedChatServer> chat_server_of(const Config& config, const std::string& folder) {
    const SectionValues* values = only_section(config, kSection);
    if (values == nullptr) return bad_input("the configuration has no [chatserver.NAME]");
    const auto network = component_of(config);
    if (!network.ok()) return network.error();
    if (const auto given = has_certificate(*values); !given.ok()) return given.error();
    PlannedChatServer planned;
    planned.server = server_of(config, *values, **network);
    planned.server.folder = absolute(folder);
    planned.secret_file = absolute(config.path((*network)->text("secret")));
    if (auto good = xmpp::check(planned.server); !good.ok()) return good.error();
    return planned;
}

std::string chat_sign_in(const Config& config) {
    const SectionValues* values = only_section(config, kSection);
    return values == nullptr ? std::string() : absolute(config.path(values->text("sign_in")));
}

ChatServerFill fill_from_chat_server(const Config& config, const SectionValues& values) {
    const SectionValues* own = only_section(config, kSection);
    if (own == nullptr || !is_here(values)) return {};
    const xmpp::ChatServer server = server_of(config, *own, values);
    auto near = values.list("upload_hosts");
    if (std::find(near.begin(), near.end(), xmpp::upload_host(server)) == near.end())
        near.push_back(xmpp::upload_host(server));
    ChatServerFill fill{{{"domain", server.component}, {"accounts", server.domain}},
                        {{"upload_hosts", std::move(near)}}};
    // Before `chat-server write` there is none, and a name that leads nowhere would end every
    // fetch.
    std::error_code unknown;
    if (!values.has("ca_file") && server.own_certificate && fs::exists(server.certificate, unknown))
        fill.text["ca_file"] = server.certificate;
    return fill;
}

void check_chat_server(const Config& config) {
    if (only_section(config, kSection) == nullptr) return;
    const auto planned = chat_server_of(config, "/");
    if (!planned.ok()) throw std::runtime_error(planned.error().text);
}

}  // namespace waypost
