// SPDX-License-Identifier: Apache-2.0
#include "village_servers.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace waypost::interop {
namespace {

std::string quoted(const std::string& argument) { return '\'' + argument + '\''; }

}  // namespace

std::string VillagePorts::toml(const std::string& more) const {
    const auto port = [](const char* key, int number) {
        return std::string(key) + " = " + std::to_string(number) + '\n';
    };
    return "[email.village]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(smtp) +
           "\", \"lmtp:127.0.0.1:" + std::to_string(lmtp) + "\"]\ntrusted = [\"127.0.0.1/32\"]\n" +
           more + "[mailserver.box]\nlisten = \"127.0.0.1\"\nlog = \"files\"\n" +
           port("submission_port", submission) + port("submissions_port", submissions) +
           port("imap_port", imap) + port("imaps_port", imaps) + port("outside_port", outside) +
           port("mailbox_port", mailbox);
}

VillageServers::VillageServers(std::string folder, const std::string& config, const VillagePorts&)
    : folder_(std::move(folder)) {
    shell("id vmail >/dev/null || useradd -r -s /usr/sbin/nologin vmail");
    written_ = shell(std::string(WAYPOST_BIN) + "/waypost --config " + config +
                     " mail-server write " + folder_);
    start_dovecot();
    shell("postfix -c " + folder_ + "/postfix start > /dev/null 2>&1");
}

VillageServers::~VillageServers() {
    [[maybe_unused]] int stopped =
        std::system(("postfix -c " + folder_ + "/postfix stop > /dev/null 2>&1").c_str());
    stopped = std::system(
        ("doveadm -c " + folder_ + "/dovecot/dovecot.conf stop > /dev/null 2>&1").c_str());
}

void VillageServers::start_dovecot() const {
    shell("dovecot -c " + folder_ + "/dovecot/dovecot.conf > /dev/null 2>&1");
}

void VillageServers::stop_dovecot() const {
    shell("doveadm -c " + folder_ + "/dovecot/dovecot.conf stop > /dev/null 2>&1");
}

void VillageServers::flush() const { shell("postqueue -c " + folder_ + "/postfix -f"); }

std::string VillageServers::log() const {
    return contents(folder_ + "/log/postfix.log") + contents(folder_ + "/log/dovecot.log");
}

Said MailProgram::run(const std::vector<std::string>& arguments, const std::string& input) const {
    std::string line =
        "printf %s " + quoted(input) + " | SOURCE=" + source_ + " timeout 30 python3 " MAIL_PROGRAM;
    for (const std::string& each : arguments) line += ' ' + quoted(each);
    try {
        std::string text = shell(line);
        if (!text.empty() && text.back() == '\n') text.pop_back();
        return {true, text};
    } catch (const std::runtime_error& e) {
        return {false, e.what()};
    }
}

Said MailProgram::send(int port, const std::string& security, const std::string& from,
                       const std::string& to, const std::string& text,
                       const std::vector<std::string>& headers) const {
    std::vector<std::string> arguments{
        "send", "127.0.0.1", std::to_string(port), security, user_, password_, from, to};
    arguments.insert(arguments.end(), headers.begin(), headers.end());
    return run(arguments, text);
}

Said MailProgram::send(const std::string& from, const std::string& to, const std::string& text,
                       const std::vector<std::string>& headers) const {
    return send(ports_.submission, "starttls", from, to, text, headers);
}

Said MailProgram::send_by_tls(const std::string& from, const std::string& to,
                              const std::string& text) const {
    return send(ports_.submissions, "tls", from, to, text, {});
}

Said MailProgram::read() const {
    return run({"read", "127.0.0.1", std::to_string(ports_.imaps), "tls", user_, password_}, {});
}

Said MailProgram::read_by_starttls() const {
    return run({"read", "127.0.0.1", std::to_string(ports_.imap), "starttls", user_, password_},
               {});
}

int MailProgram::count(const std::string& words) const {
    const std::string all = read().text;
    int found = 0;
    for (std::size_t at = all.find(words); at != std::string::npos; at = all.find(words, at + 1))
        ++found;
    return found;
}

}  // namespace waypost::interop
