// SPDX-License-Identifier: Apache-2.0
// Debian's Prosody and ejabberd on loopback, each in a folder of its own with ports of its own, and
// stopped by pid. Root is needed (ejabberd changes its user); a missing program is an exception,
// never a skip.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "app/demo/loopback.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {

// With the component gw.DOMAIN, secret "gwsecret", and users whose password is "pw-NAME".
class XmppServer {
  public:
    virtual ~XmppServer() = default;
    XmppServer(const XmppServer&) = delete;
    XmppServer& operator=(const XmppServer&) = delete;

    virtual std::string domain() const = 0;
    std::string component() const { return "gw." + domain(); }
    std::string secret() const { return "gwsecret"; }
    int component_port() const { return component_port_; }
    // Clients: in clear, STARTTLS where the server has it. The domain needs no DNS.
    int client_port() const { return client_port_; }
    virtual void add_user(const std::string& name) = 0;

    // It runs from the beginning; data and users stay when it is stopped.
    void start();
    bool running() const { return pid_ > 0; }
    pid_t pid() const { return pid_; }  // of Prosody itself; of the script before ejabberd
    virtual void stop();                // as an operator does
    void kill9();                       // as when the power goes
    virtual std::string log() const = 0;

  protected:
    explicit XmppServer(const std::string& more) : more_(more) {}
    virtual std::vector<std::string> command() const = 0;  // stays in the foreground
    void end(int signal);                                  // 0: it was told by other means

    Folder folder_;
    const std::string more_;  // settings, behind ours
    int component_port_ = free_port();
    int client_port_ = free_port();

  private:
    pid_t pid_ = -1;  // leads a process group
};

class Prosody final : public XmppServer {
  public:
    // `more`: lines for the whole server, before its hosts. Modules mam and s2s are off.
    // `certificate`: of the domain, a path without .crt and .key; else it signs one itself.
    explicit Prosody(const std::string& more = {}, std::string domain = "localhost",
                     std::string certificate = {});
    ~Prosody() override;
    std::string domain() const override { return domain_; }
    void add_user(const std::string& name) override;
    std::string log() const override { return contents(folder_ / "prosody.log"); }
    // Its file of what waits for the user.
    std::string offline(const std::string& user) const {
        return contents(folder_ / "data/localhost/offline/" + user + ".list");
    }
    // Whom programs trust that speak TLS to it.
    std::string certificate() const { return certificate_ + ".crt"; }

  private:
    std::vector<std::string> command() const override;
    const std::string domain_;
    const std::string certificate_;
};

// What waits for who is away is in SQLite: Mnesia's store (Erlang's dets) writes it three seconds
// after the server has answered for it, and the repair after a second kill loses half of it.
class Ejabberd final : public XmppServer {
  public:
    // `more`: top-level YAML.
    explicit Ejabberd(const std::string& more = {});
    ~Ejabberd() override;
    std::string domain() const override { return "ej.test"; }
    // A signal ends the script before the machine that it runs, which then is killed with what it
    // has not written yet: users.
    void stop() override;
    void add_user(const std::string& name) override;
    std::string log() const override { return contents(folder_ / "log/ejabberd.log"); }

  private:
    std::vector<std::string> command() const override;
    std::string control() const;  // ejabberdctl with the options of this one
    int epmd_port_ = free_port();
};

}  // namespace waypost::interop
