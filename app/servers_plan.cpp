// SPDX-License-Identifier: Apache-2.0
#include "app/servers_plan.h"

#include <stdexcept>

#include "app/chat_server.h"
#include "app/mail_server.h"
#include "gateway/base/log.h"
#include "gateway/base/secret.h"

namespace waypost {
namespace {

using Lines = std::map<std::string, std::string>;

// Where the image's side has them does not matter to what it is told.
constexpr char kAnywhere[] = "/var/lib/waypost-servers";

// "lmtp:inet:127.0.0.1:2424"
std::string port_of(const std::string& hop) { return hop.substr(hop.rfind(':') + 1); }

Result<void> plan_mail(const Config& config, Lines& lines) {
    const auto planned = mail_server_of(config, kAnywhere);
    if (!planned.ok()) return planned.error();
    lines["mail"] = "yes";
    lines["mail.host"] = planned->host;
    lines["mail.submission_port"] = std::to_string(planned->submission_port);
    lines["mail.submissions_port"] = std::to_string(planned->submissions_port);
    lines["mail.imap_port"] = std::to_string(planned->imap_port);
    lines["mail.imaps_port"] = std::to_string(planned->imaps_port);
    lines["mail.outside_port"] = std::to_string(planned->outside_port);
    lines["mail.mailbox_port"] = std::to_string(planned->mailbox_port);
    lines["mail.smtp"] = port_of(planned->submitted_to);
    lines["mail.lmtp"] = port_of(planned->incoming_to);
    lines["mail.max_message"] = std::to_string(planned->max_message_bytes);
    return {};
}

Result<void> plan_chat(const Config& config, Lines& lines) {
    const auto planned = chat_server_of(config, kAnywhere);
    if (!planned.ok()) return planned.error();
    const auto secret = read_secret_file(planned->secret_file);
    if (!secret.ok()) return secret.error();
    const xmpp::ChatServer& server = planned->server;
    lines["chat"] = "yes";
    lines["chat.host"] = server.host;
    lines["chat.accounts"] = server.domain;
    lines["chat.domain"] = server.component;
    lines["chat.secret"] = std::string(secret->reveal());
    lines["chat.component_port"] = std::to_string(server.component_port);
    lines["chat.port"] = std::to_string(server.port);
    lines["chat.tls_port"] = std::to_string(server.tls_port);
    lines["chat.upload_port"] = std::to_string(server.upload_port);
    lines["chat.archive_days"] = std::to_string(server.archive_days);
    lines["chat.upload_space"] = std::to_string(server.upload_space);
    lines["chat.max_file_bytes"] = std::to_string(server.max_upload_bytes);
    return {};
}

}  // namespace

Result<Lines> servers_plan(const Config& config) {
    Lines lines{{"mail", "no"}, {"chat", "no"}, {"domain", config.section("box").text("domain")}};
    if (!config.instances("mailserver").empty()) {
        if (auto planned = plan_mail(config, lines); !planned.ok()) return planned.error();
    }
    if (!config.instances("chatserver").empty()) {
        if (auto planned = plan_chat(config, lines); !planned.ok()) return planned.error();
    }
    return lines;
}

void plan_servers(const Config& config, const OwnServers* servers) {
    if (servers == nullptr) return;
    Result<void> planned = bad_input("");
    try {
        const auto lines = servers_plan(config);
        planned = lines.ok() ? servers->wish(*lines) : Result<void>(lines.error());
    } catch (const std::runtime_error& e) {
        planned = bad_input(e.what());
    }
    if (!planned.ok()) log(Level::Error, "servers", "not-planned", {{"why", planned.error().text}});
}

}  // namespace waypost
