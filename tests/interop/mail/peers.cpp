// SPDX-License-Identifier: Apache-2.0
#include "peers.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "gateway/base/random.h"

namespace waypost::interop {
namespace fs = std::filesystem;

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string shell(const std::string& command) {
    const std::string all = "( " + command + " ) 2>&1";
    FILE* pipe = ::popen(all.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string output;
    char bytes[4096];
    while (const std::size_t got = std::fread(bytes, 1, sizeof bytes, pipe))
        output.append(bytes, got);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + output);
    return output;
}

bool eventually(const std::function<bool()>& is, std::chrono::seconds within) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < end) {
        if (is()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return is();
}

Folder::Folder()
    : path_((fs::temp_directory_path() / ("waypost-interop-" + system_random()->hex(4))).string()) {
    fs::create_directory(path_);
    fs::permissions(path_, fs::perms(0755));
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Dovecot::Dovecot(const Folder& folder, const Ports& ports, const std::string& more)
    : folder_(folder), conf_(folder / "dovecot.conf") {
    fs::create_directories(folder / "mail");
    shell("id vmail >/dev/null || useradd -r -s /usr/sbin/nologin vmail; chown vmail " +
          folder / "mail");
    shell(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout " +
        folder / "mail.key" + " -out " + folder / "mail.crt");
    std::ofstream(conf_)
        << "base_dir = " << folder / "dcrun"
        << "\nstate_dir = " << folder / "dcrun"
        << "\nlog_path = " << folder / "dovecot.log"
        << "\nprotocols = imap lmtp\nlisten = 127.0.0.1\nssl = yes\nssl_cert = <"
        << folder / "mail.crt"
        << "\nssl_key = <" << folder / "mail.key"
        << "\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\n"
        << "mail_location = maildir:" << folder / "mail"
        << "/%u\nmail_uid = vmail\nmail_gid = vmail\nfirst_valid_uid = 1\n"
        << "passdb {\n  driver = static\n  args = password=pw\n}\nuserdb {\n  driver = static\n  "
           "args = uid=vmail gid=vmail home="
        << folder / "mail"
        << "/%u allow_all_users=yes\n}\nservice lmtp {\n  inet_listener lmtp {\n    address = "
           "127.0.0.1\n    port = "
        << ports.mailbox
        << "\n  }\n}\nservice auth {\n  inet_listener sasl {\n    address = 127.0.0.1\n    port = "
        << ports.sasl
        << "\n  }\n}\nservice imap-login {\n  inet_listener imap {\n    port = 0\n  }\n  "
           "inet_listener "
           "imaps {\n    address = 127.0.0.1\n    port = "
        << ports.imaps << "\n    ssl = yes\n  }\n}\n"
        << more;
    shell("dovecot -c " + conf_ + " > /dev/null 2>&1");
}

Dovecot::~Dovecot() {
    [[maybe_unused]] const int stopped =
        std::system(("doveadm -c " + conf_ + " stop > /dev/null 2>&1").c_str());
}

std::vector<std::string> Dovecot::mails(const std::string& user) const {
    std::vector<std::string> all;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder_ / "mail/" + user + "/new", none)) {
        all.push_back(contents(entry.path().string()));
    }
    return all;
}

Postfix::Postfix(const Folder& folder, const Ports& ports,
                 const std::map<std::string, std::string>& changed)
    : folder_(folder), conf_(folder / "pf") {
    for (const char* each : {"pf", "queue", "data", "log"}) fs::create_directories(folder / each);
    shell("chown postfix " + folder / "data");
    const std::string lmtp = "lmtp:inet:127.0.0.1:";
    std::map<std::string, std::string> settings = {
        {"compatibility_level", "3.6"},
        {"queue_directory", folder / "queue"},
        {"data_directory", folder / "data"},
        {"command_directory", "/usr/sbin"},
        {"daemon_directory", "/usr/lib/postfix/sbin"},
        {"mail_owner", "postfix"},
        {"setgid_group", "postdrop"},
        {"myhostname", "mail.hill.test"},
        {"mydestination", ""},
        {"inet_interfaces", "127.0.0.1"},
        {"inet_protocols", "ipv4"},
        {"mynetworks", "127.0.0.0/8"},
        {"maillog_file", folder / "log/postfix.log"},
        {"maillog_file_prefixes", "/var, /tmp"},
        {"alias_maps", ""},
        {"local_recipient_maps", ""},
        {"relay_domains", "village.test, out.test"},
        {"transport_maps", "inline:{{ village.test = " + lmtp + std::to_string(ports.box_lmtp) +
                               " }, { out.test = " + lmtp + std::to_string(ports.box_lmtp) +
                               " }, { hill.test = " + lmtp + std::to_string(ports.mailbox) +
                               " }, { gone.test = " + lmtp + std::to_string(ports.box_lmtp) +
                               " }}"},
        {"virtual_mailbox_domains", "hill.test"},
        {"virtual_mailbox_maps", "static:ok"},
        {"recipient_delimiter", "+"},
        {"smtpd_sasl_type", "dovecot"},
        {"smtpd_sasl_path", "inet:127.0.0.1:" + std::to_string(ports.sasl)},
        {"smtpd_tls_security_level", "may"},
        {"smtpd_tls_cert_file", folder / "mail.crt"},
        {"smtpd_tls_key_file", folder / "mail.key"},
        {"smtpd_recipient_restrictions",
         "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"},
        {"smtpd_peername_lookup", "no"},
        {"smtp_dns_support_level", "disabled"},
        {"smtputf8_enable", "yes"},
        {"queue_run_delay", "2s"},
        {"message_size_limit", "0"},
        {"minimal_backoff_time", "2s"},
        {"maximal_backoff_time", "4s"},
    };
    // A setting must not stand there twice: each process would warn, and ten warnings before
    // postlogd first reads are more than its socket holds, its own among them, and all stand still.
    for (const auto& [name, value] : changed) settings[name] = value;
    {
        std::ofstream main_cf(conf_ + "/main.cf");
        for (const auto& [name, value] : settings) main_cf << name << " = " << value << '\n';
    }
    std::istringstream package(contents("/usr/share/postfix/master.cf.dist").empty()
                                   ? contents("/etc/postfix/master.cf")
                                   : contents("/usr/share/postfix/master.cf.dist"));
    std::ofstream master(conf_ + "/master.cf");
    master << "127.0.0.1:" << ports.mx << " inet n - n - - smtpd\n127.0.0.1:" << ports.submission
           << " inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o "
              "smtpd_client_restrictions=permit_sasl_authenticated,reject\n";
    for (std::string line; std::getline(package, line);) {
        std::istringstream fields(line);
        std::string service, type, priv, unpriv, chroot;
        fields >> service >> type >> priv >> unpriv >> chroot;
        if (service.empty() || service[0] == '#' || line[0] == ' ' || type == "inet") continue;
        std::string rest;
        std::getline(fields, rest);
        if (service == "smtp" || service == "relay" || service == "lmtp" || type == "unix" ||
            type == "unix-dgram" || type == "fifo") {
            if (rest.find("pipe") != std::string::npos) continue;  // transports of other systems
            master << service << ' ' << type << ' ' << priv << ' ' << unpriv << " n" << rest
                   << '\n';
        }
    }
    master.close();
    shell("postfix -c " + conf_ + " start");
}

Postfix::~Postfix() {
    [[maybe_unused]] const int stopped =
        std::system(("postfix -c " + conf_ + " stop > /dev/null 2>&1").c_str());
}

std::string Postfix::log() const { return contents(folder_ / "log/postfix.log"); }
void Postfix::flush() const { shell("postqueue -c " + conf_ + " -f"); }

BoxProcess::BoxProcess(const Folder& folder, const std::string& toml, const std::string& domain)
    : folder_(folder), config_(folder / "waypost.toml") {
    const bool own_store = toml.find("[store]") != std::string::npos;
    std::ofstream(config_) << "[box]\ndomain = \"" << domain << "\"\n"
                           << toml << (own_store ? "" : "\n[store]\nkeep_free = \"1MiB\"\n");
    start();
}

BoxProcess::~BoxProcess() {
    if (pid_ != 0) stop();
}

void BoxProcess::start(const std::string& crash_at) {
    pid_ = ::fork();
    if (pid_ == 0) {
        if (!crash_at.empty()) ::setenv("WAYPOST_CRASH_AT", crash_at.c_str(), 1);
        const int log =
            ::open((folder_ / "waypostd.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        ::execl(WAYPOST_BIN "/waypostd", "waypostd", "--config", config_.c_str(), nullptr);
        ::_exit(127);
    }
    const bool came = eventually([this] { return died() || up(); }, std::chrono::seconds(15));
    if (!came || (crash_at.empty() && died()))
        throw std::runtime_error("the box does not come up: " + log());
}

void BoxProcess::stop() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void BoxProcess::kill9() {
    if (died()) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

bool BoxProcess::died() {
    int how = 0;
    if (pid_ != 0 && ::waitpid(pid_, &how, WNOHANG) == pid_) {
        pid_ = 0;
        const bool killed = WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL;
        if (!killed) throw std::runtime_error("the box ended by itself: " + log());
    }
    return pid_ == 0;
}

std::string BoxProcess::waypost(const std::string& arguments) const {
    return shell(command() + ' ' + arguments);
}

std::string BoxProcess::command() const {
    return std::string(WAYPOST_BIN) + "/waypost --config " + config_;
}

std::string BoxProcess::log() const { return contents(folder_ / "waypostd.log"); }

bool BoxProcess::status_says(const std::string& text) const {
    return eventually([&] { return waypost("status").find(text) != std::string::npos; });
}

std::string BoxProcess::traces(int last) const {
    std::string all;
    for (int id = 1; id <= last; ++id) all += waypost("trace " + std::to_string(id) + " || true");
    return all;
}

long BoxProcess::peak_memory() const {
    const std::string status = contents("/proc/" + std::to_string(pid_) + "/status");
    return std::stol(status.substr(status.find("VmHWM:") + 6));
}

bool BoxProcess::up() const {
    return std::system((std::string(WAYPOST_BIN) + "/waypost --config " + config_ +
                        " status > /dev/null 2>&1")
                           .c_str()) == 0;
}

}  // namespace waypost::interop
