// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/xmpp/xmpp_servers.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartTime{150};  // ejabberd on a busy machine
constexpr std::chrono::seconds kStopTime{20};

bool answers(int port) {
    const int fd = connect_on_loopback(port);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

// Leads a group, since ejabberdctl is a script before the machine that it runs.
pid_t spawn(std::vector<std::string> words, const std::string& log) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    pid_t pid = -1;
    const int error =
        ::posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0)
        throw std::runtime_error("cannot start " + words[0] + "; ./dev setup installs it");
    return pid;
}

bool gone(pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) == pid; }

}  // namespace

void XmppServer::start() {
    pid_ = spawn(command(), folder_ / "output");
    const bool up =
        eventually([&] { return answers(component_port_) && answers(client_port_); }, kStartTime);
    if (!up)
        throw std::runtime_error("no XMPP server came up: " + contents(folder_ / "output") + log());
}

void XmppServer::end(int signal) {
    if (pid_ < 0) return;
    if (signal != 0) ::kill(-pid_, signal);
    const bool ended = eventually([&] { return gone(pid_); }, kStopTime);
    ::kill(-pid_, SIGKILL);  // whatever is left of the group
    if (!ended) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    eventually([&] { return !answers(component_port_); }, kStopTime);
}

void XmppServer::stop() { end(SIGTERM); }
void XmppServer::kill9() { end(SIGKILL); }

Prosody::Prosody(const std::string& more, std::string domain, std::string certificate)
    : XmppServer(more),
      domain_(std::move(domain)),
      certificate_(certificate.empty() ? folder_ / domain_ : std::move(certificate)) {
    const std::string& file = certificate_;
    if (!fs::exists(file + ".crt"))
        shell("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=" + domain_ +
              " -addext subjectAltName=DNS:" + domain_ + " -keyout " + file + ".key -out " + file +
              ".crt");
    std::ofstream(folder_ / "prosody.cfg.lua")
        << "pidfile = '" << folder_ / "prosody.pid"
        << "'; data_path = '" << folder_ / "data"
        << "'\n"
        << "run_as_root = true\n"
        << "interfaces = { '127.0.0.1' }; local_interfaces = { '127.0.0.1' }\n"
        << "c2s_ports = { " << client_port_ << " }; c2s_direct_tls_ports = { }\n"
        << "legacy_ssl_ports = { }; http_ports = { }; https_ports = { }; proxy65_ports = { }\n"
        << "component_ports = { " << component_port_
        << " }; component_interfaces = { '127.0.0.1' }\n"
        << "modules_enabled = { 'roster', 'saslauth', 'tls', 'disco', 'posix', 'private', "
           "'blocklist', 'vcard4', 'vcard_legacy', 'pep', 'carbons', 'smacks', 'ping', 'register', "
           "'offline', 'csi_simple', 'privilege', 'delegation' }\n"
        << "modules_disabled = { 's2s' }\n"
        << "allow_registration = true\n"
        << "c2s_require_encryption = false; allow_unencrypted_plain_auth = true\n"
        << "authentication = 'internal_hashed'; storage = 'internal'\n"
        << "log = { { levels = { min = 'info' }, to = 'file', filename = '"
        << folder_ / "prosody.log"
        << "' } }\n"
        << more_ << '\n'
        << "VirtualHost '" << domain_ << "'\n"
        << "  ssl = { certificate = '" << file << ".crt'; key = '" << file << ".key' }\n"
        << "Component 'conference." << domain_ << "' 'muc'\n"
        << "Component '" << component() << "'\n  component_secret = 'gwsecret'\n";
    fs::create_directory(folder_ / "data");
    start();
}

Prosody::~Prosody() { end(SIGTERM); }

std::vector<std::string> Prosody::command() const {
    return {"prosody", "--config", folder_ / "prosody.cfg.lua", "-F"};
}

void Prosody::add_user(const std::string& name) {
    shell("prosodyctl --config " + (folder_ / "prosody.cfg.lua") + " register " + name + ' ' +
          domain_ + " pw-" + name);
}

Ejabberd::Ejabberd(const std::string& more) : XmppServer(more) {
    std::ofstream(folder_ / "ejabberd.yml")
        << "loglevel: info\nhosts: [ej.test]\nlisten:\n"
        << "  - { port: " << client_port_
        << ", ip: \"127.0.0.1\", module: ejabberd_c2s, starttls: false, shaper: none, access: c2s "
           "}\n"
        << "  - { port: " << component_port_
        << ", ip: \"127.0.0.1\", module: ejabberd_service, shaper_rule: none,\n"
        << "      hosts: { \"gw.ej.test\": { password: gwsecret } } }\n"
        << "auth_method: [internal]\nauth_password_format: scram\n"
        << "acl: { local: { user_regexp: \"\" } }\n"
        << "access_rules: { c2s: { allow: all }, local: { allow: local }, register: { allow: all } "
           "}\n"
        << "sql_type: sqlite\nsql_database: \"" << folder_ / "spool/offline.db"
        << "\"\n"
        << "modules: { mod_disco: {}, mod_offline: { db_type: sql }, mod_ping: {}, mod_roster: {}, "
           "mod_carboncopy: {},\n"
        << "  mod_stream_mgmt: {}, mod_vcard: {}, mod_register: { access: register, ip_access: all "
           "} }\n"
        << more_ << '\n';
    std::ofstream(folder_ / "ejabberdctl.cfg")
        << "ERLANG_NODE=ejtest@localhost\nINET_DIST_INTERFACE=127.0.0.1\n";
    for (const char* each : {"log", "spool"}) fs::create_directory(folder_ / each);
    shell("python3 -c \"import sqlite3; sqlite3.connect('" + (folder_ / "spool/offline.db") +
          "').executescript(open('/usr/share/ejabberd/sql/lite.sql').read())\"");
    shell("cp /etc/ejabberd/inetrc " + folder_.path() + " && chown -R ejabberd:ejabberd " +
          folder_.path());
    start();
}

Ejabberd::~Ejabberd() {
    end(SIGTERM);
    // The names daemon of Erlang stays behind. It has a port of its own, so it is ours; it goes
    // once it has seen that its node went.
    eventually([this] {
        [[maybe_unused]] const int ignored = std::system(
            ("epmd -port " + std::to_string(epmd_port_) + " -kill >/dev/null 2>&1").c_str());
        return !answers(epmd_port_);
    });
}

void Ejabberd::stop() {
    shell("cd / && " + control() + "stop");
    end(0);
}

std::string Ejabberd::control() const {
    const std::string f = folder_.path();
    return "setpriv --reuid=ejabberd --regid=ejabberd --init-groups env HOME=" + f +
           "/spool ERL_EPMD_PORT=" + std::to_string(epmd_port_) +
           " ERL_EPMD_ADDRESS=127.0.0.1 ejabberdctl --config-dir " + f + " --config " + f +
           "/ejabberd.yml --ctl-config " + f + "/ejabberdctl.cfg --logs " + f + "/log --spool " +
           f + "/spool --node ejtest@localhost ";
}

std::vector<std::string> Ejabberd::command() const {
    return {"sh", "-c", "cd / && exec " + control() + "foreground"};
}

void Ejabberd::add_user(const std::string& name) {
    shell("cd / && " + control() + "register " + name + " ej.test pw-" + name);
}

}  // namespace waypost::interop
