// SPDX-License-Identifier: Apache-2.0
// A small Internet on loopback: a name server (NSD), a web server for MTA-STS policies, a second
// mail server (Exim), a verifier of signatures (OpenDKIM), a rewriter of senders (postsrsd) and an
// authority for certificates.
#pragma once

#include <string>
#include <vector>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {

// A program of somebody else's in the foreground; ended by its pid.
class Running {
  public:
    // The first argument is the program's path or name. Output goes to `log`.
    Running(const std::vector<std::string>& arguments, const std::string& log);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    void stop();

  private:
    int pid_ = 0;
};

// Zones "test." as given (records in master file form, names relative to test.) and "broken.",
// which has no file: its names get SERVFAIL. Of the root it knows something only if `root`. Runs as
// nobody.
class NameServer {
  public:
    NameServer(const Folder& folder, const std::string& records, bool root = false);
    int port() const { return port_; }

  private:
    const int port_ = free_port();
    Running running_;
};

// ca.crt and a certificate of it, NAME.crt and NAME.key, for the DNS names.
void make_authority(const Folder& folder);
void make_certificate(const Folder& folder, const std::string& name,
                      const std::vector<std::string>& dns_names);

// What say() wrote for a host is what it answers, over HTTPS with the certificate "web".
class PolicyServer {
  public:
    explicit PolicyServer(const Folder& folder);
    int port() const { return port_; }
    void say(const std::string& host, const std::string& http) const;
    void publish(const std::string& host, const std::string& policy) const;  // 200, text/plain
    int asked(const std::string& host) const;                                // how often
    void stop() { running_.stop(); }

  private:
    const Folder& folder_;
    const int port_ = free_port();
    Running running_;
};

// Debian's Exim, unpacked by ./dev setup beside the installed Postfix. Takes mail for far.test,
// strict.test and other.test on 127.0.0.3, without TLS: refused@ at once with 550, lost@ later by a
// report to the sender, all else goes to files; mail for village.test goes to `box_port`.
class Exim {
  public:
    Exim(const Folder& folder, int port, int box_port);
    std::string mails() const;  // all that was kept
    std::string log() const;

  private:
    const Folder& folder_;
    Running running_;
};

// Debian's OpenDKIM as a milter that verifies, with the keys of a name server of ours (by
// libunbound: its own resolver knows no port). Adds "Authentication-Results: verifier.test;
// dkim=...".
class OpenDkim {
  public:
    OpenDkim(const Folder& folder, int name_server_port);
    std::string milter() const { return "inet:127.0.0.1:" + std::to_string(port_); }

  private:
    const int port_ = free_port();
    Running running_;
};

// Debian's postsrsd for a domain, as Postfix would ask it.
class Postsrsd {
  public:
    Postsrsd(const Folder& folder, const std::string& domain, const std::string& secret_file);
    std::string forward(const std::string& address) const;
    std::string reverse(const std::string& address) const;

  private:
    static std::string ask(int port, const std::string& address);
    const int forward_ = free_port();
    const int reverse_ = free_port();
    Running running_;
};

}  // namespace waypost::interop
