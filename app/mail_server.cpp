// SPDX-License-Identifier: Apache-2.0
#include "app/mail_server.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "app/chat_server.h"
#include "app/only_section.h"
#include "gateway/base/ip_network.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kSection[] = "mailserver";
constexpr char kLoopback[] = "127.0.0.1";

std::string absolute(const std::string& path) {
    return fs::absolute(path).lexically_normal().string();
}

bool trusts_this_machine(const SectionValues& mail) {
    const auto& networks = mail.list("trusted");
    return std::any_of(networks.begin(), networks.end(), [](const std::string& each) {
        const auto network = IpNetwork::parse(each);
        return network.ok() && network->holds(Poco::Net::IPAddress(kLoopback));
    });
}

// Where Postfix hands over, as transport(5) writes it: what villagers send to the SMTP listener
// that believes this machine, what comes from outside to the LMTP listener, which believes nobody.
struct HandOver {
    std::string submitted_to;
    std::string incoming_to;
    std::uint64_t max_message_bytes = 0;
};

void look_at_listener(const std::string& listen, bool trusted, HandOver& out) {
    const std::string rest = listen.substr(std::min<std::size_t>(5, listen.size()));
    const std::string on_loopback = std::string(kLoopback) + ':';
    if (listen.rfind("smtp:" + on_loopback, 0) == 0 && trusted && out.submitted_to.empty()) {
        out.submitted_to = "smtp:[" + std::string(kLoopback) + "]:" + rest.substr(10);
    } else if (listen.rfind("lmtp:/", 0) == 0 && out.incoming_to.empty()) {
        out.incoming_to = "lmtp:unix:" + rest;
    } else if (listen.rfind("lmtp:" + on_loopback, 0) == 0 && out.incoming_to.empty()) {
        out.incoming_to = "lmtp:inet:" + rest;
    }
}

Result<HandOver> hand_over_of(const Config& config) {
    HandOver out;
    for (const SectionValues* mail : config.instances("email")) {
        const bool trusted = trusts_this_machine(*mail);
        for (const std::string& listen : mail->list("listen"))
            look_at_listener(listen, trusted, out);
        const auto most = static_cast<std::uint64_t>(mail->bytes("max_message"));
        out.max_message_bytes =
            out.max_message_bytes == 0 ? most : std::min(out.max_message_bytes, most);
    }
    if (out.submitted_to.empty() || out.incoming_to.empty()) {
        return bad_input(
            "Postfix needs two ways to hand over: an [email.NAME] with listen = "
            "[\"smtp:127.0.0.1:2525\", \"lmtp:127.0.0.1:2424\"] and trusted = [\"127.0.0.1/32\"]");
    }
    return out;
}

}  // namespace

Result<email::MailServer> mail_server_of(const Config& config, const std::string& folder) {
    const SectionValues* values = only_section(config, kSection);
    if (values == nullptr) return bad_input("the configuration has no [mailserver.NAME]");
    const auto hand_over = hand_over_of(config);
    if (!hand_over.ok()) return hand_over.error();
    const auto port = [&](const char* key) { return static_cast<int>(values->integer(key)); };
    email::MailServer s;
    s.domain = lower_ascii(config.section("box").text("domain"));
    s.host = values->has("host") ? values->text("host") : "mail." + s.domain;
    s.folder = absolute(folder);
    while (s.folder.size() > 1 && s.folder.back() == '/') s.folder.pop_back();
    s.listen = values->text("listen");
    if (const SectionValues& wifi = config.section("wifi"); wifi.has("address"))
        s.addresses.push_back(wifi.text("address"));
    s.submission_port = port("submission_port");
    s.submissions_port = port("submissions_port");
    s.imap_port = port("imap_port");
    s.imaps_port = port("imaps_port");
    s.outside_port = port("outside_port");
    s.mailbox_port = port("mailbox_port");
    s.submitted_to = hand_over->submitted_to;
    s.incoming_to = hand_over->incoming_to;
    s.max_message_bytes = hand_over->max_message_bytes;
    s.passwords = absolute(config.path(values->text("passwords")));
    s.mail = absolute(config.path(values->text("mail")));
    s.mail_user = values->text("mail_user");
    s.log_to_files = values->text("log") == "files";
    s.chat_sign_in = chat_sign_in(config);
    const auto given = has_certificate(*values);
    if (!given.ok()) return given.error();
    s.certificate =
        *given ? absolute(config.path(values->text("certificate"))) : s.folder + "/certificate.pem";
    s.private_key =
        *given ? absolute(config.path(values->text("private_key"))) : s.folder + "/key.pem";
    if (auto good = email::check(s); !good.ok()) return good.error();
    return s;
}

std::unique_ptr<email::PasswordFile> password_file_of(const Config& config) {
    const SectionValues* values = only_section(config, kSection);
    if (values == nullptr) return nullptr;
    return std::make_unique<email::PasswordFile>(absolute(config.path(values->text("passwords"))),
                                                 values->text("passwords_group"),
                                                 absolute(config.path(values->text("mail"))));
}

std::vector<email::PasswordLine> password_lines(const std::vector<MailAccount>& accounts) {
    std::vector<email::PasswordLine> lines;
    for (const MailAccount& each : accounts) lines.push_back({each.handle, each.folder, each.hash});
    return lines;
}

}  // namespace waypost
