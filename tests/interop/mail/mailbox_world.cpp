// SPDX-License-Identifier: Apache-2.0
#include "mailbox_world.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

std::string listener(const char* service, const char* name, int port, bool tls) {
    return std::string("service ") + service + " {\n  inet_listener " + name +
           " {\n    port = " + std::to_string(port) + (tls ? "\n    ssl = yes" : "") + "\n  }\n}\n";
}

// Its folder for sent mail is found by what it is for, not by its name.
std::string mailboxes(const Folder& folder, const MailboxPorts& ports) {
    return "protocols = lmtp imap pop3\nrecipient_delimiter = +\nssl = yes\nssl_cert = <" +
           folder / "mail.crt" + "\nssl_key = <" + folder / "mail.key" + "\n" +
           listener("imap-login", "imap", ports.imap, false) +
           listener("imap-login", "imaps", ports.imaps, true) +
           listener("pop3-login", "pop3", 0, false) +
           listener("pop3-login", "pop3s", ports.pop3s, true) +
           "namespace inbox {\n  inbox = yes\n  mailbox Gesendetes {\n    special_use = "
           "\\Sent\n    auto = create\n  }\n}\n";
}

}  // namespace

Provider::Provider(const std::string& more)
    : dovecot_(folder, ports, mailboxes(folder, ports) + more) {
    shell("printf pw > " + folder / "password" + " && chmod 600 " + folder / "password");
}

void Provider::lay_down(const std::string& to, const std::string& subject,
                        const std::string& swaks) const {
    shell("swaks --protocol LMTP --server 127.0.0.1 --port " + std::to_string(ports.mailbox) +
          " --from bob@x.test --to " + to + " --header 'Subject: " + subject + "' " +
          (swaks.find("--body") == std::string::npos ? "--body hello " : "") + swaks);
}

std::vector<std::string> Provider::files(const std::string& user, const std::string& in) const {
    std::vector<std::string> all;
    for (const char* each : {"/new", "/cur"}) {
        std::error_code none;
        const std::string path =
            folder / ("mail/" + user) + (in.empty() ? std::string() : '/' + in) + each;
        for (const auto& entry : fs::directory_iterator(path, none))
            all.push_back(entry.path().string());
    }
    return all;
}

std::vector<std::string> Provider::mails(const std::string& user, const std::string& in) const {
    std::vector<std::string> all;
    for (const std::string& path : files(user, in)) {
        std::ifstream file(path, std::ios::binary);
        all.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return all;
}

std::string Provider::account(const std::string& more) const {
    const bool own_server = more.find("server =") != std::string::npos;
    return "[mailbox.post]\naddress = \"village@hill.test\"\nca_file = \"mail.crt\"\n"
           "password_file = \"password\"\n" +
           (own_server ? std::string()
                       : "server = \"imaps:localhost:" + std::to_string(ports.imaps) + "\"\n") +
           more;
}

std::string Provider::log() const {
    std::ifstream file(folder / "dovecot.log");
    return {std::istreambuf_iterator<char>(file), {}};
}

int count(const std::string& text, const std::string& word) {
    int found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

SilentProxy::SilentProxy(int to, bool open)
    : to_(to), listening_(listen_on_loopback()), open_(open), thread_([this] { accept_all(); }) {}

SilentProxy::~SilentProxy() {
    stop_ = true;
    thread_.join();
    for (std::thread& line : lines_) line.join();
    ::close(listening_.fd);
}

void SilentProxy::accept_all() {
    while (!stop_) {
        pollfd ready{open_ ? listening_.fd : -1, POLLIN, 0};
        if (::poll(&ready, 1, 100) <= 0) continue;
        const int client = ::accept(listening_.fd, nullptr, nullptr);
        if (client < 0) continue;
        ++connections_;
        lines_.emplace_back([this, client, born = silence_.load()] { forward(client, born); });
    }
}

void SilentProxy::forward(int client, int born) {
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(to_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool open = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    char bytes[4096];
    while (open && !stop_) {
        pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (::poll(both, 2, 100) <= 0) continue;
        for (const int side : {0, 1}) {
            if (both[side].revents == 0) continue;
            const auto got = ::recv(both[side].fd, bytes, sizeof bytes, 0);
            open = open && got > 0;
            if (got <= 0 || silence_ != born) continue;  // swallowed
            (void)::send(both[1 - side].fd, bytes, static_cast<std::size_t>(got), MSG_NOSIGNAL);
        }
    }
    ::close(server);
    ::close(client);
}

}  // namespace waypost::interop
