// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/direct/internet.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

bool listens(const std::string& address, int port) {
    return shell("bash -c 'exec 3<>/dev/tcp/" + address + '/' + std::to_string(port) +
                 "' 2>/dev/null && echo yes || true") == "yes\n";
}

std::vector<std::string> as(const std::string& user, const std::vector<std::string>& command) {
    std::vector<std::string> all = {"setpriv", "--reuid=" + user, "--regid=nogroup",
                                    "--clear-groups"};
    all.insert(all.end(), command.begin(), command.end());
    return all;
}

std::string nsd_conf(const Folder& folder, int port, const std::string& records, bool root) {
    const std::string home = folder / "dns";
    fs::create_directory(home);
    std::ofstream(home + "/test.zone")
        << "$ORIGIN test.\n$TTL 60\n@ SOA ns root 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n"
        << records;
    std::ofstream(home + "/nsd.conf")
        << "server:\n  ip-address: 127.0.0.1\n  port: " << port
        << "\n  username: \"\"\n  chroot: \"\"\n  zonesdir: \"" << home
        << "\"\n  pidfile: \"\"\n  xfrdfile: \"" << home << "/xfrd\"\n  zonelistfile: \"" << home
        << "/zones\"\n  database: \"\"\n  xfrdir: \"" << home
        << "\"\n  server-count: 1\nremote-control:\n  control-enable: no\n"
        << "zone:\n  name: test.\n  zonefile: test.zone\n"
        << "zone:\n  name: broken.\n  zonefile: missing.zone\n"
        << (root ? "zone:\n  name: .\n  zonefile: root.zone\n" : "");
    std::ofstream(home + "/root.zone")
        << "$TTL 60\n. SOA ns.test. root.test. 1 3600 600 86400 60\n. NS ns.test.\n";
    shell("chown -R nobody " + home);
    return home + "/nsd.conf";
}

std::string exim_conf(const Folder& folder, int port, int box_port) {
    const std::string home = folder / "exim";
    fs::create_directories(home + "/mails");
    // It starts itself anew as its own user, who may not look into the folder of this checkout.
    fs::copy_file(WAYPOST_PEERS "/exim/usr/sbin/exim4", home + "/exim4");
    shell(
        "id Debian-exim >/dev/null 2>&1 || useradd -r -s /usr/sbin/nologin Debian-exim; chown -R "
        "Debian-exim " +
        home);
    std::ofstream(home + "/exim.conf")
        << "exim_user = Debian-exim\nexim_group = nogroup\nspool_directory = " << home
        << "/spool\nlog_file_path = " << home << "/%slog\nexim_path = " << home
        << "/exim4\ndeliver_drop_privilege = true\nprimary_hostname = "
           "mx.far.test\ndaemon_smtp_ports = "
        << port
        << "\nlocal_interfaces = 127.0.0.3\ndomainlist ours = far.test : strict.test : "
           "other.test\nhost_lookup =\n"
           "rfc1413_query_timeout = 0s\ntls_advertise_hosts =\nacl_smtp_rcpt = rcpt\n"
           "keep_environment =\nnever_users =\nbegin acl\nrcpt:\n"
           "  deny local_parts = refused\n       message = 5.1.1 nobody of that name\n"
           "  accept domains = +ours\n         control = dkim_disable_verify\n  accept hosts = "
           "127.0.0.3 : :\n  deny message = no relay\n"
           "begin routers\n"
           "lost:\n  driver = redirect\n  domains = +ours\n  local_parts = lost\n"
           "  allow_fail\n  data = :fail: no such user any more\n  verify = false\n"
           "kept:\n  driver = accept\n  domains = +ours\n  transport = file\n"
           "box:\n  driver = manualroute\n  domains = village.test\n  transport = to_box\n"
           "  route_list = * 127.0.0.1\n  self = send\n"
           "begin transports\nfile:\n  driver = appendfile\n  file = "
        << home
        << "/mails/all\n  return_path_add\n  envelope_to_add\n"
           "to_box:\n  driver = smtp\n  port = "
        << box_port << "\n  allow_localhost\n  hosts_try_prdr =\n  hosts_try_chunking =\n"
        << "begin retry\n* * F,1h,1m\n";
    return home + "/exim.conf";
}

// Without more words libunbound asks nobody on loopback and answers for "test." itself (RFC 6761).
std::string opendkim_conf(const Folder& folder, int port, int name_server_port) {
    const std::string home = folder / "opendkim";
    fs::create_directory(home);
    std::ofstream(home + "/unbound.conf")
        << "server:\n  do-not-query-localhost: no\n  module-config: \"iterator\"\n"
        << "  local-zone: \"test.\" nodefault\nstub-zone:\n  name: \"test.\"\n"
        << "  stub-addr: 127.0.0.1@" << name_server_port << '\n';
    std::ofstream(home + "/opendkim.conf")
        << "Mode v\nSocket inet:" << port << "@127.0.0.1\nResolverConfiguration " << home
        << "/unbound.conf\nAuthservID verifier.test\nAlwaysAddARHeader yes\n";
    shell("chown -R nobody " + home);
    return home + "/opendkim.conf";
}

}  // namespace

Running::Running(const std::vector<std::string>& arguments, const std::string& log) {
    std::vector<char*> argv;
    for (const std::string& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::setpgid(0, 0);  // with its children, if it makes some
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

Running::~Running() { stop(); }

void Running::stop() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    ::kill(-pid_, SIGTERM);  // children that it left
    pid_ = 0;
}

NameServer::NameServer(const Folder& folder, const std::string& records, bool root)
    : running_(as("nobody", {"/usr/sbin/nsd", "-d", "-c", nsd_conf(folder, port_, records, root)}),
               folder / "nsd.log") {
    const bool up = eventually([&] { return listens("127.0.0.1", port_); });
    if (!up) throw std::runtime_error("no name server: " + contents(folder / "nsd.log"));
}

void make_authority(const Folder& folder) {
    shell("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=test-authority -keyout " +
          folder / "ca.key" + " -out " + folder / "ca.crt");
}

void make_certificate(const Folder& folder, const std::string& name,
                      const std::vector<std::string>& dns_names) {
    std::string names;
    for (const std::string& each : dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + each;
    std::ofstream(folder / (name + ".ext")) << "subjectAltName=" << names << '\n';
    const std::string file = folder / name;
    shell("openssl req -newkey rsa:2048 -nodes -subj /CN=" + dns_names.front() + " -keyout " +
          file + ".key -out " + file + ".csr && openssl x509 -req -days 30 -in " + file +
          ".csr -CA " + folder / "ca.crt" + " -CAkey " + folder / "ca.key" +
          " -CAcreateserial -extfile " + file + ".ext -out " + file + ".crt");
}

PolicyServer::PolicyServer(const Folder& folder)
    : folder_(folder),
      running_({"/usr/bin/python3", WAYPOST_DIRECT_SCRIPTS "/policy_server.py",
                std::to_string(port_), folder / "web.crt", folder / "web.key", folder.path()},
               folder / "web.log") {
    const bool up = eventually([&] { return listens("127.0.0.1", port_); });
    if (!up) throw std::runtime_error("no web server: " + contents(folder / "web.log"));
}

void PolicyServer::say(const std::string& host, const std::string& http) const {
    std::ofstream(folder_ / (host + ".http"), std::ios::binary) << http;
}

void PolicyServer::publish(const std::string& host, const std::string& policy) const {
    say(host, "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
                  std::to_string(policy.size()) + "\r\nConnection: close\r\n\r\n" + policy);
}

int PolicyServer::asked(const std::string& host) const {
    const std::string log = contents(folder_ / "asked.log");
    int times = 0;
    for (std::size_t at = log.find(host + ' '); at != std::string::npos;
         at = log.find(host + ' ', at + 1))
        ++times;
    return times;
}

Exim::Exim(const Folder& folder, int port, int box_port)
    : folder_(folder),
      running_(as("Debian-exim",
                  {folder / "exim/exim4", "-C", exim_conf(folder, port, box_port), "-bdf", "-q5s"}),
               folder / "exim.log") {
    const bool up = eventually([&] { return listens("127.0.0.3", port); });
    if (!up)
        throw std::runtime_error(
            "no Exim (./dev setup unpacks it): " + contents(folder / "exim.log") + log());
}

std::string Exim::mails() const { return contents(folder_ / "exim/mails/all"); }
std::string Exim::log() const { return contents(folder_ / "exim/mainlog"); }

OpenDkim::OpenDkim(const Folder& folder, int name_server_port)
    : running_(as("nobody", {"/usr/sbin/opendkim", "-f", "-x",
                             opendkim_conf(folder, port_, name_server_port)}),
               folder / "opendkim.log") {
    const bool up = eventually([&] { return listens("127.0.0.1", port_); });
    if (!up) throw std::runtime_error("no OpenDKIM: " + contents(folder / "opendkim.log"));
}

Postsrsd::Postsrsd(const Folder& folder, const std::string& domain, const std::string& secret_file)
    : running_({"/usr/sbin/postsrsd", "-4", "-s" + secret_file, "-d" + domain,
                "-f" + std::to_string(forward_), "-r" + std::to_string(reverse_)},
               folder / "postsrsd.log") {
    const bool up = eventually(
        [&] { return listens("127.0.0.1", forward_) && listens("127.0.0.1", reverse_); });
    if (!up) throw std::runtime_error("no postsrsd: " + contents(folder / "postsrsd.log"));
}

// tcp_table(5): "200 TEXT" or "500 REASON".
std::string Postsrsd::ask(int port, const std::string& address) {
    const std::string answer =
        shell("bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port) + "; echo \"get " +
              address + "\" >&3; read -t 5 line <&3; echo \"$line\"'");
    return answer.substr(0, answer.find_last_not_of("\r\n") + 1);
}

std::string Postsrsd::forward(const std::string& address) const { return ask(forward_, address); }
std::string Postsrsd::reverse(const std::string& address) const { return ask(reverse_, address); }

}  // namespace waypost::interop
